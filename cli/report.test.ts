import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { explain } from "../reports/explanation/explain.ts";
import { madeCampaign } from "../reports/html/testing/campaign.ts";
import { recorded, recordedFile } from "../reports/testing/recorded.ts";
import { runCli, temporaryFolder } from "./testing/run-cli.ts";

const replayFile = recordedFile("fence-at-expiry");

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function pageOf(path: string): Promise<string> {
  const output = join(folder, "page.html");
  const { code, stdout } = await runCli(["report", "open", path, "--output-file", output]);
  expect([code, stdout]).toEqual([0, `${output}\n`]);
  return readFileSync(output, "utf8");
}

function written(name: string, document: object): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

test("a replay file's page has the command that replays it", async () => {
  const html = await pageOf(replayFile);
  expect(html).toContain("<title>Counterpoint: INV-05: completed after the lease&#39;s end</title>");
  expect(html).toContain(`npx counterpoint replay ${replayFile}`);
});

test("an explanation has a page too", async () => {
  const html = await pageOf(written("explanation.json", explain(recorded("claim-waits"))));
  expect(html).toContain("<title>Counterpoint: INV-15: claim waits for a lock</title>");
});

test("a campaign's page has the command that plays it again", async () => {
  const html = await pageOf(written("campaign.json", madeCampaign([])));
  expect(html).toContain("<title>Counterpoint: seed 7, violated</title>");
  expect(html).toContain(
    "npx counterpoint fuzz --seed 7 --sessions 8 --steps 40 --yields mix --crashes mix --runs 50000",
  );
});

test("replay --html writes the page of what was played, or of what the file has where all is well now", async () => {
  const output = join(folder, "replayed.html");
  const { code } = await runCli(["replay", replayFile, "--anyway", "--html", output]);
  expect(code).toBe(0);
  expect(readFileSync(output, "utf8")).toContain('"source":"recorded"');
});

test("without --output-file it opens the page, and leaves it there", async () => {
  const bin = join(folder, "bin");
  const opened = join(folder, "opened");
  mkdirSync(bin);
  for (const name of ["xdg-open", "open"]) {
    // Named when it is whole.
    const script = `#!/bin/sh\necho "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`;
    writeFileSync(join(bin, name), script);
    chmodSync(join(bin, name), 0o755);
  }
  const { code, stdout, stderr } = await runCli(["report", "open", replayFile], {
    PATH: `${bin}:${process.env["PATH"] ?? ""}`,
    TMPDIR: folder,
  });
  expect(code).toBe(0);
  expect(stderr).toContain("note: without the functions' text: 0002_outbox_functions.sql is changed");
  expect(readFileSync(stdout.trim(), "utf8")).toContain("completed after the lease");
  await expect.poll(() => existsSync(opened), { timeout: 600_000 }).toBe(true);
  expect(readFileSync(opened, "utf8")).toBe(stdout);
  expect(dirname(dirname(stdout.trim()))).toBe(folder);
});

test("without anything that opens pages it says so, and names the page", async () => {
  const { code, stdout, stderr } = await runCli(["report", "open", replayFile], {
    PATH: join(folder, "empty"),
    TMPDIR: folder,
  });
  expect(code).toBe(0);
  expect(stderr).toContain("open the page in a browser");
  expect(existsSync(stdout.trim())).toBe(true);
});

test.each([
  ["a replay file", () => ({ ...(JSON.parse(readFileSync(replayFile, "utf8")) as object), signature: "x" })],
  ["a campaign", () => ({ ...madeCampaign([]), seed: "x" })],
  ["an explanation", () => ({ ...explain(recorded("claim-waits")), lines: 1 })],
])("%s that is damaged exits with 2", async (_, damaged) => {
  const path = written("damaged.json", damaged());
  const { code, stderr } = await runCli(["report", "open", path, "--output-file", join(folder, "no.html")]);
  expect(stderr).toContain(`${path} is damaged`);
  expect(code).toBe(2);
});

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { serverProcesses } from "../sim/database/embedded/server-processes.ts";
import { fuzzResultFaults } from "../reports/schema.ts";
import { type Running, startCli, temporaryFolder } from "./testing/run-cli.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A run that would take hours, with run folders of its own. */
function start(...args: string[]): Running {
  return startCli(["fuzz", "--runs", "1000000", "--seed", "1", "--out", folder, ...args], { TMPDIR: folder });
}

function runFolders(): readonly string[] {
  const parent = join(folder, `counterpoint-${String(process.getuid?.())}`);
  return readdirSync(parent).map((name) => join(parent, name));
}

it.each<[NodeJS.Signals, number]>([
  ["SIGINT", 130],
  ["SIGTERM", 143],
])("%s stops the run: it reports, and nothing is left", async (signal, code) => {
  const run = start("--json");
  await run.stderrHas("seed 1:");
  const [path = ""] = runFolders();
  expect(serverProcesses(join(path, "data"))).not.toEqual([]);
  run.process.kill(signal);
  const ended = await run.ended;
  const result: unknown = JSON.parse(ended.stdout);
  expect(fuzzResultFaults(result)).toEqual([]);
  expect(result).toMatchObject({ interrupted: signal });
  expect(ended.code).toBe(code);
  expect(runFolders()).toEqual([]);
  expect(serverProcesses(join(path, "data"))).toEqual([]);
});

it("a second signal quits at once, and nothing is left either", async () => {
  const run = start();
  await run.stderrHas("seed 1:");
  const [path = ""] = runFolders();
  run.process.kill("SIGINT");
  await run.stderrHas("once more quits");
  run.process.kill("SIGINT");
  expect((await run.ended).code).toBe(130);
  expect(runFolders()).toEqual([]);
  expect(serverProcesses(join(path, "data"))).toEqual([]);
});

it("after SIGKILL the next run leaves nothing behind", async () => {
  const killed = start();
  await killed.stderrHas("seed 1:");
  const [path = ""] = runFolders();
  killed.process.kill("SIGKILL");
  await killed.ended;
  const next = startCli(["fuzz", "--runs", "5", "--seed", "1"], { TMPDIR: folder });
  expect((await next.ended).code).toBe(0);
  expect(runFolders()).toEqual([]);
  expect(serverProcesses(join(path, "data"))).toEqual([]);
});

it("a reader that closes its end early is no fault", async () => {
  const run = startCli(["fuzz", "--runs", "5", "--seed", "1", "--json"], { TMPDIR: folder });
  run.process.stdout?.destroy();
  const { code, stderr } = await run.ended;
  expect(stderr).not.toContain("EPIPE");
  expect(code).toBe(0);
});

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leasesAreLongerBy } from "../properties/planted/chance.ts";
import { explanationFaults, fuzzResultFaults, replayResultFaults } from "../reports/schema.ts";
import type { Explanation } from "../schema/json/explanation.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import type { Replay } from "../schema/json/replay.ts";
import type { ReplayResult } from "../schema/json/replay-result.ts";
import { ownMigrations } from "./own-migrations.ts";
import { type Ended, runCli, temporaryFolder } from "./testing/run-cli.ts";
import { copyMigrationsWith, plantedMigrations } from "./testing/planted-migrations.ts";

let folder: string;
let migrations: string;
let found: Ended;
let failure: FuzzResult["failures"][number];
let path: string;
beforeAll(async () => {
  folder = temporaryFolder();
  migrations = await plantedMigrations(join(folder, "migrations"), "fence-without-token");
  const args = ["--runs", "100", "--seed", "1", "--bail", "--json", "--out", join(folder, "out")];
  found = await runCli(["fuzz", ...args, "--migrations", migrations]);
  const [first] = (JSON.parse(found.stdout) as FuzzResult).failures;
  if (first?.replay == null) throw new Error(`nothing found: ${found.stderr}`);
  failure = first;
  path = first.replay;
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("a wrong migration", () => {
  it("is found: exit 1, and the document names the replay file", () => {
    expect(found.code).toBe(1);
    const result = JSON.parse(found.stdout) as FuzzResult;
    expect(fuzzResultFaults(result)).toEqual([]);
    expect(result.verdict).toBe("violated");
    expect(failure).toMatchObject({ reproduced: true, replay: path });
    expect(failure.steps).toBeLessThanOrEqual(3);
    expect(path).toMatch(/[a-z0-9-]+-[0-9a-f]{8}\.json$/);
  });

  it("is explained on a terminal, with a line to paste", async () => {
    const out = join(folder, "out");
    const { code, stdout } = await runCli(
      ["fuzz", "--runs", "100", "--seed", "1", "--bail", "--out", out, "--migrations", migrations],
      { NO_COLOR: undefined, FORCE_COLOR: "1" },
    );
    expect(code).toBe(1);
    expect(stdout).toContain(failure.rule);
    expect(stdout).toContain(`npx counterpoint replay ${path} --migrations ${migrations}`);
    expect(stdout).toContain("\u001b[31m");
  });
});

/** Valid by its schema. */
function documentOf(stdout: string): ReplayResult {
  const document: unknown = JSON.parse(stdout);
  expect(replayResultFaults(document)).toEqual([]);
  return document as ReplayResult;
}

describe("replay", () => {
  it("shows it again each time, with the same history: exit 1", async () => {
    const { code, stdout } = await runCli(["replay", path, "--migrations", migrations, "--times", "5"]);
    expect(stdout).toContain("violated, reproduced 5 of 5, each with the recorded history");
    expect(stdout).toMatch(/^> \d .* complete row1 token=/m);
    expect(code).toBe(1);
  });

  it("prints one JSON document, valid by its schema", async () => {
    const args = ["--migrations", migrations, "--times", "2", "--json"];
    const { code, stdout } = await runCli(["replay", path, ...args]);
    const again = { file: path, signature: failure.signature, times: 2, reproduced: 2, sameHistory: 2 };
    expect(documentOf(stdout)).toMatchObject({
      verdict: "violated",
      postgres: { provider: "embedded" },
      files: [{ ...again, verdict: "violated", others: {}, unknown: [] }],
    });
    expect(code).toBe(1);
  });

  it("explains at length with --explain, and as data with --json: still exit 1", async () => {
    const text = await runCli(["replay", path, "--migrations", migrations, "--explain"]);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain("Step by step");
    expect(text.stdout).toMatch(/sql +SELECT \* FROM public.complete_outbox_attempt/);
    expect(text.stdout).toContain("no order goes past step 3");

    const data = await runCli(["replay", path, "--migrations", migrations, "--explain", "--json"]);
    expect(data.code).toBe(1);
    const explanation = JSON.parse(data.stdout) as Explanation;
    expect(explanationFaults(explanation)).toEqual([]);
    expect(explanation).toMatchObject({ source: "played", signature: failure.signature, varied: null });
  });

  it("says with --vary which steps and choices matter", async () => {
    const { stdout } = await runCli(["replay", path, "--migrations", migrations, "--vary", "--json"]);
    const { varied, lines } = JSON.parse(stdout) as Explanation;
    expect(explanationFaults(JSON.parse(stdout))).toEqual([]);
    const steps = new Set(lines.flatMap(({ step }) => step ?? []));
    const dropped = varied?.filter(({ change }) => change === "dropped");
    expect(dropped?.map(({ outcome }) => outcome)).toEqual([...steps].map(() => "ok"));
    expect(varied?.map(({ outcome }) => outcome)).toContain("same");
  });

  it("plays on other migrations too with --against, and says whether it is fixed there", async () => {
    const fixed = await runCli(["replay", path, "--migrations", migrations, "--against", ownMigrations]);
    expect(fixed.stdout).toContain("violated, reproduced 1 of 1");
    expect(fixed.stdout).toContain(`on ${ownMigrations}: fixed, reproduced 0 of 1`);
    expect(fixed.code).toBe(0);

    const never = await runCli(["replay", path, "--anyway", "--against", ownMigrations]);
    expect(never.stdout).toContain(`on ${ownMigrations}: not violated, as before`);

    const same = await runCli(["replay", path, "--migrations", migrations, "--against", migrations]);
    expect(same.stdout).toContain(`on ${migrations}: still violated, reproduced 1 of 1`);
    expect(same.code).toBe(1);
  });

  it("prints both in one document with --against --json", async () => {
    const args = ["--migrations", migrations, "--against", ownMigrations, "--json"];
    const { code, stdout } = await runCli(["replay", path, ...args]);
    expect(documentOf(stdout)).toMatchObject({
      verdict: "violated",
      files: [{ file: path, reproduced: 1 }],
      against: { migrations: ownMigrations, verdict: "ok", files: [{ file: path, reproduced: 0 }] },
    });
    expect(code).toBe(0);
  });

  it("explains what the file has recorded where it is gone", async () => {
    const { code, stdout } = await runCli(["replay", path, "--anyway", "--explain", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ source: "recorded", signature: failure.signature });
    expect(code).toBe(0);
  });

  it("refuses one explanation of two files: exit 2", async () => {
    const { code, stderr } = await runCli(["replay", path, path, "--explain", "--json"]);
    expect(stderr).toContain("one file");
    expect(code).toBe(2);
  });

  it("refuses other migrations: exit 2, and says which differ", async () => {
    const { code, stdout, stderr } = await runCli(["replay", path]);
    expect(stderr).toContain("0002_outbox_functions.sql is changed");
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("plays on other migrations with --anyway: exit 0 where it is gone", async () => {
    const { code, stdout } = await runCli(["replay", path, "--anyway", "--json"]);
    expect(documentOf(stdout)).toMatchObject({
      verdict: "ok",
      files: [{ file: path, times: 1, reproduced: 0 }],
    });
    expect(code).toBe(0);
  });

  it.each<[what: string, edit: (text: string) => string, says: string]>([
    ["damaged", (text) => text.slice(0, -100), "is no JSON"],
    [
      "of an unknown version",
      (text) => text.replace('"formatVersion": 1', '"formatVersion": 2'),
      "format version 2",
    ],
    ["of another kind", () => "{}", "is no replay file"],
    [
      "edited",
      (text) => text.replace('"reproduced": true', '"reproduced": false'),
      "its checksum is not that of its content",
    ],
    ["against the schema", (text) => text.replace('"op": "complete"', '"op": "finish"'), "/call"],
  ])("refuses a file that is %s: exit 2", async (_, edit, says) => {
    const bad = join(folder, "bad.json");
    writeFileSync(bad, edit(readFileSync(path, "utf8")));
    const { code, stdout, stderr } = await runCli(["replay", bad, "--migrations", migrations]);
    expect(stderr).toContain(`${bad} `);
    expect(stderr).toContain(says);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe("a subject that plays differently each time", () => {
  it("is found, though no promise is broken, with both histories in the file, and replays as that: exit 1", async () => {
    const subject = join(folder, "chance");
    await copyMigrationsWith(leasesAreLongerBy("(random() * 1000)::int"), subject);
    const args = ["--runs", "4", "--seed", "1", "--audit", "1", "--sessions", "3", "--json"];
    const { code, stdout } = await runCli([
      "fuzz",
      ...args,
      "--out",
      join(folder, "out"),
      "--migrations",
      subject,
    ]);
    const result = JSON.parse(stdout) as FuzzResult;
    expect(fuzzResultFaults(result)).toEqual([]);
    expect(result.audited.cases).toBe(4);
    expect(result.audited.different).toBeGreaterThan(0);
    expect(code).toBe(1);
    const file = result.failures.find(({ oracle }) => oracle === "determinism")?.replay ?? "";
    const replay = JSON.parse(readFileSync(file, "utf8")) as Replay;
    expect(replay.second).not.toEqual(replay.history);

    const replayed = await runCli(["replay", file, "--migrations", subject]);
    expect(replayed.stdout).toContain("violated, reproduced 1 of 1: it does not play the same way each time");
    expect(replayed.stdout).toMatch(/^ +1st play: . claim: row1 .* until/m);
    expect(replayed.stdout).toMatch(/^ +2nd play: . claim: row1 .* until/m);
    expect(replayed.code).toBe(1);
  });
});

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addCoverage } from "../properties/coverage.ts";
import { mergedTransitions } from "../properties/transition-coverage.ts";
import { fuzzResultFaults } from "../reports/schema.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { type Ended, runCli, temporaryFolder } from "./testing/run-cli.ts";

let out: string;
beforeAll(() => {
  out = temporaryFolder();
});
afterAll(() => {
  rmSync(out, { recursive: true });
});

const fuzz = (...args: string[]): Promise<Ended> => runCli(["fuzz", "--seed", "1", "--out", out, ...args]);

async function fuzzJson(...args: string[]): Promise<FuzzResult> {
  const { code, stdout, stderr } = await fuzz("--json", ...args);
  expect(stderr).toContain("PostgreSQL 18");
  expect(code).toBe(0);
  return JSON.parse(stdout) as FuzzResult;
}

describe("fuzz on our own migrations", () => {
  let whole: FuzzResult;
  beforeAll(async () => {
    whole = await fuzzJson("--runs", "30", "--lanes", "1");
  });

  it("prints one JSON document, valid by its schema, verdict ok", () => {
    expect(fuzzResultFaults(whole)).toEqual([]);
    expect(whole).toMatchObject({
      seed: 1,
      runs: 30,
      verdict: "ok",
      failures: [],
      unknown: [],
      interrupted: null,
    });
    expect(whole.migrations).toHaveLength(13);
  });

  it("plays the same cases on several lanes", async () => {
    const { runs, steps, coverage, transitions } = await fuzzJson("--runs", "30", "--lanes", "3");
    expect({ runs, steps, coverage, transitions }).toEqual({
      ...{ runs: 30, steps: whole.steps, coverage: whole.coverage, transitions: whole.transitions },
    });
    expect(transitions.distinct).toBeGreaterThan(50);
  });

  it("plays every case in exactly one shard", async () => {
    const first = await fuzzJson("--runs", "30", "--shard", "1/2");
    const second = await fuzzJson("--runs", "30", "--shard", "2/2");
    expect([first.runs, second.runs]).toEqual([15, 15]);
    expect(first.steps + second.steps).toBe(whole.steps);
    expect(addCoverage(first.coverage, second.coverage)).toEqual(whole.coverage);
    expect(mergedTransitions([first.transitions, second.transitions])).toEqual(whole.transitions);
  });

  it("prints a summary for a reader, without colours off a terminal", async () => {
    const { code, stdout } = await fuzz("--runs", "5");
    expect(stdout).toMatch(/^│ enqueue +│ first \d/m);
    expect(stdout).toMatch(/^\d+ different transitions: operation, outcome, what overlapped$/m);
    expect(stdout).toMatch(/^ok: 5 cases, \d+ steps in [\d.]+ s \([\d.]+ cases\/s\), seed 1$/m);
    expect(stdout).not.toContain("\u001b");
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(code).toBe(0);
  });

  it("is unknown where not everything was reached, if that is asked for: exit 4", async () => {
    const { code, stdout } = await fuzz("--runs", "5", "--reach-all", "--json");
    const result = JSON.parse(stdout) as FuzzResult;
    expect(fuzzResultFaults(result)).toEqual([]);
    expect(result).toMatchObject({ verdict: "unknown", unknown: [], settings: { reachAll: true } });
    expect(result.unreached).toContain("server crash: parked");
    expect(code).toBe(4);
  });

  it("tells how far it came with every order of small programs", async () => {
    const { exhausted, settings } = await fuzzJson(
      "--strategy",
      "exhaustive",
      "--runs",
      "60",
      "--audit",
      "0",
    );
    expect(settings.strategy).toBe("exhaustive");
    expect(exhausted?.scopes).toBeGreaterThan(0);
    expect(exhausted?.orders).toBeLessThanOrEqual(60);
    expect(whole.exhausted).toBeNull();
  });

  it("ends when its time is up", async () => {
    const { settings, seconds } = await fuzzJson("--minutes", "0.02");
    expect(settings.minutes).toBe(0.02);
    expect(seconds).toBeLessThan(30);
  });
});

it("migrations without the contract's functions are refused at once, by name: exit 2", async () => {
  const migrations = join(out, "other");
  mkdirSync(migrations);
  writeFileSync(join(migrations, "0001_init.sql"), "CREATE TABLE t (id int);\n");
  const { code, stdout, stderr } = await fuzz("--migrations", migrations);
  expect(stderr).toContain("the migrations do not make what cases need: role symphony_ingest");
  expect(stderr).toContain("function claim_outbox_batch");
  expect(stderr).not.toContain("seed 1:");
  expect(stdout).toBe("");
  expect(code).toBe(2);
});

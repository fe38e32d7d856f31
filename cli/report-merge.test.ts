import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fuzzResultFaults } from "../reports/schema.ts";
import { junitFaults } from "../reports/testing/junit-faults.ts";
import {
  interruptedResult,
  okResult,
  unknownResult,
  violatedResult,
} from "../reports/testing/fuzz-results.ts";
import { parseXml } from "../reports/testing/xml.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { type Ended, runCli, temporaryFolder } from "./testing/run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const merge = (...args: readonly string[]): Promise<Ended> => runCli(["report", "merge", ...args]);

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Writes a shard of two. */
function shardFile(index: 1 | 2, result: FuzzResult): string {
  return write(`shard-${index}.json`, JSON.stringify({ ...result, shard: { index, count: 2 } }));
}

it("two shards together are the campaign that one plays", async () => {
  const campaign = ["fuzz", "--seed", "1", "--runs", "16", "--crashes", "never", "--audit", "0.2"];
  const play = async (name: string, ...args: readonly string[]): Promise<string> => {
    const path = join(folder, name);
    const files = ["--out", join(folder, "found"), "--reporter", "json", "--output-file", path];
    const { code, stdout } = await runCli([...campaign, ...files, ...args]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    return path;
  };
  const whole = JSON.parse(readFileSync(await play("whole.json"), "utf8")) as FuzzResult;
  const second = await play("second.json", "--shard", "2/2");
  const first = await play("first.json", "--shard", "1/2");
  const { code, stdout } = await merge(second, first, "--json");
  const merged = JSON.parse(stdout) as FuzzResult;
  expect(fuzzResultFaults(merged)).toEqual([]);
  const { startedAt, seconds } = merged;
  const { series, ...counts } = whole;
  expect(series).not.toEqual([]);
  expect(merged).toEqual({ ...counts, startedAt, seconds, merged: { count: 2, missing: [] } });
  expect(whole.audited.cases).toBeGreaterThan(0);
  expect(code).toBe(0);
});

describe("the exit code is that of the whole campaign", () => {
  it.each([
    ["ok and ok", okResult, 0],
    ["ok and violated", violatedResult, 1],
    ["ok and unknown", unknownResult, 4],
    ["ok and ended early", interruptedResult, 4],
  ])("%s", async (_, second, expected) => {
    const { code, stdout } = await merge(shardFile(1, okResult), shardFile(2, second));
    expect(stdout).toMatch(/^(ok|violated|unknown): 6 cases, 120 steps in 2\.5 s/m);
    expect(code).toBe(expected);
  });

  it("a missing shard is said, in every format: unknown", async () => {
    const junit = join(folder, "merged.xml");
    const args = ["--reporter", "text", "--reporter", "junit", "--output-file", `junit=${junit}`];
    const { code, stdout } = await merge(shardFile(2, okResult), ...args);
    expect(stdout).toMatch(/^missing of 2 shards: 1\n\nunknown: 3 cases/m);
    expect(junitFaults(parseXml(readFileSync(junit, "utf8")))).toEqual([]);
    expect(readFileSync(junit, "utf8")).toContain('errors="2"');
    expect(code).toBe(4);
  });
});

it("an empty file, which a run that did not end has left, is a missing shard: unknown", async () => {
  const { code, stdout, stderr } = await merge(write("empty.json", ""), shardFile(2, okResult));
  expect(stderr).toContain("empty.json is empty: its run did not come to its end");
  expect(stdout).toMatch(/^missing of 2 shards: 1$/m);
  expect(code).toBe(4);
});

describe("is refused with exit 2:", () => {
  it.each([
    [
      "a shard of another campaign",
      () => [shardFile(1, okResult), shardFile(2, { ...okResult, seed: 8 })],
      "the seed differs",
    ],
    ["the same shard twice", () => [shardFile(1, okResult), shardFile(1, okResult)], "is shard 1/2, as"],
    ["another document", () => [write("other.json", "{}")], "other.json is no document of fuzz --json"],
    [
      "only what a run that did not end has left",
      () => [write("empty.json", "")],
      "there is nothing to merge",
    ],
    ["what is no JSON", () => [write("text.json", "x")], "text.json is no JSON"],
    ["a file that is not there", () => [join(folder, "absent.json")], "absent.json cannot be read: ENOENT"],
    ["nothing", () => [], "missing required argument 'file'"],
  ])("%s", async (_, files, says) => {
    const { code, stdout, stderr } = await merge(...files());
    expect(stderr).toContain(says);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

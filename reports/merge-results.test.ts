import { describe, expect, it, test } from "vitest";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { mergeResults, type ShardResult } from "./merge-results.ts";
import { fuzzResultFaults } from "./schema.ts";
import { fencingFailure, okResult } from "./testing/fuzz-results.ts";

const shard = (index: number, count: number, change: Partial<FuzzResult> = {}): ShardResult => {
  return { path: `shard-${index}.json`, result: { ...okResult, shard: { index, count }, ...change } };
};

const unknownCases = (...cases: readonly number[]): Partial<FuzzResult> => {
  return { verdict: "unknown", unknown: cases.map((index) => ({ case: index, reason: "r" })) };
};

describe("the whole of two shards", () => {
  const later = shard(2, 2, {
    startedAt: "2026-01-02T03:04:05.000Z",
    coverage: { claim: { "one row": 1, deadlock: 2 } },
    statements: { passed: 4, statements: 2, reached: [], missed: [], refused: [] },
    search: {
      cases: 1,
      inStepOrder: 1,
      visited: { median: 90, p99: 90, most: 90 },
      histogram: { 90: 1 },
    },
    unknown: [],
  });
  const whole = mergeResults([shard(1, 2), later]);

  it("is a document of the same schema", () => {
    expect(fuzzResultFaults(whole)).toEqual([]);
    expect(whole).toMatchObject({
      verdict: "ok",
      shard: { index: 1, count: 1 },
      merged: { count: 2, missing: [] },
    });
  });

  it("has the sums, and the earlier start", () => {
    expect(whole).toMatchObject({
      startedAt: "2026-01-02T03:04:05.000Z",
      runs: 6,
      steps: 120,
      seconds: 2.5,
      audited: { cases: 2, different: 0 },
      coverage: { claim: { "one row": 4, deadlock: 2 } },
      transitions: { distinct: 2, atLeast: false, counts: { "claim: one row alone": 4 } },
    });
  });

  it("has searched as hard as both together", () => {
    expect(whole.search).toEqual({
      cases: 4,
      inStepOrder: 3,
      visited: { median: 20, p99: 90, most: 90 },
      histogram: { 10: 1, 20: 1, 30: 1, 90: 1 },
    });
  });

  it("has missed only what both have missed", () => {
    expect(whole.statements).toMatchObject({ passed: 13, missed: [] });
    expect(whole.unreached).toEqual([]);
  });

  it("is the same in whatever order they are given", () => {
    expect(mergeResults([later, shard(1, 2)])).toEqual(whole);
  });
});

test("a statement is missed only where every shard has missed it", () => {
  const point = { function: "f", line: 3, statement: "NULL", unreachable: null };
  const missing = (...numbers: readonly number[]): Partial<FuzzResult> => {
    const missed = numbers.map((number) => ({ ...point, number }));
    return { statements: { passed: 1, statements: 5, reached: [], missed, refused: [] } };
  };
  const whole = mergeResults([
    shard(1, 3, missing(1, 2, 3)),
    shard(2, 3, missing(2, 3, 4)),
    shard(3, 3, missing(3, 1)),
  ]);
  expect(whole.statements?.missed.map(({ number }) => number)).toEqual([3]);
});

test("how often a statement was reached is added up", () => {
  const reaching = (...times: readonly (readonly [number, number])[]): Partial<FuzzResult> => {
    const reached = times.map(([number, each]) => ({ number, function: "f", line: number, times: each }));
    return { statements: { passed: 1, statements: 5, reached, missed: [], refused: [] } };
  };
  const whole = mergeResults([shard(1, 2, reaching([2, 5])), shard(2, 2, reaching([1, 3], [2, 1]))]);
  expect(whole.statements?.reached.map(({ number, times }) => [number, times])).toEqual([
    [1, 3],
    [2, 6],
  ]);
});

test("of a signature the plainest is kept, with all that showed it; one that was shown again comes first", () => {
  const failures = [
    { ...fencingFailure, steps: 5, count: 2, case: 0 },
    { ...fencingFailure, signature: "state: s", steps: 4, reproduced: false },
  ];
  const others = [
    { ...fencingFailure, count: 3, case: 7 },
    { ...fencingFailure, signature: "state: s", steps: 9 },
  ];
  const whole = mergeResults([
    shard(1, 2, { verdict: "violated", failures }),
    shard(2, 2, { verdict: "violated", failures: others }),
  ]);
  expect(whole.verdict).toBe("violated");
  expect(whole.failures.map(({ signature, steps, count }) => ({ signature, steps, count }))).toEqual([
    { signature: fencingFailure.signature, steps: 3, count: 5 },
    { signature: "state: s", steps: 9, count: 2 },
  ]);
});

test("violated comes before unknown, unknown before ok", () => {
  const verdict = (...changes: readonly Partial<FuzzResult>[]) => {
    const [first, ...others] = changes.map((change, index) => shard(index + 1, changes.length, change));
    return first && mergeResults([first, ...others]).verdict;
  };
  expect(verdict({}, {})).toBe("ok");
  expect(verdict({}, unknownCases(3))).toBe("unknown");
  expect(verdict({}, { verdict: "unknown" })).toBe("unknown");
  expect(verdict(unknownCases(3), { verdict: "violated", failures: [fencingFailure] })).toBe("violated");
});

test("a missing shard is said, and the whole is unknown", () => {
  const whole = mergeResults([shard(4, 4), shard(2, 4)]);
  expect(whole).toMatchObject({ verdict: "unknown", merged: { count: 4, missing: [1, 3] } });
});

test("cases that could not be judged are in their order", () => {
  const whole = mergeResults([shard(1, 2, unknownCases(2, 8)), shard(2, 2, unknownCases(1, 3))]);
  expect(whole.unknown.map((each) => each.case)).toEqual([1, 2, 3, 8]);
});

test("what --reach-all asks for, the shards may reach together", () => {
  const settings = { ...okResult.settings, reachAll: true };
  const part = { settings, verdict: "unknown", statements: null } as const;
  const coverage = (a: number, b: number) => ({ coverage: { claim: { a, b } } });
  const unreached = ["claim: a"];
  const merge = (second: Partial<FuzzResult>) =>
    mergeResults([
      shard(1, 2, { ...part, ...coverage(0, 1), unreached }),
      shard(2, 2, { ...part, ...coverage(1, 0), unreached: ["claim: b"], ...second }),
    ]);
  expect(merge({})).toMatchObject({ verdict: "ok", unreached: [] });
  expect(merge(coverage(0, 1))).toMatchObject({ verdict: "unknown", unreached: ["claim: a"] });
  expect(merge(unknownCases(3))).toMatchObject({ verdict: "unknown", unreached: [] });
});

const [checked] = okResult.migrations;
const strangers: readonly (readonly [what: string, other: ShardResult, says: string])[] = [
  ["another seed", shard(2, 2, { seed: 8 }), "the seed differs"],
  ["other settings", shard(2, 2, { settings: { ...okResult.settings, steps: 9 } }), "the settings differ"],
  [
    "a migration with another checksum",
    shard(2, 2, { migrations: checked === undefined ? [] : [{ ...checked, checksum: "3".repeat(64) }] }),
    "the migrations differ",
  ],
  ["another harness", shard(2, 2, { harnessVersion: "9.9.9" }), "the harness's version differs"],
  [
    "another server",
    shard(2, 2, { postgres: { ...okResult.postgres, versionNumber: 170010 } }),
    "the server differs",
  ],
  ["another count of shards", shard(2, 3), "shard-2.json is shard 2 of 3, and shard-1.json is one of 2"],
  [
    "the same shard twice",
    { ...shard(1, 2), path: "again.json" },
    "again.json is shard 1/2, as shard-1.json is",
  ],
  ["what is merged already", shard(2, 2, { merged: { count: 2, missing: [] } }), "is merged already"],
];

describe("is refused:", () => {
  it.each(strangers)("%s", (_, other, says) => {
    expect(() => mergeResults([shard(1, 2), other])).toThrow(says);
  });
});

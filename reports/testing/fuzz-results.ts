import type { Failure, FuzzResult } from "../../schema/json/fuzz-result.ts";

/** A campaign in which all was well. */
export const okResult: FuzzResult = {
  formatVersion: 1,
  harnessVersion: "0.1.0",
  startedAt: "2026-01-02T03:04:05.678Z",
  seed: 7,
  runs: 3,
  steps: 60,
  leftOut: 0,
  seconds: 1.25,
  verdict: "ok",
  interrupted: null,
  coverage: { claim: { "one row": 3, deadlock: 0 } },
  transitions: {
    distinct: 2,
    atLeast: false,
    counts: { "claim: one row alone": 2, "claim: one row beside enqueue under way": 1 },
    leftOut: 0,
  },
  statements: {
    passed: 9,
    statements: 2,
    reached: [],
    missed: [{ number: 2, function: "f", line: 6, statement: "NULL", unreachable: null }],
    refused: [],
  },
  unreached: ["claim: deadlock", "statement: f, line 6"],
  exhausted: null,
  search: {
    cases: 3,
    inStepOrder: 2,
    visited: { median: 20, p99: 30, most: 30 },
    histogram: { 10: 1, 20: 1, 30: 1 },
  },
  audited: { cases: 1, different: 0 },
  failures: [],
  unknown: [],
  shard: { index: 1, count: 1 },
  merged: null,
  settings: {
    runs: 3,
    minutes: null,
    sessions: 8,
    steps: 40,
    strategy: "swarm",
    yields: "mix",
    crashes: "mix",
    audit: 0.02,
    lanes: 2,
    bail: false,
    reachAll: false,
  },
  postgres: { version: "18.4", versionNumber: 180004, provider: "embedded" },
  migrations: [
    { version: "0001_init.sql", checksum: "1".repeat(64) },
    { version: "0002_functions.sql", checksum: "2".repeat(64) },
  ],
  migrationsFolder: { path: "schema/migrations", own: true },
};

export const fencingFailure: Failure = {
  signature: "INV-05: completed with another token",
  invariant: "INV-05",
  oracle: "invariant",
  rule: "completed with another token",
  steps: 3,
  originalSteps: 35,
  case: 2,
  count: 1,
  metWhileShrinking: null,
  candidates: 79,
  reproduced: true,
  replay: "counterexamples/inv-05.json",
  concerns: { function: "complete_outbox_attempt", file: "0002_functions.sql", line: 40 },
  story: "INV-05 fencing: completed with another token\n\n  1 enqueue\n> 2 complete",
};

export const violatedResult: FuzzResult = { ...okResult, verdict: "violated", failures: [fencingFailure] };

export const unknownResult: FuzzResult = {
  ...okResult,
  verdict: "unknown",
  unknown: [
    { case: 4, reason: "the search gave up" },
    { case: 9, reason: "the server is gone" },
    { case: 11, reason: "the search gave up" },
  ],
};

export const interruptedResult: FuzzResult = { ...okResult, interrupted: "SIGINT" };

/** What each format has a meaning of its own for, and what no reader may see or obey. */
export const hostileText = [
  "<script>alert(1)</script></pre></details>",
  "]]>",
  "::error file=a::b%0A%25",
  "a|b`c`*d*_e_[f](g)@h #1 ~~i~~ \\",
  "\u0000\u001b[2J\u0085\u2028\u202e\ufeff\ufffe\ud800",
  "\r\n::warning::x\r",
  "&amp;&#0;\"'",
].join("\n");

const huge = "x<|".repeat(400_000);

/** Every free text is hostile, and some are huge. */
export const hostileResult: FuzzResult = {
  ...violatedResult,
  harnessVersion: hostileText,
  interrupted: hostileText,
  failures: [
    {
      ...fencingFailure,
      signature: hostileText,
      rule: hostileText,
      invariant: hostileText,
      replay: `/tmp/${hostileText}`,
      concerns: { function: hostileText, file: hostileText, line: 1 },
      story: hostileText + huge,
    },
    { ...fencingFailure, concerns: null, replay: null, story: hostileText },
    { ...fencingFailure, concerns: null, replay: `../${hostileText}` },
  ],
  unknown: [{ case: 1, reason: hostileText + huge }],
  migrationsFolder: { path: hostileText, own: false },
};

/** Each has this many findings of its kind. */
export const manyFindings = 30;

export const manyResult: FuzzResult = {
  ...violatedResult,
  failures: Array.from({ length: manyFindings }, (_, index) => {
    return { ...fencingFailure, signature: `response: rule ${index}`, story: "y".repeat(100_000) };
  }),
  unknown: Array.from({ length: manyFindings }, (_, index) => ({ case: index, reason: `reason ${index}` })),
};

/** By the verdict that every format must show. */
export const resultsByName: Readonly<Record<string, FuzzResult>> = {
  ok: okResult,
  violated: violatedResult,
  unknown: unknownResult,
  interrupted: interruptedResult,
  hostile: hostileResult,
  many: manyResult,
};

import { emptyCoverage } from "../../../properties/coverage.ts";
import type { Failure, FuzzResult } from "../../../schema/json/fuzz-result.ts";

/** A campaign that has reached everything but tampering, with so many failures and cases that could not be judged. */
export function madeCampaign(
  failures: readonly Partial<Failure>[],
  unknown: FuzzResult["unknown"] = [],
): FuzzResult {
  const coverage = Object.fromEntries(
    Object.entries(emptyCoverage()).map(([group, names]) => [
      group,
      Object.fromEntries(
        Object.keys(names).map((name, index) => [name, group === "tamper" ? 0 : 10 ** (index % 6)]),
      ),
    ]),
  );
  return {
    formatVersion: 1,
    harnessVersion: "0.1.0",
    seed: 7,
    runs: 50_000,
    steps: 1_000_000,
    leftOut: 0,
    seconds: 1000,
    verdict: "violated",
    interrupted: null,
    coverage,
    statements: {
      passed: 12_345,
      statements: 84,
      missed: [
        {
          number: 3,
          function: "claim_outbox_batch",
          line: 10,
          statement: "RAISE EXCEPTION",
          unreachable: null,
        },
        { number: 9, function: "uuid_strategy", line: 3, statement: "IF", unreachable: "nobody calls it" },
      ],
      refused: [],
    },
    unreached: [],
    search: { cases: 50_000, inStepOrder: 49_900, visited: { median: 41, p99: 102, most: 146 } },
    audited: { cases: 1000, different: 0 },
    exhausted: null,
    failures: failures.map((failure, index) => ({ ...fencing, case: index, ...failure })),
    unknown,
    shard: { index: 1, count: 1 },
    settings: {
      runs: 50_000,
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
    postgres: { version: "18.4", versionNumber: 180_004, provider: "embedded" },
    migrations: [],
  };
}

const fencing: Failure = {
  signature: "INV-05: completed with another token",
  invariant: "INV-05",
  oracle: "invariant",
  rule: "completed with another token",
  steps: 3,
  case: 23,
  count: 9,
  metWhileShrinking: null,
  candidates: 79,
  reproduced: true,
  replay: "counterexamples/inv-05.json",
};

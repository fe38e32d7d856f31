import { emptyCoverage } from "../../../properties/coverage.ts";
import type { Failure, FuzzResult } from "../../../schema/json/fuzz-result.ts";
import type { Migration } from "../../../sim/database/migrations.ts";
import { fencingFailure, okResult } from "../../testing/fuzz-results.ts";

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
    ...okResult,
    runs: 50_000,
    verdict: "violated",
    coverage,
    series: Array.from({ length: 200 }, (_, index) => ({
      cases: (index + 1) * 250,
      seconds: (index + 1) * 5,
      reached: Math.min(118, 60 + index),
    })),
    statements: {
      passed: 12_345,
      statements: 84,
      reached: [{ number: 1, function: "claim_outbox_batch", line: 3, times: 12_345 }],
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
    failures: failures.map((failure, index) => ({ ...fencingFailure, case: index, ...failure })),
    unknown,
    settings: { ...okResult.settings, runs: 50_000 },
  };
}

/** Played on these migrations: with their functions' text. */
export function campaignOfOwnMigrations(
  migrations: readonly Pick<Migration, "version" | "checksum">[],
): FuzzResult {
  const own = migrations.map(({ version, checksum }) => ({ version, checksum }));
  return { ...madeCampaign([{}]), migrations: own };
}

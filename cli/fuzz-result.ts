import type { CampaignResult } from "../properties/campaign.ts";
import type { StatementCoverage } from "../properties/statement-coverage.ts";
import type { Exhausted } from "../properties/generate/exhaustive.ts";
import { harnessVersion } from "../reports/harness-version.ts";
import type { Subject } from "../reports/replay-file.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import type { FuzzOptions } from "./fuzz.ts";
import type { KeptFailure } from "./keep-replays.ts";

export interface FuzzReport {
  readonly result: CampaignResult;
  readonly failures: readonly KeptFailure[];
  /** Null where no case had yield points. */
  readonly statements: StatementCoverage | null;
  /** What it should have come to and did not. */
  readonly unreached: readonly string[];
  /** How far an exhaustive search came; null for another one, and for a shard. */
  readonly exhausted: Exhausted | null;
  readonly seed: number;
  readonly seconds: number;
  readonly options: FuzzOptions;
  readonly interrupted: string | null;
}

/** The document of `fuzz --json` (schema/json/fuzz-result.schema.json). */
export function fuzzResult(report: FuzzReport & { readonly subject: Subject }): FuzzResult {
  const { result, failures, statements, unreached, exhausted, seed, seconds, options, interrupted, subject } =
    report;
  const { runs = null, sessions, steps, strategy, yields, crashes, audit, lanes, bail, reachAll } = options;
  const minutes = runs === null ? (options.minutes ?? 1) : null;
  return {
    formatVersion: 1,
    harnessVersion,
    seed,
    runs: result.runs,
    steps: result.steps,
    leftOut: result.leftOut,
    seconds: Math.round(seconds * 1000) / 1000,
    verdict: result.verdict,
    interrupted,
    coverage: result.coverage,
    statements,
    unreached,
    exhausted,
    audited: result.audited,
    search: result.effort,
    failures: failures.map(failureOf),
    unknown: result.unknown,
    shard: options.shard,
    settings: { runs, minutes, sessions, steps, strategy, yields, crashes, audit, lanes, bail, reachAll },
    postgres: subject.postgres,
    migrations: subject.migrations,
  };
}

function failureOf(failure: KeptFailure): FuzzResult["failures"][number] {
  const [{ invariant, oracle, rule }] = failure.violations;
  const { signature, case: index, count, metWhileShrinking, candidates, reproduced, replay } = failure;
  return {
    signature,
    invariant,
    oracle,
    rule,
    steps: failure.schedule.steps.length,
    case: index,
    count,
    metWhileShrinking,
    candidates,
    reproduced,
    replay,
  };
}

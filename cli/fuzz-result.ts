import type { CampaignResult } from "../properties/campaign.ts";
import type { StatementCoverage } from "../properties/statement-coverage.ts";
import { transitionCoverage } from "../properties/transition-coverage.ts";
import type { Exhausted } from "../properties/generate/exhaustive.ts";
import { harnessVersion } from "../reports/harness-version.ts";
import type { Subject } from "../reports/replay-file.ts";
import { explanationText } from "../reports/terminal/explanation-text.ts";
import type { Explanation } from "../schema/json/explanation.ts";
import type { Failure, FuzzResult, Series } from "../schema/json/fuzz-result.ts";
import type { FuzzOptions } from "./fuzz.ts";
import type { KeptFailure } from "./keep-replays.ts";
import { migrationsFolder } from "./migrations-folder.ts";
import { plainStyle } from "./output.ts";

export interface ExplainedFailure extends KeptFailure {
  readonly explanation: Explanation;
}

export interface FuzzReport {
  readonly result: CampaignResult;
  readonly failures: readonly ExplainedFailure[];
  /** Null where no case had yield points. */
  readonly statements: StatementCoverage | null;
  /** What it should have come to and did not. */
  readonly unreached: readonly string[];
  /** How far an exhaustive search came; null for another one, and for a shard. */
  readonly exhausted: Exhausted | null;
  readonly series: Series;
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly options: FuzzOptions;
  readonly interrupted: string | null;
  readonly subject: Subject;
}

/** The document of `fuzz --json` (schema/json/fuzz-result.schema.json). */
export function fuzzResult(report: FuzzReport): FuzzResult {
  const { result, statements, unreached, exhausted, seed, seconds, options, interrupted, subject } = report;
  return {
    formatVersion: 1,
    harnessVersion,
    startedAt: report.startedAt,
    seed,
    runs: result.runs,
    steps: result.steps,
    leftOut: result.leftOut,
    seconds: Math.round(seconds * 1000) / 1000,
    verdict: result.verdict,
    interrupted,
    coverage: result.coverage,
    transitions: transitionCoverage(result.transitions),
    series: report.series,
    statements,
    unreached,
    exhausted,
    audited: result.audited,
    search: result.effort,
    failures: report.failures.map(failureOf),
    unknown: result.unknown,
    shard: options.shard,
    merged: null,
    settings: settingsOf(options),
    postgres: subject.postgres,
    migrations: subject.migrations,
    migrationsFolder: migrationsFolder(options),
  };
}

/** Minutes count where there is no number of runs. */
export function settingsOf(options: FuzzOptions): FuzzResult["settings"] {
  const { runs = null, sessions, steps, strategy, yields, crashes, audit, lanes, bail, reachAll } = options;
  const minutes = runs === null ? (options.minutes ?? 1) : null;
  return { runs, minutes, sessions, steps, strategy, yields, crashes, audit, lanes, bail, reachAll };
}

function failureOf(failure: ExplainedFailure): Failure {
  const [{ invariant, oracle, rule }] = failure.violations;
  const { signature, case: index, count, metWhileShrinking, candidates, reproduced, replay } = failure;
  return {
    signature,
    invariant,
    oracle,
    rule,
    steps: failure.schedule.steps.length,
    originalSteps: failure.original.steps.length,
    case: index,
    count,
    metWhileShrinking,
    candidates,
    reproduced,
    replay,
    concerns: failure.explanation.concerns,
    story: explanationText(failure.explanation, plainStyle),
  };
}

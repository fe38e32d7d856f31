import { randomInt } from "node:crypto";
import { type CampaignResult, type Progress, runCampaign } from "../properties/campaign.ts";
import { statementCoverage } from "../properties/statement-coverage.ts";
import { type Exhausted, exhausted } from "../properties/generate/exhaustive.ts";
import { unreached } from "../properties/unreached.ts";
import { againCommandLine } from "../reports/command-lines.ts";
import { explain } from "../reports/explanation/explain.ts";
import { explanationText } from "../reports/terminal/explanation-text.ts";
import type { Style } from "../reports/terminal/layout.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { functionPlaces } from "../sim/database/function-places.ts";
import { readMigrations } from "../sim/database/migrations.ts";
import type { Stage } from "../sim/stage.ts";
import { CampaignSeries } from "./campaign-series.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import type { FuzzOptions } from "./fuzz.ts";
import { fuzzResult, settingsOf } from "./fuzz-result.ts";
import { type Interruption, onInterruption } from "./interruption.ts";
import { checkFolder, ReplayKeeper } from "./keep-replays.ts";
import { migrationsFolder } from "./migrations-folder.ts";
import { say } from "./output.ts";
import { type Goal, ProgressLine } from "./progress-line.ts";
import { type Output, outputsOf } from "./reporter-options.ts";
import { subjectOf, withStage } from "./target.ts";
import { endWith, prepareOutputs, writeOutputs } from "./write-outputs.ts";

/** Runs a campaign and reports it. Resolves to the exit code. */
export async function fuzz(options: FuzzOptions): Promise<number> {
  const interruption = onInterruption(say);
  try {
    const outputs = outputsOf(options);
    await checkFolder(options.out);
    const migrations = await readMigrations(options.migrations);
    await prepareOutputs(outputs);
    return await withStage(options, migrations, (stage) =>
      playAndReport(stage, options, outputs, interruption),
    );
  } catch (error) {
    const code = interruption.exitCode();
    // A signal also reaches the children that are just starting the server: their failure is no news.
    if (code === null) throw error;
    return code;
  } finally {
    interruption.dispose();
  }
}

async function playAndReport(
  stage: Stage,
  options: FuzzOptions,
  outputs: readonly Output[],
  interruption: Interruption,
): Promise<number> {
  if (options.crashes === "always" && stage.server.crashable === null)
    throw new BadInput("--crashes always needs an embedded server: no other one can be crashed");
  const seed = options.seed ?? randomInt(2 ** 31);
  const campaign = { seed, shard: options.shard, settings: settingsOf(options) };
  say(`seed ${seed}: ${againCommandLine({ ...campaign, migrationsFolder: migrationsFolder(options) })}`);
  const startedAt = new Date().toISOString();
  const elapsed = stopwatch();
  const { sessions, steps, strategy, yields, crashes } = options;
  const origin = { seed, size: { sessions, steps }, strategy, yields, crashes };
  const keeper = new ReplayKeeper(subjectOf(stage), origin, options.out);
  const series = new CampaignSeries();
  const onProgress = (now: Progress): void => {
    series.note(now, elapsed());
  };
  const result = await play(stage, options, seed, { keeper, onProgress, interrupted: interruption.signal });
  const seconds = elapsed();

  const places = functionPlaces(stage.migrations);
  const failures = result.failures.map((each) => {
    return { ...each, replay: keeper.pathOf(each), explanation: explain(each, { places }) };
  });
  const statements =
    yields === "never" ? null : statementCoverage(await stage.instrumentation(), result.yields);
  const missing = unreached(result.coverage, statements);
  const verdict =
    result.verdict === "ok" && options.reachAll && missing.length > 0 ? "unknown" : result.verdict;
  const document = fuzzResult({
    result: { ...result, verdict },
    failures,
    statements,
    unreached: missing,
    exhausted: exhaustedBy(options, seed, result.runs),
    series: series.points(),
    seed,
    startedAt,
    seconds,
    options,
    interrupted: interruption.name(),
    subject: subjectOf(stage),
  });
  const code = verdict === "violated" ? exitCodes.violated : (interruption.exitCode() ?? exitCodes[verdict]);
  const stories = (style: Style) => failures.map(({ explanation }) => explanationText(explanation, style));
  return endWith(code, writeOutputs(document, outputs, stories));
}

/** How far an exhaustive search came; null for another one, and for a shard, which plays a part of it. */
function exhaustedBy(options: FuzzOptions, seed: number, cases: number): Exhausted | null {
  const { strategy, shard, sessions, steps, yields, crashes } = options;
  if (strategy !== "exhaustive" || shard.count > 1) return null;
  return exhausted({ seed, size: { sessions, steps }, yields, crashes }, cases);
}

interface Watchers {
  readonly keeper: ReplayKeeper;
  readonly onProgress: (progress: Progress) => void;
  readonly interrupted: AbortSignal;
}

async function play(
  stage: Stage,
  options: FuzzOptions,
  seed: number,
  { keeper, onProgress, interrupted }: Watchers,
): Promise<CampaignResult> {
  const { runs = null, sessions, steps, strategy, yields, crashes, audit, lanes, bail } = options;
  const seconds = runs === null ? (options.minutes ?? 1) * 60 : null;
  const progress = new ProgressLine(
    process.stderr,
    goalOf(options, seconds),
    process.env["CI"] !== undefined,
  );
  const timeUp = new AbortController();
  const timer = seconds === null ? undefined : setTimeout(() => timeUp.abort(), seconds * 1000);
  try {
    return await runCampaign((kind) => stage.openLane(sessions, kind), {
      seed,
      size: { sessions, steps },
      strategy,
      yields,
      crashes,
      leaveOutCrashes: stage.server.crashable === null,
      runs,
      shard: { index: options.shard.index - 1, count: options.shard.count },
      audit,
      lanes,
      bail,
      stop: AbortSignal.any([timeUp.signal, interrupted]),
      quit: interrupted,
      onProgress: (now) => {
        progress.show(now);
        onProgress(now);
      },
      onFailure: (failure) => {
        progress.clear();
        keeper.keep(failure);
      },
    });
  } finally {
    clearTimeout(timer);
    progress.clear();
  }
}

/** Cases of this shard alone. */
function goalOf({ runs, shard: { index, count } }: FuzzOptions, seconds: number | null): Goal {
  return { runs: runs === undefined ? null : Math.max(0, Math.ceil((runs - index + 1) / count)), seconds };
}

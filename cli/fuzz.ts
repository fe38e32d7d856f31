import { randomInt } from "node:crypto";
import { Command, Option } from "commander";
import { type CampaignResult, runCampaign } from "../properties/campaign.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { readMigrations } from "../sim/database/migrations.ts";
import type { Stage } from "../sim/stage.ts";
import { minutes, type Shard, shard, wholeNumber } from "./arguments.ts";
import { exitCodes, exitCodesHelp } from "./exit-codes.ts";
import { fuzzSummary } from "./fuzz-summary.ts";
import { type Interruption, onInterruption } from "./interruption.ts";
import { print, printJson, say, styleOf } from "./output.ts";
import { migrationsOption } from "./command-lines.ts";
import { type Goal, ProgressLine } from "./progress-line.ts";
import { checkFolder, keepReplays } from "./keep-replays.ts";
import { fuzzResult } from "./fuzz-result.ts";
import { addTargetOptions, subjectOf, type TargetOptions, withStage } from "./target.ts";

export interface FuzzOptions extends TargetOptions {
  readonly runs?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly shard: Shard;
  readonly sessions: number;
  readonly steps: number;
  readonly lanes: number;
  readonly out: string;
  readonly json: boolean;
  readonly bail: boolean;
}

const examples = `
Examples:
  $ counterpoint fuzz                        a minute on the embedded server
  $ counterpoint fuzz --runs 1000 --seed 7   the same thousand cases on every machine
  $ counterpoint fuzz --minutes 10 --bail --migrations ../candidate/migrations
  $ counterpoint fuzz --runs 20000 --seed 7 --shard 1/2 --json > shard-1.json

A counterexample is shrunk and written to a replay file; play it with "counterpoint replay FILE".
Ctrl-C stops, reports and cleans up: exit code 1 if something was found, else 130. Twice quits at once.`;

/** `counterpoint fuzz` */
export function fuzzCommand(): Command {
  const command = new Command("fuzz")
    .description(
      "play generated concurrent schedules to the model and to the database, and shrink any difference",
    )
    .addOption(
      new Option("--runs <n>", "cases to play, of all shards together")
        .argParser(wholeNumber(1))
        .conflicts("minutes"),
    )
    .option("--minutes <m>", "time to play (default: 1, without --runs)", minutes)
    .option("--seed <s>", "seed of the cases (default: a random one, printed)", wholeNumber(0))
    .addOption(
      new Option("--shard <i/n>", "play every n-th case only, from the i-th")
        .argParser(shard)
        .default({ index: 1, count: 1 }, "1/1"),
    )
    .option("--sessions <n>", "concurrent sessions of a case, 1 to 6", wholeNumber(1, 6), 3)
    .option("--steps <n>", "most steps of a case", wholeNumber(1, 1000), 40)
    .option("--lanes <n>", "databases to play on at a time, 1 to 8", wholeNumber(1, 8), 2)
    .option("--out <dir>", "folder for replay files", "counterexamples")
    .option("--json", "print one JSON document on stdout", false)
    .option("--bail", "stop at the first counterexample", false);
  return addTargetOptions(command)
    .addHelpText("after", `${examples}\n${exitCodesHelp}`)
    .action(async (options: FuzzOptions) => {
      process.exitCode = await fuzz(options);
    });
}

/** Runs a campaign and reports it. Resolves to the exit code. */
async function fuzz(options: FuzzOptions): Promise<number> {
  const interruption = onInterruption(say);
  try {
    await checkFolder(options.out);
    const migrations = await readMigrations(options.migrations);
    return await withStage(options, migrations, (stage) => playAndReport(stage, options, interruption));
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
  interruption: Interruption,
): Promise<number> {
  const seed = options.seed ?? randomInt(2 ** 31);
  say(`seed ${seed}: ${againCommand(options, seed)}`);
  const elapsed = stopwatch();
  const result = await play(stage, options, seed, interruption.signal);
  const seconds = elapsed();

  const origin = { seed, size: { sessions: options.sessions, steps: options.steps } };
  const failures = await keepReplays(result.failures, subjectOf(stage), origin, options.out);
  const interrupted = interruption.name();
  if (options.json) {
    printJson(
      fuzzResult({ result, failures, seed, seconds, options, interrupted, subject: subjectOf(stage) }),
    );
  } else {
    print(
      fuzzSummary({ result, failures, seed, seconds, options, interrupted, style: styleOf(process.stdout) }),
    );
  }
  return result.verdict === "violated"
    ? exitCodes.violated
    : (interruption.exitCode() ?? exitCodes[result.verdict]);
}

async function play(
  stage: Stage,
  options: FuzzOptions,
  seed: number,
  interrupted: AbortSignal,
): Promise<CampaignResult> {
  const { runs = null, sessions, steps, lanes, bail } = options;
  const seconds = runs === null ? (options.minutes ?? 1) * 60 : null;
  const progress = new ProgressLine(
    process.stderr,
    goalOf(options, seconds),
    process.env["CI"] !== undefined,
  );
  const timeUp = new AbortController();
  const timer = seconds === null ? undefined : setTimeout(() => timeUp.abort(), seconds * 1000);
  try {
    return await runCampaign(() => stage.openLane(sessions), {
      seed,
      size: { sessions, steps },
      runs,
      shard: { index: options.shard.index - 1, count: options.shard.count },
      lanes,
      bail,
      stop: AbortSignal.any([timeUp.signal, interrupted]),
      quit: interrupted,
      onProgress: (now) => {
        progress.show(now);
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

/** Plays the same cases again: what decides them, and nothing else. */
function againCommand(options: FuzzOptions, seed: number): string {
  const {
    sessions,
    steps,
    runs,
    shard: { index, count },
  } = options;
  const shardOption = count === 1 ? "" : ` --shard ${index}/${count}`;
  const goal = runs === undefined ? "" : ` --runs ${runs}`;
  const size = `--sessions ${sessions} --steps ${steps}`;
  return `npx counterpoint fuzz --seed ${seed} ${size}${goal}${shardOption}${migrationsOption(options)}`;
}

import { Command, Option } from "commander";
import { minutes, type Shard, shard, share, wholeNumber } from "./arguments.ts";
import { exitCodesHelp } from "./exit-codes.ts";
import { type Mode, modes } from "../properties/generate/mode.ts";
import type { StrategyName } from "../properties/generate/strategy-name.ts";
import { addReporterOptions, type ReporterOptions } from "./reporter-options.ts";
import { strategyOption } from "./strategy-option.ts";
import { addTargetOptions, type TargetOptions } from "./target-options.ts";

export interface FuzzOptions extends TargetOptions, ReporterOptions {
  readonly runs?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly shard: Shard;
  readonly sessions: number;
  readonly steps: number;
  readonly strategy: StrategyName;
  readonly yields: Mode;
  readonly crashes: Mode;
  readonly audit: number;
  readonly lanes: number;
  readonly out: string;
  readonly bail: boolean;
  readonly reachAll: boolean;
}

const examples = `
Examples:
  $ counterpoint fuzz                        a minute on the embedded server
  $ counterpoint fuzz --runs 1000 --seed 7   the same thousand cases on every machine
  $ counterpoint fuzz --minutes 10 --bail --migrations ../candidate/migrations
  $ counterpoint fuzz --runs 20000 --seed 7 --shard 1/2 --json > shard-1.json
  $ counterpoint fuzz --reporter text --reporter junit --output-file junit=fuzz.xml

A counterexample is written to a replay file as soon as it is found, then shrunk; play it with "counterpoint replay FILE".
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
    .option("--sessions <n>", "most concurrent sessions of a case, 1 to 8", wholeNumber(1, 8), 8)
    .option("--steps <n>", "most steps of a case", wholeNumber(1, 1000), 40)
    .addOption(strategyOption())
    .addOption(
      new Option(
        "--yields <which>",
        "cases in which calls are stopped inside functions, between two statements",
      )
        .choices(modes)
        .default("mix"),
    )
    .addOption(
      new Option(
        "--crashes <which>",
        "cases in which the server crashes and recovers, on one of the lane's own (embedded servers only)",
      )
        .choices(modes)
        .default("mix"),
    )
    .option(
      "--audit <share>",
      "share of the cases that are played twice, and must play alike; 0 for none",
      share,
      0.02,
    )
    .option("--lanes <n>", "databases to play on at a time, 1 to 8", wholeNumber(1, 8), 2)
    .option("--out <dir>", "folder for replay files", "counterexamples")
    .option("--bail", "stop at the first counterexample", false)
    .option(
      "--reach-all",
      "unknown, not ok, where something of the tables was never reached: for long runs",
      false,
    );
  return addTargetOptions(addReporterOptions(command))
    .addHelpText("after", `${examples}\n${exitCodesHelp}`)
    .action(async (options: FuzzOptions) => {
      // What it needs takes a second to load: not for its help, nor for an option that is wrong.
      const { fuzz } = await import("./run-fuzz.ts");
      process.exitCode = await fuzz(options);
    });
}

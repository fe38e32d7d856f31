import { Argument, Command, Option } from "commander";
import { bugClasses, needs } from "../properties/planted/planted-bug.ts";
import { type Mode, modes } from "../properties/generate/mode.ts";
import type { StrategyName } from "../properties/generate/strategy-name.ts";
import { wholeNumber } from "./arguments.ts";
import { type PostgresOption, postgresOption } from "./postgres-option.ts";
import { strategyOption } from "./strategy-option.ts";

export interface MutantsOptions extends PostgresOption {
  readonly seeds: number;
  readonly seed: number;
  readonly runs: number;
  readonly cleanRuns?: number;
  readonly replays: number;
  readonly sessions: number;
  readonly steps: number;
  readonly lanes: number;
  readonly strategy: StrategyName;
  readonly yields?: Mode;
  readonly class?: string;
  readonly needs?: string;
  readonly json: boolean;
  readonly markdown?: string;
  readonly matrix?: string;
  readonly compareYields?: string;
  readonly compareStrategies?: string;
  readonly ablation?: string;
  readonly seconds: number;
}

const help = `
Each planted bug is a small wrong change to a copy of this package's migrations. It must be found with each seed, shrink to
no more steps than the shortest schedule known, and replay. On this package's own migrations, and with each change that
nobody can tell from them, nothing may be found. Works on embedded servers only, one a lane.

Examples:
  $ counterpoint mutants                           all of them, one seed
  $ counterpoint mutants --seeds 5 --markdown docs/recall.md
  $ counterpoint mutants fence-without-token claim-waits
  $ counterpoint mutants --class "weak fence" --clean-runs 0
  $ counterpoint mutants --runs 500 --matrix docs/matrix.md
  $ counterpoint mutants --sessions 3 --compare-yields docs/yields.md
  $ counterpoint mutants --seconds 20 --compare-strategies docs/strategies.md
  $ counterpoint mutants --runs 200 --ablation docs/ablation.md

Exit codes: 0 complete, 1 something was missed, shrunk too little, not reproduced, or a false alarm, 2 bad usage or input,
3 the environment is at fault, 4 unknown.`;

/** What only the recall table has a use for. */
const ofTheTable = ["json", "markdown", "seeds", "cleanRuns", "replays", "yields"];

/** `counterpoint mutants` */
export function mutantsCommand(): Command {
  return new Command("mutants")
    .description("plant bugs in copies of the migrations, and see whether each is found: the recall table")
    .addArgument(new Argument("[bug...]", "which of them (default: all)"))
    .option("--seeds <n>", "how many seeds, each a trial of its own", wholeNumber(1, 100), 1)
    .option("--seed <s>", "the first seed", wholeNumber(0), 1)
    .option("--runs <n>", "schedules until a bug is given up", wholeNumber(1), 3000)
    .option(
      "--clean-runs <n>",
      "schedules with each seed on trees without a bug, 0 for none (default: as --runs)",
      wholeNumber(0),
    )
    .option("--replays <n>", "times that a counterexample is played again", wholeNumber(1), 3)
    .option("--sessions <n>", "most concurrent sessions of a case, 1 to 8", wholeNumber(1, 8), 8)
    .option("--steps <n>", "most steps of a case", wholeNumber(1, 1000), 40)
    .addOption(strategyOption())
    .option("--lanes <n>", "trees to play on at a time, 1 to 8", wholeNumber(1, 8), 2)
    .addOption(
      new Option(
        "--yields <which>",
        "schedules in which calls are stopped inside functions (default: always for bugs that need it, never for others, mix without a bug)",
      ).choices(modes),
    )
    .addOption(new Option("--class <class>", "only bugs of this class").choices(bugClasses))
    .addOption(new Option("--needs <what>", "only bugs that need this to be seen").choices(needs))
    .addOption(postgresOption())
    .option("--json", "print one JSON document on stdout", false)
    .option("--markdown <file>", "write the table as a page")
    .addOption(
      new Option(
        "--matrix <file>",
        "instead of looking for them, write a page of which invariants, and whether the model, see which bug",
      ).conflicts([...ofTheTable, "compareYields", "compareStrategies", "ablation"]),
    )
    .addOption(
      new Option(
        "--compare-yields <file>",
        "instead, look for the bugs between two statements of a function with yield points and without, and write a page",
      ).conflicts([...ofTheTable, "compareStrategies", "ablation"]),
    )
    .addOption(
      new Option(
        "--compare-strategies <file>",
        "instead, look for them with each strategy for the same time, and write a page",
      ).conflicts([...ofTheTable, "ablation"]),
    )
    .addOption(
      new Option(
        "--ablation <file>",
        "instead, look for them with an oracle, yields, faults, clock jumps or ticks taken away, and write a page",
      ).conflicts(ofTheTable),
    )
    .option(
      "--seconds <n>",
      "of --compare-strategies, seconds of playing until a bug is given up",
      wholeNumber(1),
      10,
    )
    .addHelpText("after", help)
    .action(async (ids: readonly string[], options: MutantsOptions) => {
      const { mutants } = await import("./run-mutants.ts");
      process.exitCode = await mutants(ids, options);
    });
}

/** Looks for each planted bug in four ways for the same time, and writes a page: this harness, fast-check's commands, parallel
 *  calls over a pool, and PostgreSQL's isolationtester. Exit code 1 where a way finds something on our own migrations, 4
 *  where something could not be judged: `npx tsx bench/baselines.ts --seconds 10 --markdown docs/baselines.md [bug...]`. */
import { Argument, Command } from "commander";
import { wholeNumber } from "../cli/arguments.ts";
import { finishPage, occasion } from "../cli/comparison-page.ts";
import { exitCodes } from "../cli/exit-codes.ts";
import { faultOf } from "../cli/faults.ts";
import { onInterruption } from "../cli/interruption.ts";
import { say } from "../cli/output.ts";
import { ownMigrations } from "../cli/own-migrations.ts";
import { onTrees, ownTree } from "../cli/planted-trees.ts";
import { chosenBugs } from "../cli/run-mutants.ts";
import { isFound } from "../properties/planted/hunt.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { readMigrations } from "../sim/database/migrations.ts";
import { commands } from "./baselines/commands.ts";
import { compare } from "./baselines/compare.ts";
import { isolationtesterWay } from "./baselines/isolation.ts";
import { ours } from "./baselines/ours.ts";
import { baselinesMarkdown } from "./baselines/page.ts";
import { pool } from "./baselines/pool.ts";

interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly sessions: number;
  readonly steps: number;
  readonly lanes: number;
  readonly markdown: string;
}

async function run(ids: readonly string[], options: Options): Promise<number> {
  const { seconds, seed, sessions, steps, lanes, markdown: path } = options;
  const ways = [ours, commands, pool, isolationtesterWay(await readMigrations(ownMigrations))];
  const trees = [{ ...ownTree, bug: null }, ...chosenBugs(ids, {}).map((bug) => ({ ...bug, bug }))];
  const interruption = onInterruption(say);
  const { signal: stop } = interruption;
  const isEnough = (_: number, played: number): boolean => played >= seconds;
  const search = { seed, size: { sessions, steps }, isEnough, stop, secondsNow: stopwatch() };
  try {
    const { results, postgres } = await onTrees(trees, options, stop, (openLane, { bug }, ground) =>
      compare({ ...ground, bug, openLane }, ways, search),
    );
    const rows = results.flatMap((row) => row ?? []);
    const origin = { ...{ seed, seconds, sessions, steps, lanes, postgres }, ...occasion() };
    const alarms = rows.filter(({ bug }) => bug === null).flatMap(({ hunts }) => hunts);
    return await finishPage(
      {
        path,
        text: baselinesMarkdown(ways, rows, origin),
        trees: trees.length,
        played: rows.length,
        wrong: ways.flatMap(({ id }, index) => {
          const alarm = alarms[index];
          return isFound(alarm) ? [`false alarm of ${id}: ${alarm.signature}`] : [];
        }),
        unknown: rows.flatMap(({ hunts }) => hunts).reduce((sum, { unknown }) => sum + unknown, 0),
      },
      interruption,
    );
  } finally {
    interruption.dispose();
  }
}

await new Command("bench/baselines.ts")
  .description("look for planted bugs in four ways for the same time, and write a page")
  .addArgument(new Argument("[bug...]", "which of them (default: all)"))
  .requiredOption("--markdown <file>", "where the page is written")
  .option("--seconds <n>", "seconds of playing in each way until a bug is given up", wholeNumber(1), 10)
  .option("--seed <s>", "what all chance comes from, but for that of parallel calls", wholeNumber(0), 1)
  .option("--sessions <n>", "most sessions of a case, and workers of the pool, 2 to 8", wholeNumber(2, 8), 8)
  .option("--steps <n>", "most steps of a case, and commands of a run", wholeNumber(1, 1000), 40)
  .option("--lanes <n>", "trees at a time, each on a server of its own, 1 to 8", wholeNumber(1, 8), 1)
  .showHelpAfterError("(--help shows the options)")
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exitCodes.ok : exitCodes.badInput))
  .action(async (ids: readonly string[], options: Options) => {
    try {
      process.exitCode = await run(ids, options);
    } catch (error) {
      const { exitCode, message } = faultOf(error);
      say(`baselines: ${message}`);
      process.exitCode = exitCode;
    }
  })
  .parseAsync();

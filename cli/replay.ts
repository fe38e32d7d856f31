import { Command } from "commander";
import { wholeNumber } from "./arguments.ts";
import { addExportOptions, type ExportOptions } from "./export-options.ts";
import { addTargetOptions, type TargetOptions } from "./target-options.ts";

export interface ReplayOptions extends TargetOptions, ExportOptions {
  readonly times: number;
  readonly json: boolean;
  readonly anyway: boolean;
  readonly explain: boolean;
  readonly vary: boolean;
  readonly against?: string;
  /** Before which step to stop, from 1; true for the wrong one. */
  readonly keep?: number | true;
  readonly step: boolean;
  readonly open: boolean;
  readonly html?: string;
}

const help = `
Examples:
  $ counterpoint replay counterexamples/inv-05-*.json
  $ counterpoint replay found.json --times 100
  $ counterpoint replay found.json --explain
  $ counterpoint replay found.json --explain --json            the same as data, for one file
  $ counterpoint replay found.json --migrations fixed/migrations --anyway   is it gone?
  $ counterpoint replay found.json --against fixed/migrations               was it there, and is it gone?
  $ counterpoint replay found.json --keep                      look at it with psql, just before it goes wrong

With --against, the exit code is that of the plays there.

Exit codes: 1 a file's schedule is violated (still, or in another way), 0 none is any more, 4 some could not be judged,
2 a file is damaged, or its migrations are not these and --anyway was not given, 3 the environment is at fault.`;

/** `counterpoint replay` */
export function replayCommand(): Command {
  const command = new Command("replay")
    .description("play replay files again, each on fresh databases")
    .argument("<file...>", "replay files")
    .option("--times <n>", "play each file n times", wholeNumber(1), 1)
    .option("--anyway", "play also where the migrations are not those of the file", false)
    .option("--explain", "explain at length: SQL, answers allowed, rows, leases, the model's order", false)
    .option(
      "--vary",
      "explain, and play it with each step dropped and each choice changed: which matter?",
      false,
    )
    .option("--against <dir>", "then play it on other migrations too, and say whether it is fixed there")
    .option(
      "--keep [n]",
      "stop before step n (the wrong one when left out), say how to join the database with psql, and wait",
      wholeNumber(1),
    )
    .option("--step", "play it step by step, by commands from the input, and look at it on the way", false)
    .option("--open", "show each file's case as a page in a browser too", false)
    .option("--html <file>", "write that page into a file")
    .option("--json", "print one JSON document on stdout", false);
  return addTargetOptions(addExportOptions(command))
    .addHelpText("after", help)
    .action(async (paths: readonly string[], options: ReplayOptions) => {
      const { replayFiles } = await import("./run-replay.ts");
      process.exitCode = await replayFiles(paths, options);
    });
}

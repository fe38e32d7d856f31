import { Command } from "commander";
import { ownMigrations } from "./own-migrations.ts";
import { mergeCommand } from "./report-merge.ts";

export interface OpenOptions {
  readonly migrations: string;
  readonly outputFile?: string;
}

const help = `
Examples:
  $ counterpoint report open counterexamples/inv-05-*.json
  $ counterpoint fuzz --json > night.json; counterpoint report open night.json
  $ counterpoint report open found.json --output-file found.html

A page is one file: it loads nothing and sends nothing.`;

/** `counterpoint report` */
export function reportCommand(): Command {
  return new Command("report")
    .description("work on what campaigns have left")
    .addCommand(openCommand())
    .addCommand(mergeCommand());
}

function openCommand(): Command {
  return new Command("open")
    .description(
      "show a replay file, an explanation, or the document of fuzz --json or mutants --json as a page in a browser",
    )
    .argument("<file...>", "replay files, or what replay --explain, fuzz or mutants --json printed")
    .option("--output-file <file>", "write the page there, and open nothing")
    .option("--migrations <dir>", "the migrations that it was found on", ownMigrations)
    .addHelpText("after", help)
    .action(async (paths: readonly string[], options: OpenOptions) => {
      const { openReports } = await import("./open-reports.ts");
      process.exitCode = await openReports(paths, options);
    });
}

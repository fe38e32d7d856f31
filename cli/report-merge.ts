import { Command } from "commander";
import { exitCodesHelp } from "./exit-codes.ts";
import { addReporterOptions, type ReporterOptions } from "./reporter-options.ts";

const help = `
Examples:
  $ counterpoint report merge shard-*.json
  $ counterpoint report merge shard-*.json --reporter text --reporter json --output-file json=campaign.json

The documents are those of one campaign: same seed, settings, migrations, server and harness, each shard once. A shard
that is missing makes the result unknown.
`;

/** `counterpoint report merge` */
export function mergeCommand(): Command {
  const command = new Command("merge")
    .description("make one result of what the shards of a campaign printed with fuzz --json")
    .argument("<file...>", "documents of fuzz --json");
  return addReporterOptions(command)
    .addHelpText("after", `${help}${exitCodesHelp}`)
    .action(async (paths: readonly string[], options: ReporterOptions) => {
      const { mergeReports } = await import("./merge-reports.ts");
      process.exitCode = await mergeReports(paths, options);
    });
}

import { type Command, Option } from "commander";

export const exportFormats = ["sql", "spec", "test"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly export?: ExportFormat;
  readonly outputFile?: string;
}

export function addExportOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--export <format>",
        "write the case, as the file has it: sql for psql in several terminals, spec for PostgreSQL's isolationtester, test for vitest",
      ).choices(exportFormats),
    )
    .option("--output-file <file>", "where to; on stdout when left out");
}

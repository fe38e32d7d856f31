import type { Counterexample } from "../properties/counterexample.ts";
import { NotExportable, type Script, scriptOf } from "../reports/exports/script.ts";
import { psqlText } from "../reports/exports/psql.ts";
import { specText } from "../reports/exports/spec.ts";
import { vitestText } from "../reports/exports/vitest.ts";
import { recordedIn } from "../reports/replay-file.ts";
import type { Migration } from "../sim/database/migrations.ts";
import { hasYields } from "../sim/schedule.ts";
import type { ExportFormat, ExportOptions } from "./export-options.ts";
import { BadInput } from "./faults.ts";
import { print } from "./output.ts";
import type { ReplayFile } from "./play-replay.ts";
import { withStage } from "./target.ts";
import type { TargetOptions } from "./target-options.ts";
import { writeReport } from "./write-report.ts";

const formats: Readonly<Record<ExportFormat, (script: Script, counterexample: Counterexample) => string>> = {
  sql: psqlText,
  spec: specText,
  test: vitestText,
};

/** Writes a file's case in another form. No server is asked, but for the text of the functions with yield points. */
export async function exportReplay(
  { path, replay }: ReplayFile,
  format: ExportFormat,
  options: ExportOptions & TargetOptions,
  readSubject: () => Promise<readonly Migration[]>,
): Promise<void> {
  const definitions = hasYields(replay.schedule) ? await definitionsIn(await readSubject(), options) : [];
  const text = exported(path, format, recordedIn(replay), definitions);
  if (options.outputFile === undefined) print(text);
  else await writeReport(options.outputFile, text);
}

function definitionsIn(migrations: readonly Migration[], options: TargetOptions): Promise<readonly string[]> {
  return withStage(options, migrations, async (stage) => (await stage.instrumentation()).definitions);
}

function exported(
  path: string,
  format: ExportFormat,
  counterexample: Counterexample,
  definitions: readonly string[],
): string {
  try {
    return formats[format](scriptOf(counterexample, definitions), counterexample);
  } catch (error) {
    if (!(error instanceof NotExportable)) throw error;
    throw new BadInput(`${path} cannot be exported as ${format}: ${error.message}`);
  }
}

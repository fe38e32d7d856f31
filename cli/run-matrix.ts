import { matrixRow, matrixSummary } from "../properties/planted/matrix.ts";
import type { PlantedBug } from "../properties/planted/planted-bug.ts";
import { matrixMarkdown } from "../reports/recall/matrix-markdown.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Interruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { print } from "./output.ts";
import { onTrees } from "./planted-trees.ts";
import { writeReport } from "./write-report.ts";

/** Violated cases of a bug that are enough to tell which invariants see it. */
const enough = 10;

/** Writes the page that tells which invariants see which planted bug. Resolves to the exit code. */
export async function showMatrix(
  bugs: readonly PlantedBug[],
  path: string,
  options: MutantsOptions,
  interruption: Interruption,
): Promise<number> {
  const { seed, runs, sessions, steps } = options;
  const search = { seed, size: { sessions, steps }, runs, enough, stop: interruption.signal };
  const { results, postgres } = await onTrees(bugs, options, interruption.signal, (openLane, bug) =>
    matrixRow(openLane, bug, search),
  );
  const rows = results.flatMap((row) => row ?? []);
  const summary = matrixSummary(rows);
  await writeReport(path, matrixMarkdown(rows, summary, { seed, runs, enough, postgres }));
  for (const id of summary.wrong) print(`not seen as it says: ${id}\n`);
  print(`${rows.length} of ${bugs.length} bugs played; ${path}\n`);
  const isUnknown = rows.length < bugs.length || rows.some(({ unknown }) => unknown > 0);
  const code = isUnknown ? exitCodes.unknown : exitCodes.ok;
  return interruption.exitCode() ?? (summary.wrong.length > 0 ? exitCodes.violated : code);
}

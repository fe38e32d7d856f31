import { matrixRow, matrixSummary } from "../properties/planted/matrix.ts";
import type { PlantedBug } from "../properties/planted/planted-bug.ts";
import { matrixMarkdown } from "../reports/recall/matrix-markdown.ts";
import { finishPage } from "./comparison-page.ts";
import type { Interruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { onTrees } from "./planted-trees.ts";

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
  return finishPage(
    {
      path,
      text: matrixMarkdown(rows, summary, { seed, runs, enough, postgres }),
      trees: bugs.length,
      played: rows.length,
      wrong: summary.wrong.map((id) => `not seen as it says: ${id}`),
      unknown: rows.reduce((sum, { unknown }) => sum + unknown, 0),
    },
    interruption,
  );
}

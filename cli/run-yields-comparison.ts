import type { PlantedBug } from "../properties/planted/planted-bug.ts";
import { compareYields, isAsExpected } from "../properties/planted/yield-comparison.ts";
import { yieldBugs } from "../properties/planted/yield-bugs.ts";
import { yieldsMarkdown } from "../reports/recall/yields-markdown.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { finishPage, occasion } from "./comparison-page.ts";
import { BadInput } from "./faults.ts";
import type { Interruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { onTrees, ownTree } from "./planted-trees.ts";

/** Writes the page that tells what is found with yield points, and what without. Resolves to the exit code. */
export async function showYieldsComparison(
  chosen: readonly PlantedBug[],
  path: string,
  options: MutantsOptions,
  interruption: Interruption,
): Promise<number> {
  const bugs = yieldBugs.filter((bug) => chosen.includes(bug));
  if (bugs.length === 0) throw new BadInput("none of these bugs is one between two statements");
  const { seed, runs, sessions, steps, lanes } = options;
  const { signal: stop } = interruption;
  const search = { seed, size: { sessions, steps }, runs, stop, secondsNow: stopwatch() };
  const trees = [...bugs.map((bug) => ({ ...bug, bug })), { ...ownTree, bug: null }];
  const { results, postgres } = await onTrees(trees, options, stop, (openLane, { bug }) =>
    compareYields(openLane, bug, search),
  );
  const rows = results.flatMap((row) => row ?? []);
  const origin = { ...{ seed, runs, sessions, steps, lanes, postgres }, ...occasion() };
  const hunts = rows.flatMap(({ withYields, withoutYields }) => [withYields, withoutYields]);
  return finishPage(
    {
      path,
      text: yieldsMarkdown(rows, origin),
      trees: trees.length,
      played: rows.length,
      wrong: rows.flatMap((row) =>
        isAsExpected(row) ? [] : [`not as it says: ${row.bug?.id ?? ownTree.id}`],
      ),
      unknown: hunts.reduce((sum, { unknown }) => sum + unknown, 0),
    },
    interruption,
  );
}

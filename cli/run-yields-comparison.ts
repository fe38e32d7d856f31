import { availableParallelism } from "node:os";
import type { PlantedBug } from "../properties/planted/planted-bug.ts";
import { compareYields, isAsExpected } from "../properties/planted/yield-comparison.ts";
import { yieldBugs } from "../properties/planted/yield-bugs.ts";
import { yieldsMarkdown } from "../reports/recall/yields-markdown.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import type { Interruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { print } from "./output.ts";
import { onTrees, ownTree } from "./planted-trees.ts";
import { writeReport } from "./write-report.ts";

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
  const date = new Date().toISOString().slice(0, 10);
  const origin = { seed, runs, sessions, steps, lanes, postgres, date };
  const machine = `${availableParallelism()} cores`;
  await writeReport(path, yieldsMarkdown(rows, { ...origin, machine }));
  const wrong = rows.filter((row) => !isAsExpected(row));
  for (const { bug } of wrong) print(`not as it says: ${bug?.id ?? ownTree.id}\n`);
  print(`${rows.length} of ${trees.length} trees compared; ${path}\n`);
  const isUnknown =
    rows.length < trees.length ||
    rows.some(({ withYields, withoutYields }) => withYields.unknown + withoutYields.unknown > 0);
  const code = isUnknown ? exitCodes.unknown : exitCodes.ok;
  return interruption.exitCode() ?? (wrong.length > 0 ? exitCodes.violated : code);
}

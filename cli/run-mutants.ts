import { plantedBugs } from "../properties/planted/bugs.ts";
import { equivalentChanges } from "../properties/planted/equivalent-changes.ts";
import { crashesFor, needsYields, type PlantedBug, yieldsFor } from "../properties/planted/planted-bug.ts";
import type { Mode } from "../properties/generate/mode.ts";
import { type Search, trialsOf } from "../properties/planted/recall.ts";
import { type CleanRecall, summaryOf } from "../properties/planted/recall-summary.ts";
import { type Recall, recallDocument } from "../reports/recall/recall-document.ts";
import { recallMarkdown } from "../reports/recall/recall-markdown.ts";
import { recallText } from "../reports/recall/recall-text.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { occasion } from "./comparison-page.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { type Interruption, onInterruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { print, printJson, say, styleOf } from "./output.ts";
import { onTrees, ownTree, type Tree } from "./planted-trees.ts";
import { showMatrix } from "./run-matrix.ts";
import { showWaysComparison, waysPages } from "./run-ways-comparison.ts";
import { showYieldsComparison } from "./run-yields-comparison.ts";
import { writeReport } from "./write-report.ts";

/** Looks for every planted bug, and for false alarms, and reports. Resolves to the exit code. */
export async function mutants(ids: readonly string[], options: MutantsOptions): Promise<number> {
  const bugs = chosenBugs(ids, options);
  const interruption = onInterruption(say);
  try {
    if (options.matrix !== undefined) return await showMatrix(bugs, options.matrix, options, interruption);
    if (options.compareYields !== undefined)
      return await showYieldsComparison(bugs, options.compareYields, options, interruption);
    if (options.compareStrategies !== undefined)
      return await showWaysComparison(
        bugs,
        waysPages.strategies,
        options.compareStrategies,
        options,
        interruption,
      );
    if (options.ablation !== undefined)
      return await showWaysComparison(bugs, waysPages.ablation, options.ablation, options, interruption);
    const recall = await measure(bugs, options, interruption.signal);
    if (options.markdown !== undefined) await writePage(options.markdown, recall);
    if (options.json) printJson(recallDocument(recall));
    else print(recallText(recall, styleOf(process.stdout)));
    return exitCodeOf(recall, interruption);
  } finally {
    interruption.dispose();
  }
}

/** The planted bugs of these ids, of all where there are none, that are of that class and need that. Throws BadInput where
 *  an id is none of theirs, or no bug is left. */
export function chosenBugs(
  ids: readonly string[],
  { class: bugClass, needs }: Pick<MutantsOptions, "class" | "needs">,
): readonly PlantedBug[] {
  const known = new Set(plantedBugs.map(({ id }) => id));
  const strange = ids.filter((id) => !known.has(id));
  if (strange.length > 0)
    throw new BadInput(`no planted bug ${strange.join(", ")}; there are ${[...known].sort().join(", ")}`);
  const bugs = plantedBugs.filter(
    (bug) =>
      (ids.length === 0 || ids.includes(bug.id)) &&
      (bugClass === undefined || bug.bugClass === bugClass) &&
      (needs === undefined || bug.needs.some((need) => need === needs)),
  );
  if (bugs.length === 0) throw new BadInput("no planted bug is of that class and needs that");
  return bugs;
}

const cleanSearch = { readCommitted: false, crashes: "mix" } as const;

async function measure(
  bugs: readonly PlantedBug[],
  options: MutantsOptions,
  stop: AbortSignal,
): Promise<Recall> {
  const { runs, sessions, steps, strategy, seed } = options;
  const cleanRuns = options.cleanRuns ?? runs;
  const seeds = Array.from({ length: options.seeds }, (_, index) => seed + index);
  const changes = cleanRuns === 0 ? [] : [null, ...equivalentChanges];
  const cleanYields = options.yields ?? "mix";
  const yieldsOf = (bug: PlantedBug): Mode => options.yields ?? yieldsFor(bug);
  const trees: (Tree & Pick<Search, "runs" | "yields" | "readCommitted" | "crashes">)[] = [
    ...changes.map((change) => ({
      ...(change ?? ownTree),
      ...cleanSearch,
      runs: cleanRuns,
      yields: cleanYields,
    })),
    ...bugs.map((bug) => ({
      ...bug,
      runs,
      yields: yieldsOf(bug),
      readCommitted: needsYields(bug),
      crashes: crashesFor(bug),
    })),
  ];
  const elapsed = stopwatch();
  const search = {
    seeds,
    size: { sessions, steps },
    strategy,
    replays: options.replays,
    stop,
    secondsNow: elapsed,
  };
  const { results: trials, postgres } = await onTrees(trees, options, stop, (openLane, tree) =>
    trialsOf(openLane, { ...tree, ...search }),
  );
  // What a signal has kept from being played is not told of as clean.
  const clean = changes.flatMap((change, index): CleanRecall[] => {
    const found = trials[index];
    return found === undefined ? [] : [{ change, yields: cleanYields, trials: found }];
  });
  const recalls = bugs.map((bug, index) => ({
    ...{ bug, yields: yieldsOf(bug) },
    trials: trials[changes.length + index] ?? [],
  }));
  return {
    seeds,
    runs,
    cleanRuns,
    sessions,
    steps,
    seconds: elapsed(),
    postgres,
    bugs: recalls,
    clean,
    summary: summaryOf(recalls, clean),
  };
}

async function writePage(path: string, recall: Recall): Promise<void> {
  await writeReport(path, recallMarkdown(recall, occasion()));
}

function exitCodeOf({ summary }: Recall, interruption: Interruption): number {
  const code = { complete: exitCodes.ok, incomplete: exitCodes.violated, unknown: exitCodes.unknown }[
    summary.verdict
  ];
  return interruption.exitCode() ?? code;
}

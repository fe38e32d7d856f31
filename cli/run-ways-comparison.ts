import type { PlantedBug } from "../properties/planted/planted-bug.ts";
import { ablations, compareWays, strategyWays } from "../properties/planted/ways.ts";
import { waysMarkdown } from "../reports/recall/ways-markdown.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { finishPage, occasion } from "./comparison-page.ts";
import type { Interruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { onTrees } from "./planted-trees.ts";

export const waysPages = {
  strategies: {
    ways: strategyWays,
    title: "Strategies: where cases come from, and what that finds",
    option: "--compare-strategies docs/strategies.md",
    limit: "seconds",
  },
  ablation: {
    ways: ablations,
    title: "Ablation: what is not found without an oracle, or without what only this harness controls",
    option: "--ablation docs/ablation.md",
    // A schedule costs about as much in each of these ways, and their number depends on no machine.
    limit: "runs",
  },
} as const;

/** Writes the page that compares ways to look for bugs, in equal time or in equally many schedules. Resolves to the exit code. */
export async function showWaysComparison(
  bugs: readonly PlantedBug[],
  page: (typeof waysPages)[keyof typeof waysPages],
  path: string,
  options: MutantsOptions,
  interruption: Interruption,
): Promise<number> {
  const { seed, sessions, steps, lanes } = options;
  const { signal: stop } = interruption;
  const { title, option, ways, limit } = page;
  const most = options[limit];
  const isEnough = (schedules: number, seconds: number): boolean =>
    (limit === "runs" ? schedules : seconds) >= most;
  const search = { seed, size: { sessions, steps }, isEnough, stop, secondsNow: stopwatch() };
  const { results, postgres } = await onTrees(bugs, options, stop, (openLane, bug) =>
    compareWays(openLane, bug, ways, search),
  );
  const rows = results.flatMap((row) => row ?? []);
  const settings = { title, option, limit, most, seed, sessions, steps, lanes, postgres };
  const origin = { ...settings, ...occasion() };
  const unknown = rows.flatMap(({ hunts }) => hunts).reduce((sum, each) => sum + each.unknown, 0);
  return finishPage(
    {
      path,
      text: waysMarkdown(ways, rows, origin),
      trees: bugs.length,
      played: rows.length,
      wrong: [],
      unknown,
    },
    interruption,
  );
}

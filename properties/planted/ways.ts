import { isFault, type Schedule, type Step } from "../../sim/schedule.ts";
import type { OpenLane } from "../../sim/lane-slot.ts";
import { allOracles, type Oracles } from "../judge-case.ts";
import type { Origin } from "../generate/cases.ts";
import { underReadCommitted } from "../generate/read-committed.ts";
import type { Strategy } from "../generate/strategy.ts";
import { strategies } from "../generate/strategies.ts";
import { type StrategyName, strategyNames } from "../generate/strategy-name.ts";
import { type Chase, type Hunt, hunt } from "./hunt.ts";
import { crashesFor, needsYields, type PlantedBug, yieldsFor } from "./planted-bug.ts";

/** A way to look for bugs, to be compared with others. */
export interface Way {
  readonly id: string;
  readonly strategy: StrategyName;
  readonly oracles: Oracles;
  /** Whether calls are stopped inside functions where a bug needs it, and servers crash. */
  readonly yields: boolean;
  readonly crashes: boolean;
  /** What is played of a generated schedule. */
  readonly playing: (schedule: Schedule) => Schedule;
}

/** The usual way. */
export const usualWay: Way = {
  id: "all",
  strategy: "swarm",
  oracles: allOracles,
  yields: true,
  crashes: true,
  playing: (schedule) => schedule,
};

export const strategyWays: readonly Way[] = strategyNames.map((strategy) => ({
  ...usualWay,
  id: strategy,
  strategy,
}));

const clockSteps: readonly Step["kind"][] = ["advance", "advanceTo"];

/** The usual way, and the same with something taken away. */
export const ablations: readonly Way[] = [
  usualWay,
  { ...usualWay, id: "without the model", oracles: { ...allOracles, model: false } },
  { ...usualWay, id: "without the invariants", oracles: { ...allOracles, invariants: [] } },
  { ...usualWay, id: "without yields", yields: false },
  {
    ...usualWay,
    id: "without faults",
    crashes: false,
    playing: without((step) => isFault(step) || step.kind === "crash" || step.kind === "dropListener"),
  },
  { ...usualWay, id: "without clock jumps", playing: without(({ kind }) => clockSteps.includes(kind)) },
  {
    ...usualWay,
    id: "without ticks",
    playing: ({ setup, ...rest }) => ({ ...rest, setup: { ...setup, stillClock: true } }),
  },
];

function without(isLeftOut: (step: Step) => boolean): Way["playing"] {
  return (schedule) => ({ ...schedule, steps: schedule.steps.filter((step) => !isLeftOut(step)) });
}

/** What each way has come to, in the order of the ways. */
export interface WayComparison {
  readonly bug: PlantedBug;
  readonly hunts: readonly Hunt[];
}

/** Looks for a bug in each of the ways, with the same seed. */
export async function compareWays(
  openLane: OpenLane,
  bug: PlantedBug,
  ways: readonly Way[],
  search: Pick<Origin, "seed" | "size"> & Omit<Chase, "cases" | "oracles">,
): Promise<WayComparison> {
  const hunts: Hunt[] = [];
  for (const way of ways) {
    hunts.push(await hunt(openLane, { ...search, cases: casesFor(bug, way, search), oracles: way.oracles }));
  }
  return { bug, hunts };
}

/** Where the way looks for the bug. */
export function casesFor(bug: PlantedBug, way: Way, { seed, size }: Pick<Origin, "seed" | "size">): Strategy {
  const all = strategies[way.strategy]({
    seed,
    size,
    yields: way.yields ? yieldsFor(bug) : "never",
    crashes: way.crashes ? crashesFor(bug) : "never",
  });
  return {
    ...all,
    caseAt: (index) => {
      const generated = all.caseAt(index);
      return way.playing(needsYields(bug) ? underReadCommitted(generated) : generated);
    },
  };
}

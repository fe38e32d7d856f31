import type { OpenLane } from "../../sim/lane-slot.ts";
import { caseOf } from "../generate/cases.ts";
import type { Mode } from "../generate/mode.ts";
import { underReadCommitted } from "../generate/read-committed.ts";
import type { ScheduleSize } from "../generate/schedules.ts";
import type { Strategy } from "../generate/strategy.ts";
import { type Hunt, hunt } from "./hunt.ts";
import type { YieldBug } from "./yield-bugs.ts";

/** How a bug is looked for in each of the two ways. */
export interface ComparisonSearch {
  readonly seed: number;
  readonly size: ScheduleSize;
  /** Schedules until it is given up. */
  readonly runs: number;
  readonly stop: AbortSignal;
  /** Seconds of real time, from any start. */
  readonly secondsNow: () => number;
}

export interface YieldComparison {
  /** Null: our own migrations. */
  readonly bug: YieldBug | null;
  readonly withYields: Hunt;
  readonly withoutYields: Hunt;
}

/** Looks for a bug with yield points in every schedule, then without any: in as many schedules, and for at least as long.
 *  The schedules are under READ COMMITTED. */
export async function compareYields(
  openLane: OpenLane,
  bug: YieldBug | null,
  search: ComparisonSearch,
): Promise<YieldComparison> {
  const { runs, stop, secondsNow } = search;
  const withYields = await hunt(openLane, {
    ...{ cases: yieldCases(search, "always"), stop, secondsNow },
    isEnough: (schedules) => schedules >= runs,
  });
  const withoutYields = await hunt(openLane, {
    ...{ cases: yieldCases(search, "never"), stop, secondsNow },
    isEnough: (schedules, seconds) => schedules >= runs && seconds >= withYields.seconds,
  });
  return { bug, withYields, withoutYields };
}

/** The cases of a seed, all of them with yield points or none, under READ COMMITTED. */
export function yieldCases({ seed, size }: Pick<ComparisonSearch, "seed" | "size">, yields: Mode): Strategy {
  return { caseAt: (index) => underReadCommitted(caseOf(seed, index, size, yields)) };
}

/** Was a bug found with yield points, and without them just where it says so; and nothing on our own
 *  migrations? */
export function isAsExpected({ bug, withYields, withoutYields }: YieldComparison): boolean {
  const found = [withYields, withoutYields].map(({ signature }) => signature !== null);
  const expected = bug === null ? [false, false] : [true, bug.withoutYields];
  return found.every((each, index) => each === expected[index]);
}

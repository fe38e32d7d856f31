import { type OpenLane, withLaneSlot } from "../../sim/lane-slot.ts";
import { counterexampleOf } from "../counterexample.ts";
import { caseOf } from "../generate/cases.ts";
import type { Mode } from "../generate/mode.ts";
import { underReadCommitted } from "../generate/read-committed.ts";
import type { ScheduleSize } from "../generate/schedules.ts";
import { runCase } from "../run-case.ts";
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

/** What one way has come to. */
export interface Hunt {
  /** Of the first counterexample, or null where there was none. */
  readonly signature: string | null;
  /** Played until then, itself included. */
  readonly schedules: number;
  readonly seconds: number;
  /** Schedules that could not be judged. */
  readonly unknown: number;
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
  const { runs } = search;
  const withYields = await hunt(openLane, "always", search, (schedules) => schedules >= runs);
  const withoutYields = await hunt(
    openLane,
    "never",
    search,
    (schedules, seconds) => schedules >= runs && seconds >= withYields.seconds,
  );
  return { bug, withYields, withoutYields };
}

/** Plays the cases of a seed, one after another, until one is violated or it is enough. */
export async function hunt(
  openLane: OpenLane,
  yields: Mode,
  { seed, size, stop, secondsNow }: Omit<ComparisonSearch, "runs">,
  isEnough: (schedules: number, seconds: number) => boolean,
): Promise<Hunt> {
  const start = secondsNow();
  const seconds = (): number => secondsNow() - start;
  let signature: string | null = null;
  let [schedules, unknown] = [0, 0];
  await withLaneSlot(openLane, async (slot) => {
    while (signature === null && !stop.aborted && !isEnough(schedules, seconds())) {
      const schedule = underReadCommitted(caseOf(seed, schedules, size, yields));
      const result = await runCase(slot, schedule);
      schedules += 1;
      if (result.verdict.kind === "unknown") unknown += 1;
      signature = counterexampleOf(schedule, result)?.signature ?? null;
    }
  });
  return { signature, schedules, seconds: seconds(), unknown };
}

/** Was a bug found with yield points, and without them just where it says so; and nothing on our own
 *  migrations? */
export function isAsExpected({ bug, withYields, withoutYields }: YieldComparison): boolean {
  const found = [withYields, withoutYields].map(({ signature }) => signature !== null);
  const expected = bug === null ? [false, false] : [true, bug.withoutYields];
  return found.every((each, index) => each === expected[index]);
}

import { ceilingOf } from "../../model/ceiling.ts";
import { laneKindOf, type OpenLane, withLaneSlot } from "../../sim/lane-slot.ts";
import { counterexampleOf } from "../counterexample.ts";
import type { Strategy } from "../generate/strategy.ts";
import { allOracles, type Oracles } from "../judge-case.ts";
import { Rounds } from "../rounds.ts";
import { runCase } from "../run-case.ts";
import { timelineOf } from "../timeline.ts";

/** Where to look, and until when. */
export interface Chase {
  readonly cases: Strategy;
  /** All of them when left out. */
  readonly oracles?: Oracles;
  readonly isEnough: (schedules: number, seconds: number) => boolean;
  readonly stop: AbortSignal;
  /** Seconds of real time, from any start. */
  readonly secondsNow: () => number;
}

/** What a hunt has come to. */
export interface Hunt {
  /** Of the first counterexample, or null where there was none. */
  readonly signature: string | null;
  /** Played until then, itself included. */
  readonly schedules: number;
  /** From when its first lane was open. */
  readonly seconds: number;
  /** Schedules that could not be judged. */
  readonly unknown: number;
}

export function isFound(hunt: Hunt | undefined): hunt is Hunt & { readonly signature: string } {
  return hunt !== undefined && hunt.signature !== null;
}

/** Plays cases, one after another, until one is violated or it is enough. Nothing is shrunk. */
export async function hunt(openLane: OpenLane, chase: Chase): Promise<Hunt> {
  const { cases, oracles = allOracles, isEnough, stop, secondsNow } = chase;
  let signature: string | null = null;
  let [schedules, unknown] = [0, 0];
  let seconds = (): number => 0;
  const rounds = new Rounds(cases);
  await withLaneSlot(openLane, async (slot) => {
    // What is made before the first case is not yet playing.
    await slot.get(laneKindOf(cases.caseAt(0)));
    const start = secondsNow();
    seconds = () => secondsNow() - start;
    while (signature === null && !stop.aborted && !isEnough(schedules, seconds())) {
      const index = schedules;
      rounds.begin();
      const schedule = cases.caseAt(index);
      const result = await runCase(slot, schedule, oracles);
      const { history } = result;
      const timeline = history && timelineOf(history, ceilingOf(schedule.setup.retryCeiling));
      rounds.end({ index, timeline });
      schedules += 1;
      if (result.verdict.kind === "unknown") unknown += 1;
      signature = counterexampleOf(schedule, result)?.signature ?? null;
    }
  });
  return { signature, schedules, seconds: seconds(), unknown };
}

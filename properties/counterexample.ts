import type { History } from "../sim/history.ts";
import { type LaneSlot, type OpenLane, withLaneSlot } from "../sim/lane-slot.ts";
import type { Schedule } from "../sim/schedule.ts";
import { allOracles, type Oracles } from "./judge-case.ts";
import { type CaseResult, runCase } from "./run-case.ts";
import { shrink } from "./shrink/shrink.ts";
import { signatureOf, type Violation } from "./verdict.ts";

/** A schedule with a history that is violated. */
export interface Counterexample {
  readonly signature: string;
  /** What names it, then everything else that the oracles saw in the same history. */
  readonly violations: readonly [Violation, ...Violation[]];
  readonly schedule: Schedule;
  readonly history: History;
}

export interface ShrunkCounterexample extends Counterexample {
  readonly original: Schedule;
  /** Candidates played while shrinking. */
  readonly candidates: number;
  /** False when no fresh database has shown the violation again: then it is not shrunk. If one was there to be asked, the
   *  harness or the server is not deterministic. */
  readonly reproduced: boolean;
}

/** The counterexample in a case's result, or null. */
export function counterexampleOf(
  schedule: Schedule,
  { history, verdict }: CaseResult,
): Counterexample | null {
  if (verdict.kind !== "violated" || history === null) return null;
  const signature = signatureOf(verdict.violations[0]);
  return { signature, violations: verdict.violations, schedule, history };
}

/** Confirms a counterexample on a fresh lane, shrinks it there, and plays the result once more on another fresh lane. */
export async function shrinkCounterexample(
  found: Counterexample,
  openLane: OpenLane,
  signal: AbortSignal,
  oracles: Oracles = allOracles,
): Promise<ShrunkCounterexample> {
  const { schedule: original, signature } = found;
  const playAgain = async (slot: LaneSlot, schedule: Schedule): Promise<Counterexample | null> => {
    const again = counterexampleOf(schedule, await runCase(slot, schedule, oracles));
    return again?.signature === signature ? again : null;
  };
  const playFresh = (schedule: Schedule) => withLaneSlot(openLane, (slot) => playAgain(slot, schedule));

  const replayed = await playFresh(original);
  if (replayed === null) return asFound(found);
  const { schedule, candidates } = await withLaneSlot(openLane, (slot) =>
    shrink(original, async (candidate) => (await playAgain(slot, candidate)) !== null, signal),
  );
  // A minimum that only a used database shows is none.
  const minimal = (await playFresh(schedule)) ?? replayed;
  return { ...minimal, original, candidates, reproduced: true };
}

/** A counterexample that was neither confirmed nor shrunk. */
export function asFound(found: Counterexample): ShrunkCounterexample {
  return { ...found, original: found.schedule, candidates: 0, reproduced: false };
}

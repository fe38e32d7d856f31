import type { Schedule } from "../../sim/schedule.ts";
import { scheduleArbitrary } from "../generate/schedules.ts";
import { isCheaper } from "./cost.ts";
import { ddmin } from "./ddmin.ts";
import { moves } from "./moves.ts";

export interface Shrunk {
  readonly schedule: Schedule;
  /** How many candidates were played. */
  readonly candidates: number;
}

/** Does the candidate fail in the same way as the original, that is with the same signature? */
export type Fails = (candidate: Schedule) => Promise<boolean>;

/** Shrinks to a fixpoint of all three: delta debugging on the steps, the arbitrary's own shrinking, and moves that neither
 *  knows. Every accepted candidate is cheaper, so it ends; stops early, with the best so far, when `signal` says so. */
export async function shrink(original: Schedule, fails: Fails, signal: AbortSignal): Promise<Shrunk> {
  const tried = new Set<string>();
  let candidates = 0;
  const ask: Fails = async (candidate) => {
    const text = JSON.stringify(candidate);
    if (signal.aborted || tried.has(text)) return false;
    tried.add(text);
    candidates += 1;
    return fails(candidate);
  };

  let best = original;
  for (;;) {
    const steps = await ddmin(best.steps, (shorter) => ask({ ...best, steps: shorter }));
    const shorter = { ...best, steps };
    const smaller = await descend(await descend(shorter, ownShrinks, ask), moves, ask);
    if (smaller === best || !isCheaper(smaller, best)) return { schedule: best, candidates };
    best = smaller;
  }
}

function ownShrinks(schedule: Schedule): Iterable<Schedule> {
  const size = { sessions: schedule.sessions.length, steps: Math.max(1, schedule.steps.length) };
  return scheduleArbitrary(size)
    .shrink(schedule, undefined)
    .map(({ value }) => value);
}

/** Takes the first cheaper candidate that fails, again and again, until none does. */
async function descend(
  start: Schedule,
  candidatesOf: (schedule: Schedule) => Iterable<Schedule>,
  fails: Fails,
): Promise<Schedule> {
  let current = start;
  for (;;) {
    const next = await firstFailing(current, candidatesOf(current), fails);
    if (next === null) return current;
    current = next;
  }
}

async function firstFailing(
  current: Schedule,
  candidates: Iterable<Schedule>,
  fails: Fails,
): Promise<Schedule | null> {
  for (const candidate of candidates) {
    if (isCheaper(candidate, current) && (await fails(candidate))) return candidate;
  }
  return null;
}

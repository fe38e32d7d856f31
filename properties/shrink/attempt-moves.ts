import type { Schedule, Step } from "../../sim/schedule.ts";
import { plainest } from "./plainest.ts";
import { rowsOf } from "./row-moves.ts";

/** Shorter ways for attempts to end, and fewer of them. */
export function* attemptMoves(schedule: Schedule): Generator<Schedule> {
  yield* withCompletions(schedule);
  yield* withLowerCeiling(schedule);
}

/** A completion in place of a repair, and of the jump that let the lease run out. */
function* withCompletions(schedule: Schedule): Generator<Schedule> {
  const { steps } = schedule;
  for (const [at, step] of steps.entries()) {
    if (step.kind !== "call" || step.call.op !== "repair") continue;
    const { kind, session } = step;
    for (const [jump, other] of steps.entries()) {
      if (other.kind !== "advance" && other.kind !== "advanceTo") continue;
      for (const row of rowsOf(schedule)) {
        for (const state of ["RETRYABLE", "DISPATCHED"] as const) {
          const completion: Step = {
            kind,
            session,
            call: { op: "complete", ...plainest.complete, row, state },
          };
          yield { ...schedule, steps: steps.with(at, completion).toSpliced(jump, 1) };
        }
      }
    }
  }
}

/** The steps of an attempt, at the most. */
const longestAttempt = 4;

/** One attempt less until the ceiling, and a few steps less that lie together: those of an attempt. */
function* withLowerCeiling(schedule: Schedule): Generator<Schedule> {
  const { setup, steps } = schedule;
  const ceiling = Number(setup.retryCeiling);
  if (!(ceiling > 1)) return;
  for (const from of steps.keys())
    for (let count = 1; count <= longestAttempt; count += 1)
      yield {
        ...schedule,
        setup: { ...setup, retryCeiling: String(ceiling - 1) },
        steps: steps.toSpliced(from, count),
      };
}

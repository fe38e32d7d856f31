import type { Schedule, Step } from "../../sim/schedule.ts";

/** Shorter schedules in which time does what steps did. */
export function* clockMoves(schedule: Schedule): Generator<Schedule> {
  yield* withoutDeadlines(schedule);
  yield* withoutTransactions(schedule);
}

/** A step less, the claim perhaps, and the clock set on past the end of so long a lease instead of to a deadline. */
function* withoutDeadlines(schedule: Schedule): Generator<Schedule> {
  if (!schedule.steps.some(({ kind }) => kind === "advanceTo")) return;
  for (const seconds of secondsIn(schedule)) {
    const { steps } = pastLeases(schedule, seconds);
    for (const dropped of steps.keys())
      yield { ...schedule, steps: steps.filter((_, other) => other !== dropped) };
  }
}

/** No transaction that keeps a row from a claim, but another lease that outlasts the rest. */
function* withoutTransactions(schedule: Schedule): Generator<Schedule> {
  for (const [begin, end] of transactionsIn(schedule.steps)) {
    const rest = schedule.steps.filter((_, index) => index !== begin && index !== end);
    for (const [index, step] of rest.entries()) {
      if (step.kind !== "call" || step.call.op !== "claim" || step.call.leaseSeconds === null) continue;
      const leaseSeconds = step.call.leaseSeconds + 1;
      const steps = rest.with(index, { ...step, call: { ...step.call, leaseSeconds } });
      yield pastLeases({ ...schedule, steps }, leaseSeconds);
    }
  }
}

/** Where a session begins, and where it next commits or rolls back. */
function transactionsIn(steps: Schedule["steps"]): readonly (readonly [number, number])[] {
  return steps.flatMap((step, begin) => {
    if (step.kind !== "begin") return [];
    const end = steps.findIndex(
      (other, index) =>
        index > begin &&
        (other.kind === "commit" || other.kind === "rollback") &&
        other.session === step.session,
    );
    return end < 0 ? [] : [[begin, end] as const];
  });
}

/** Each clock jump goes past the end of a lease of so many seconds. */
function pastLeases(schedule: Schedule, seconds: number): Schedule {
  const steps = schedule.steps.map((step): Step =>
    step.kind === "advance" || step.kind === "advanceTo" ? { kind: "advance", seconds: seconds + 1 } : step,
  );
  return { ...schedule, steps };
}

/** The lengths of leases and delays that the calls give, each once. */
function secondsIn({ steps }: Schedule): ReadonlySet<number> {
  const lengths = steps.flatMap((step): (number | null)[] => {
    if (step.kind !== "call") return [];
    if (step.call.op === "claim") return [step.call.leaseSeconds];
    return step.call.op === "complete" ? [step.call.retryDelaySeconds] : [];
  });
  return new Set(lengths.flatMap((seconds) => (seconds !== null && seconds > 0 ? [seconds] : [])));
}

import type { Look } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const attemptNumbering: Invariant = {
  id: "INV-08",
  name: "attempt numbering",
  statement: "attempt_no is 1..n per outbox_id, and a pending row's attempt_count is n",
  check: (timeline) => firstFault(timeline.looks, checkLook),
};

function checkLook({ event, observation }: Look): Fault | null {
  const numbers = new Map<string, number[]>();
  for (const { outboxId, attemptNo } of observation.attempts) {
    numbers.set(outboxId, [...(numbers.get(outboxId) ?? []), attemptNo]);
  }
  const gap = firstFault(numbers, ([row, attemptNos]) => {
    const sorted = attemptNos.toSorted((a, b) => a - b);
    if (sorted.every((number, index) => number === index + 1)) return null;
    return {
      event,
      rule: "attempts are not numbered 1..n",
      expected: `${row}: 1..${sorted.length}`,
      observed: sorted.join(", "),
    };
  });
  if (gap !== null) return gap;
  return firstFault(observation.pending, ({ outboxId, attemptCount }) => {
    const expected = numbers.get(outboxId)?.length ?? 0;
    if (attemptCount === expected) return null;
    return {
      event,
      rule: "attempt_count is not the number of attempts",
      expected: `${outboxId}: ${expected}`,
      observed: String(attemptCount),
    };
  });
}

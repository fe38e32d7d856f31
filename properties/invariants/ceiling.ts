import { committedBefore, type Look, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const ceilingHolds: Invariant = {
  id: "INV-09",
  name: "ceiling",
  statement:
    "no attempt with attempt_no >= the ceiling leaves its row pending; a row has at most that many attempts and committed claims",
  check: (timeline) => {
    const { ceiling } = timeline;
    if (ceiling === null) return null;
    return firstFault(
      timeline.looks,
      (look) => checkLook(look, ceiling) ?? checkClaims(timeline, look, ceiling),
    );
  },
};

function checkLook({ event, observation }: Look, ceiling: number): Fault | null {
  const pending = new Set(observation.pending.map((row) => row.outboxId));
  return firstFault(observation.attempts, ({ outboxId, attemptNo, state }) => {
    const observed = `${outboxId}: attempt ${attemptNo}, ${state}`;
    if (attemptNo > ceiling) {
      return { event, rule: "more attempts than the ceiling", expected: `at most ${ceiling}`, observed };
    }
    if (attemptNo < ceiling || !pending.has(outboxId)) return null;
    return { event, rule: "pending after the last attempt", expected: "not pending", observed };
  });
}

function checkClaims(timeline: Timeline, { event }: Look, ceiling: number): Fault | null {
  const claims = new Map<string, number>();
  for (const answered of timeline.answered) {
    if (!committedBefore(timeline, answered, event)) continue;
    for (const { outboxId } of rowsOf(answered, "claim"))
      claims.set(outboxId, (claims.get(outboxId) ?? 0) + 1);
  }
  return firstFault(claims, ([row, count]) =>
    count <= ceiling
      ? null
      : {
          event,
          rule: "more claims than the ceiling",
          expected: `at most ${ceiling}`,
          observed: `${row}: ${count}`,
        },
  );
}

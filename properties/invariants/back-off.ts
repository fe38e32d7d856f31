import { lastLeaseEvent } from "../lease-history.ts";
import { type Answered, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const backOff: Invariant = {
  id: "INV-13",
  name: "back-off",
  statement: "no row is claimed before its next_attempt_at",
  check: (timeline) => firstFault(timeline.answered, (answered) => checkClaim(timeline, answered)),
};

function checkClaim(timeline: Timeline, claim: Answered): Fault | null {
  return firstFault(rowsOf(claim, "claim"), ({ outboxId }) => {
    const last = lastLeaseEvent(timeline, outboxId, claim);
    const dueAt = last === undefined ? enqueuedAt(timeline, outboxId) : dueAfter(last);
    if (dueAt === null || claim.transaction.now >= dueAt) return null;
    return {
      event: claim.respondedAt,
      rule: "claimed before its next attempt is due",
      expected: `not before ${dueAt}`,
      observed: `${outboxId} claimed at ${claim.transaction.now}`,
    };
  });
}

function dueAfter(last: NonNullable<ReturnType<typeof lastLeaseEvent>>): number | null {
  return last.kind === "released" ? last.nextAttemptAt : null;
}

function enqueuedAt({ answered }: Timeline, outboxId: string): number | null {
  const rows = answered.flatMap((each) => rowsOf(each, "enqueue"));
  return rows.find((row) => row.outboxId === outboxId)?.createdAt ?? null;
}

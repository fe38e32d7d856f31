import { type Micros, microsPerSecond } from "../model/operation.ts";
import { type Answered, committedBefore, rowsOf, type Timeline } from "./timeline.ts";

/** What happened last to a row's lease, as callers were told. */
export type LeaseEvent =
  | {
      readonly kind: "granted";
      readonly token: string;
      readonly worker: string | null;
      readonly expiresAt: Micros;
      readonly by: Answered;
    }
  | { readonly kind: "released"; readonly nextAttemptAt: Micros | null; readonly by: Answered };

/** Everything that callers were told of the row's lease, in the order of the answers. */
export function leaseEvents(timeline: Timeline, outboxId: string): readonly LeaseEvent[] {
  return timeline.answered.flatMap((answered) => leaseEventsOf(answered, outboxId));
}

/** The last of them that counts for a call: answered before it, and committed by then or of its own transaction. */
export function lastLeaseEvent(timeline: Timeline, outboxId: string, call: Answered): LeaseEvent | undefined {
  return leaseEvents(timeline, outboxId).findLast(
    ({ by }) =>
      by.respondedAt < call.respondedAt &&
      (isOwn(by, call) || committedBefore(timeline, by, call.respondedAt)),
  );
}

/** Of the same transaction, and not taken back by then. */
function isOwn({ transaction, undoneAt }: Answered, call: Answered): boolean {
  return transaction.id === call.transaction.id && (undoneAt === null || undoneAt > call.respondedAt);
}

function leaseEventsOf(by: Answered, outboxId: string): readonly LeaseEvent[] {
  const { operation, transaction } = by;
  if (operation.kind === "claim") {
    return rowsOf(by, "claim")
      .filter((row) => row.outboxId === outboxId)
      .map(({ leaseToken, leaseExpiresAt }) => ({
        kind: "granted",
        token: leaseToken,
        worker: operation.workerId,
        expiresAt: leaseExpiresAt,
        by,
      }));
  }
  if (operation.kind === "complete" && operation.outboxId === outboxId) {
    const delaySeconds = Math.max(1, operation.retryDelaySeconds ?? 1);
    return rowsOf(by, "complete").map(({ state }) => ({
      kind: "released",
      nextAttemptAt: state === "RETRYABLE" ? transaction.now + delaySeconds * microsPerSecond : null,
      by,
    }));
  }
  return rowsOf(by, "repair")
    .filter((row) => row.outboxId === outboxId)
    .map(() => ({ kind: "released", nextAttemptAt: transaction.now + microsPerSecond, by }));
}

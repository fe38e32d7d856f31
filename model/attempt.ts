import type { AttemptState, Micros } from "./operation.ts";
import type { AttemptRow, PendingRow } from "./state.ts";
import type { Write } from "./write.ts";

/** What an attempt records besides its row's copy and the call's time. */
export type Outcome = Pick<
  AttemptRow,
  | "attemptNo"
  | "state"
  | "completedAt"
  | "railReference"
  | "railCode"
  | "errorCode"
  | "errorMessage"
  | "latencyMs"
  | "workerId"
>;

/** DISPATCHED and FAILED end an outbox row (contract 1, 0008). */
export function isTerminal(state: AttemptState): boolean {
  return state === "DISPATCHED" || state === "FAILED";
}

/** The attempt that a call at `now` appends for the row: "claimed_at = created_at = now of the call that records it" (contract 2). */
export function attemptOf(row: PendingRow, outcome: Outcome, now: Micros): AttemptRow {
  const { outboxId, instructionId, participantId, sequenceId, idempotencyKey, railType, payload } = row;
  const copy = { outboxId, instructionId, participantId, sequenceId, idempotencyKey, railType, payload };
  return { ...copy, ...outcome, claimedAt: now, createdAt: now };
}

/** Appends the attempt; then the row leaves pending, or goes back to it until `nextAttemptAt` without a lease. */
export function recordAttempt(row: PendingRow, attempt: AttemptRow, nextAttemptAt: Micros): readonly Write[] {
  const id = row.outboxId;
  const requeued: PendingRow = {
    ...row,
    attemptCount: attempt.attemptNo,
    nextAttemptAt,
    claimedBy: null,
    leaseToken: null,
    leaseExpiresAt: null,
  };
  return [
    { table: "attempts", id, row: attempt },
    { table: "pending", id, row: isTerminal(attempt.state) ? null : requeued },
  ];
}

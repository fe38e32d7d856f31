import { attemptOf, isTerminal, recordAttempt } from "./attempt.ts";
import type { ErrorKind } from "./errors.ts";
import { accept, type Circumstances, type Judgement, mustFail, mustNotFail, refuse } from "./judgement.ts";
import { type Complete, type Micros, microsPerSecond } from "./operation.ts";
import type { CompletedRow, Response } from "./response.ts";
import { lastAttemptNo, type OutboxState, type PendingRow } from "./state.ts";

/** Model of complete_outbox_attempt (contract 3): a completion under the row's current, live lease. Never throws, never mutates. */
export function judgeComplete(
  view: OutboxState,
  op: Complete,
  response: Response,
  circumstances: Circumstances,
): Judgement {
  const row = heldRow(view, op, circumstances.now);
  const errors = completionErrors(op, row, circumstances.ceiling);
  if (row === null || errors.length > 0) return mustFail("complete", errors, response);
  if (response.kind === "fail") return mustNotFail("complete", response);

  const attemptNo = lastAttemptNo(view, row.outboxId) + 1;
  const state = recordedState(op, attemptNo, circumstances.ceiling);
  const observed = response.rows[0] as CompletedRow | undefined;
  const expected = `ok one row: attempt ${attemptNo}, ${state}`;
  if (observed === undefined || response.rows.length !== 1)
    return refuse("complete: returns one row", expected);
  if (observed.attemptNo !== attemptNo) return refuse("complete: numbers its attempt max + 1", expected);
  if (observed.state !== state) return refuse("complete: records the state, FAILED at the ceiling", expected);

  return accept(completionWrites(row, op, { attemptNo, state }, circumstances.now));
}

/** The pending row, if the caller holds its live lease: token, worker, and "lease_expires_at > now". */
function heldRow(view: OutboxState, op: Complete, now: Micros): PendingRow | null {
  const row = op.outboxId === null ? undefined : view.pending.get(op.outboxId);
  if (row?.leaseToken == null || row.leaseExpiresAt === null) return null;
  const held = row.leaseToken === op.leaseToken && row.claimedBy === op.workerId && row.leaseExpiresAt > now;
  return held ? row : null;
}

function completionErrors(op: Complete, row: PendingRow | null, ceiling: number | null): ErrorKind[] {
  const errors: ErrorKind[] = [];
  if (row === null) errors.push("LEASE_LOST");
  if (op.state !== "DISPATCHED" && op.state !== "FAILED" && op.state !== "RETRYABLE")
    errors.push("bad state");
  if (op.latencyMs !== null && op.latencyMs < 0) errors.push("bad argument");
  if (row !== null && op.state === "RETRYABLE" && ceiling === null) errors.push("bad ceiling");
  return errors;
}

function recordedState(op: Complete, attemptNo: number, ceiling: number | null): CompletedRow["state"] {
  if (op.state === "RETRYABLE" && ceiling !== null && attemptNo >= ceiling) return "FAILED";
  return op.state ?? "FAILED";
}

function completionWrites(row: PendingRow, op: Complete, recorded: CompletedRow, now: Micros) {
  const { railReference, railCode, errorCode, errorMessage, latencyMs, workerId } = op;
  const outcome = { railReference, railCode, errorCode, errorMessage, latencyMs, workerId };
  const completedAt = isTerminal(recorded.state) ? now : null;
  const attempt = attemptOf(row, { ...outcome, ...recorded, completedAt }, now);
  const delaySeconds = Math.max(1, op.retryDelaySeconds ?? 1);
  return recordAttempt(row, attempt, now + delaySeconds * microsPerSecond);
}

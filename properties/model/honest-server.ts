import { claimOrder, isDue } from "../../model/claim.ts";
import { fail, ok } from "../../model/fixtures.ts";
import type { Circumstances } from "../../model/judgement.ts";
import type { Claim, Complete, Enqueue, OutboxOperation, Repair } from "../../model/operation.ts";
import { isExpired, repairOrder } from "../../model/repair.ts";
import type { Response } from "../../model/response.ts";
import { keyOf, lastAttemptNo, type OutboxState, type PendingRow } from "../../model/state.ts";

const second = 1_000_000;
const badArgument = fail("22023");

/** A server for tests that answers as contract 3 says, first error first. It decides for itself what the model only
 *  judges. `freshId` gives ids and tokens. */
export function honestAnswer(
  state: OutboxState,
  operation: OutboxOperation,
  circumstances: Circumstances,
  freshId: () => string,
): Response {
  switch (operation.kind) {
    case "enqueue":
      return enqueue(state, operation, circumstances, freshId);
    case "claim":
      return claim(state, operation, circumstances, freshId);
    case "complete":
      return complete(state, operation, circumstances);
    case "repair":
      return repair(state, operation, circumstances);
    case "ceiling":
      return circumstances.ceiling === null ? badArgument : ok({ ceiling: circumstances.ceiling });
  }
}

function enqueue(state: OutboxState, op: Enqueue, { now }: Circumstances, freshId: () => string): Response {
  const keys = [op.instructionId, op.participantId, op.idempotencyKey];
  if (keys.some((text) => !text || Buffer.byteLength(text) > 512)) return badArgument;
  if (!op.railType || op.payload?.trim().startsWith("{") !== true) return badArgument;
  const known = state.keys.get(keyOf(op));
  if (known === undefined) {
    const sequenceId = state.sequences.get(op.participantId ?? "") ?? 1;
    return ok({ outboxId: freshId(), sequenceId, createdAt: now, state: "PENDING" });
  }
  const isPending = state.pending.has(known.outboxId);
  return ok({
    ...known,
    state: isPending ? "PENDING" : (state.attempts.get(known.outboxId)?.at(-1)?.state ?? null),
  });
}

function claim(state: OutboxState, op: Claim, circumstances: Circumstances, freshId: () => string): Response {
  const { batchSize, workerId, leaseSeconds } = op;
  if (!batchSize || batchSize < 1 || !workerId || !leaseSeconds || leaseSeconds < 1) return badArgument;
  const due = sortedBy(claimOrder, state, circumstances, (row) => isDue(row, circumstances.now));
  return ok(
    ...due.slice(0, batchSize).map((row) => ({
      outboxId: row.outboxId,
      instructionId: row.instructionId,
      participantId: row.participantId,
      sequenceId: row.sequenceId,
      idempotencyKey: row.idempotencyKey,
      railType: row.railType,
      payload: row.payload,
      attemptCount: row.attemptCount,
      leaseToken: freshId(),
      leaseExpiresAt: circumstances.now + leaseSeconds * second,
    })),
  );
}

function complete(state: OutboxState, op: Complete, { now, ceiling }: Circumstances): Response {
  if (op.state === null || op.state === "DISPATCHING" || op.state === "ZOMBIE_REQUEUE") return fail("P7003");
  if (op.latencyMs !== null && op.latencyMs < 0) return badArgument;
  const row = state.pending.get(op.outboxId ?? "");
  const mine = row?.leaseToken === op.leaseToken && row.claimedBy === op.workerId;
  if (row?.leaseExpiresAt == null || !mine || row.leaseExpiresAt <= now) return fail("P7002");
  const attemptNo = lastAttemptNo(state, row.outboxId) + 1;
  if (op.state !== "RETRYABLE") return ok({ attemptNo, state: op.state });
  if (ceiling === null) return badArgument;
  return ok({ attemptNo, state: attemptNo < ceiling ? "RETRYABLE" : "FAILED" });
}

function repair(state: OutboxState, op: Repair, circumstances: Circumstances): Response {
  if (!op.batchSize || op.batchSize < 1 || !op.workerId) return badArgument;
  const expired = sortedBy(repairOrder, state, circumstances, (row) => isExpired(row, circumstances.now));
  if (expired.length > 0 && circumstances.ceiling === null) return badArgument;
  return ok(
    ...expired.slice(0, op.batchSize).map(({ outboxId }) => ({
      outboxId,
      attemptNo: lastAttemptNo(state, outboxId) + 1,
    })),
  );
}

function sortedBy(
  order: typeof claimOrder,
  state: OutboxState,
  { lockedByAnother }: Circumstances,
  wanted: (row: PendingRow) => boolean,
): readonly PendingRow[] {
  return [...state.pending.values()]
    .filter((row) => wanted(row) && !lockedByAnother(row.outboxId))
    .sort((a, b) => {
      const [[a1 = 0, a2 = 0], [b1 = 0, b2 = 0]] = [order(a), order(b)];
      return a1 - b1 || a2 - b2;
    });
}

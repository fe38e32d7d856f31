import { expect, test } from "vitest";
import { judge } from "./judge.ts";
import type { Circumstances } from "./judgement.ts";
import type { Claim, Complete, Enqueue, Micros, Operation, Repair } from "./operation.ts";
import type { ClaimedRow, Fail, Ok, Response } from "./response.ts";
import {
  type AttemptRow,
  emptyState,
  keyOf,
  type KeyEntry,
  type OutboxState,
  type PendingRow,
} from "./state.ts";
import { applyWrites } from "./write.ts";

/** Examples for tests: rows, states and operations of which a test says only what matters to it. */

/** The now of every example that gives no other. */
export const now: Micros = 1_800_000_000_000_000;
export const second = 1_000_000;

export const usual: Circumstances = {
  now,
  ceiling: 20,
  lockedByAnother: () => false,
  freshToken: () => true,
  statement: emptyState,
  latest: emptyState,
};

/** A row due now, of participant p; the number in its id is its sequence number, and its instruction is named like it. */
export function pending(outboxId: string, over: Partial<PendingRow> = {}): PendingRow {
  return {
    outboxId,
    instructionId: `of ${outboxId}`,
    participantId: "p",
    sequenceId: Number(outboxId.replace(/\D/g, "")),
    idempotencyKey: "1",
    railType: "sepa",
    payload: "{}",
    attemptCount: 0,
    nextAttemptAt: now,
    createdAt: now,
    claimedBy: null,
    leaseToken: null,
    leaseExpiresAt: null,
    ...over,
  };
}

/** The row leased to w1 under the token "t", for another second unless told otherwise. */
export function leased(outboxId: string, over: Partial<PendingRow> = {}): PendingRow {
  return pending(outboxId, {
    claimedBy: "w1",
    leaseToken: "t",
    leaseExpiresAt: now + second,
    ...over,
  });
}

export function attempt(outboxId: string, attemptNo: number, over: Partial<AttemptRow> = {}): AttemptRow {
  const { instructionId, participantId, sequenceId, idempotencyKey, railType, payload } = pending(outboxId);
  return {
    ...{ outboxId, attemptNo, instructionId, participantId, sequenceId, idempotencyKey, railType, payload },
    state: "RETRYABLE",
    claimedAt: now,
    completedAt: null,
    railReference: null,
    railCode: null,
    errorCode: null,
    errorMessage: null,
    latencyMs: null,
    workerId: "w1",
    createdAt: now,
    ...over,
  };
}

/** n attempts of the row, numbered from 1. */
export function attempts(outboxId: string, n: number): readonly AttemptRow[] {
  return Array.from({ length: n }, (_, index) => attempt(outboxId, index + 1));
}

/** The state that holds these rows, with the keys and counters that belong to them. */
export function stateOf(rows: readonly PendingRow[], ledger: readonly AttemptRow[] = []): OutboxState {
  const keys = new Map<string, KeyEntry>();
  const sequences = new Map<string, number>();
  const byRow = new Map<string, readonly AttemptRow[]>();
  for (const row of [...rows, ...ledger]) {
    const { outboxId, sequenceId, createdAt, participantId } = row;
    if (!keys.has(keyOf(row))) keys.set(keyOf(row), { outboxId, sequenceId, createdAt });
    sequences.set(participantId, Math.max(sequences.get(participantId) ?? 1, sequenceId + 1));
  }
  for (const row of ledger) byRow.set(row.outboxId, [...(byRow.get(row.outboxId) ?? []), row]);
  return {
    ...emptyState,
    pending: new Map(rows.map((row) => [row.outboxId, row])),
    attempts: byRow,
    sequences,
    keys,
  };
}

export function enqueue(over: Partial<Enqueue> = {}): Enqueue {
  const texts = { instructionId: "a", participantId: "p", idempotencyKey: "1", railType: "sepa" };
  return { kind: "enqueue", ...texts, payload: "{}", ...over };
}

export function claim(over: Partial<Claim> = {}): Claim {
  return { kind: "claim", batchSize: 1, workerId: "w1", leaseSeconds: 10, ...over };
}

/** Of r1, under the lease that leased() gives. */
export function complete(over: Partial<Complete> = {}): Complete {
  return {
    kind: "complete",
    outboxId: "r1",
    leaseToken: "t",
    workerId: "w1",
    state: "DISPATCHED",
    railReference: null,
    railCode: null,
    errorCode: null,
    errorMessage: null,
    latencyMs: null,
    retryDelaySeconds: 1,
    ...over,
  };
}

export function repair(over: Partial<Repair> = {}): Repair {
  return { kind: "repair", batchSize: 1, workerId: "fixer", ...over };
}

export function ok(...rows: Ok["rows"]): Ok {
  return { kind: "ok", rows };
}

export function fail(sqlstate: string): Fail {
  return { kind: "fail", sqlstate, message: "", cycle: [] };
}

/** What claim() answers for the row: a lease of ten seconds under a token of its own. */
export function claimed(row: PendingRow, over: Partial<ClaimedRow> = {}): ClaimedRow {
  const { outboxId, instructionId, participantId, sequenceId, idempotencyKey, railType, payload } = row;
  return {
    ...{ outboxId, instructionId, participantId, sequenceId, idempotencyKey, railType, payload },
    attemptCount: row.attemptCount,
    leaseToken: `lease of ${outboxId}`,
    leaseExpiresAt: now + 10 * second,
    ...over,
  };
}

/** A line of a table of examples: the response is "accepted", or refused by the rule that is given. */
export function check(
  description: string,
  state: OutboxState,
  operation: Operation,
  response: Response,
  expected: string,
  circumstances: Partial<Circumstances> = {},
): void {
  test(description, () => {
    const judgement = judge(state, operation, response, { ...usual, ...circumstances });
    expect(judgement.allowed ? "accepted" : judgement.rule).toBe(expected);
  });
}

/** The state after a response that must be accepted. */
export function after(
  state: OutboxState,
  operation: Operation,
  response: Response,
  circumstances: Partial<Circumstances> = {},
): OutboxState {
  const judgement = judge(state, operation, response, { ...usual, ...circumstances });
  if (!judgement.allowed) throw new Error(`refused: ${judgement.rule}`);
  return applyWrites(state, judgement.writes);
}

import { batchFault } from "./batch.ts";
import { accept, type Circumstances, type Judgement, mustFail, mustNotFail, refuse } from "./judgement.ts";
import { type Claim, type Micros, microsPerSecond } from "./operation.ts";
import type { ClaimedRow, Response } from "./response.ts";
import type { OutboxState, PendingRow } from "./state.ts";
import type { Write } from "./write.ts";

/** Model of claim_outbox_batch (contract 3): a lease on each of the first due rows. Never throws, never mutates. */
export function judgeClaim(
  view: OutboxState,
  op: Claim,
  response: Response,
  circumstances: Circumstances,
): Judgement {
  const { batchSize, workerId, leaseSeconds } = op;
  const bad = !isPositive(batchSize) || !isPositive(leaseSeconds) || workerId === null || workerId === "";
  if (bad) return mustFail("claim", ["bad argument"], response);
  if (response.kind === "fail") return mustNotFail("claim", response);

  const rows = response.rows as readonly ClaimedRow[];
  const { now, lockedByAnother } = circumstances;
  const fault = batchFault(
    { view, wanted: (row) => isDue(row, now), order: claimOrder, batchSize, lockedByAnother },
    rows.map((row) => row.outboxId),
  );
  if (fault !== null) return refuse(`claim: ${fault.rule}`, fault.expected);
  return judgeLeases(
    view,
    rows,
    { workerId, expiresAt: now + leaseSeconds * microsPerSecond },
    circumstances,
  );
}

/** "Due: no lease, next_attempt_at <= now" (contract 3, claim). An expired lease is not due. */
export function isDue(row: PendingRow, now: Micros): boolean {
  return row.leaseToken === null && row.nextAttemptAt <= now;
}

/** "in order (next_attempt_at, created_at)" (contract 3, claim) */
export function claimOrder(row: PendingRow): readonly Micros[] {
  return [row.nextAttemptAt, row.createdAt];
}

function isPositive(value: number | null): value is number {
  return value !== null && value >= 1;
}

function judgeLeases(
  view: OutboxState,
  rows: readonly ClaimedRow[],
  lease: { readonly workerId: string; readonly expiresAt: Micros },
  { freshToken }: Circumstances,
): Judgement {
  const writes: Write[] = [];
  const tokens = new Set<string>();
  for (const row of rows) {
    const before = view.pending.get(row.outboxId);
    if (before === undefined) return refuse("claim: takes a row that it must not take", "a pending row");
    const expected = claimedRow(before, row.leaseToken, lease.expiresAt);
    if (!equalRows(row, expected)) {
      return refuse("claim: returns the row as it is", JSON.stringify(expected));
    }
    if (typeof row.leaseToken !== "string" || tokens.has(row.leaseToken) || !freshToken(row.leaseToken)) {
      return refuse("claim: a lease token is never used twice", "a fresh lease token");
    }
    tokens.add(row.leaseToken);
    const after: PendingRow = {
      ...before,
      claimedBy: lease.workerId,
      leaseToken: row.leaseToken,
      leaseExpiresAt: lease.expiresAt,
    };
    writes.push({ table: "pending", id: row.outboxId, row: after });
  }
  return accept(writes);
}

function claimedRow(before: PendingRow, leaseToken: string, leaseExpiresAt: Micros): ClaimedRow {
  const { outboxId, instructionId, participantId, sequenceId, idempotencyKey, railType, payload } = before;
  const copy = { outboxId, instructionId, participantId, sequenceId, idempotencyKey, railType, payload };
  return { ...copy, attemptCount: before.attemptCount, leaseToken, leaseExpiresAt };
}

function equalRows(row: ClaimedRow, expected: ClaimedRow): boolean {
  const names = Object.keys(expected) as (keyof ClaimedRow)[];
  return names.every((name) => row[name] === expected[name]);
}

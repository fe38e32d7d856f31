import { attemptOf, type Outcome, recordAttempt } from "./attempt.ts";
import { batchFault } from "./batch.ts";
import { accept, type Circumstances, type Judgement, mustFail, mustNotFail, refuse } from "./judgement.ts";
import type { Micros, Repair } from "./operation.ts";
import type { RepairedRow, Response } from "./response.ts";
import { anyText, lastAttemptNo, type OutboxState, type PendingRow } from "./state.ts";
import type { Write } from "./write.ts";

/** contract 3, repair: "next_attempt_at = now + 1 second" */
const backOffMicros = 1_000_000;

/** Model of repair_expired_leases (contract 3): the only way back from an expired lease. Never throws, never mutates. */
export function judgeRepair(
  view: OutboxState,
  op: Repair,
  response: Response,
  circumstances: Circumstances,
): Judgement {
  const { batchSize, workerId } = op;
  const bad = batchSize === null || batchSize < 1 || workerId === null || workerId === "";
  if (bad) return mustFail("repair", ["bad argument"], response);
  const { now, ceiling, lockedByAnother } = circumstances;
  const batch = {
    view,
    wanted: (row: PendingRow) => isExpired(row, now),
    order: repairOrder,
    batchSize,
    lockedByAnother,
  };
  // With a bad ceiling a repair that has a row fails; one that has none does not look at it.
  if (ceiling === null && batchFault(batch, []) !== null)
    return mustFail("repair", ["bad ceiling"], response);
  if (response.kind === "fail") return mustNotFail("repair", response);

  const rows = response.rows as readonly RepairedRow[];
  const fault = batchFault(
    batch,
    rows.map((row) => row.outboxId),
  );
  if (fault !== null) return refuse(`repair: ${fault.rule}`, fault.expected);
  return judgeRepaired(view, rows, { workerId, now, ceiling: ceiling ?? 0 });
}

/** "Expired: lease_expires_at <= now, the exact complement of the fence" (contract 3, repair) */
export function isExpired(row: PendingRow, now: Micros): boolean {
  return row.leaseExpiresAt !== null && row.leaseExpiresAt <= now;
}

/** "in order (lease_expires_at, created_at)" (contract 3, repair) */
export function repairOrder(row: PendingRow): readonly Micros[] {
  return [row.leaseExpiresAt ?? 0, row.createdAt];
}

interface Repairer {
  readonly workerId: string;
  readonly now: Micros;
  readonly ceiling: number;
}

function judgeRepaired(view: OutboxState, rows: readonly RepairedRow[], repairer: Repairer): Judgement {
  const writes: Write[] = [];
  for (const { outboxId, attemptNo } of rows) {
    const row = view.pending.get(outboxId);
    if (row === undefined) return refuse("repair: takes a row that it must not take", "a pending row");
    const expected = lastAttemptNo(view, outboxId) + 1;
    if (attemptNo !== expected) {
      return refuse("repair: numbers its attempt max + 1", `${outboxId}: attempt ${expected}`);
    }
    const attempt = attemptOf(row, repairOutcome(attemptNo, repairer), repairer.now);
    writes.push(...recordAttempt(row, attempt, repairer.now + backOffMicros));
  }
  return accept(writes);
}

function repairOutcome(attemptNo: number, { workerId, now, ceiling }: Repairer): Outcome {
  const given = {
    attemptNo,
    workerId,
    completedAt: now,
    railReference: null,
    railCode: null,
    latencyMs: null,
  };
  if (attemptNo < ceiling) return { ...given, state: "ZOMBIE_REQUEUE", errorCode: null, errorMessage: null };
  return { ...given, state: "FAILED", errorCode: "RETRY_CEILING_EXCEEDED", errorMessage: anyText };
}

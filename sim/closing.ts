import { ceilingOf } from "../model/ceiling.ts";
import type { Micros } from "../model/operation.ts";
import type { ClaimedRow } from "../model/response.ts";
import type { PendingRow } from "../model/state.ts";
import type { ClosingOmission, Told } from "./history.ts";
import type { Call, SessionSpec, Setup } from "./schedule.ts";

/** The closing phase, at the end of every case: an honest worker and a repairer bring every row that is left to a terminal
 *  attempt, time free to jump (INV-14). It is no part of the schedule, but of the history, and is judged like the rest.
 *
 *  Two rounds are enough, whatever happened before, by contract 3: once the clock stands at the last deadline of all, each
 *  row is due or its lease has expired. The first round dispatches those and repairs these, which are ended by that or due
 *  a second later; the second round dispatches the rest. So n rows take at most two repairs, two claims, n completions. */
export const closingRounds = 2;

/** A runtime role that may do what a worker and a repairer do, and no more (contract 4). */
export const closingRole: SessionSpec = { role: "symphony_executor", isolation: "READ COMMITTED" };

const worker = "closing-worker";
const repairer = "closing-repairer";

/** What the phase is played with. */
export interface ClosingDesk {
  /** The pending rows as last observed. */
  pending(): readonly PendingRow[];
  /** Moves the clock, if that is forward. */
  advanceTo(deadline: Micros): Promise<void>;
  /** A call that is a transaction of its own. */
  call(call: Call): Promise<Told>;
  look(): Promise<void>;
}

/** Contract 5 promises INV-14 under a valid ceiling. */
export function closingOmission({ retryCeiling }: Setup): ClosingOmission | null {
  return ceilingOf(retryCeiling) === null ? "bad ceiling" : null;
}

export async function playClosing(desk: ClosingDesk): Promise<void> {
  for (let round = 0; round < closingRounds && desk.pending().length > 0; round += 1) await playRound(desk);
}

async function playRound(desk: ClosingDesk): Promise<void> {
  const rows = desk.pending();
  const batchSize = rows.length;
  await desk.advanceTo(
    Math.max(...rows.map(({ leaseExpiresAt, nextAttemptAt }) => leaseExpiresAt ?? nextAttemptAt)),
  );
  if (rows.some(isLeased)) await desk.call({ op: "repair", batchSize, worker: repairer });
  if (!rows.every(isLeased)) {
    const claimed = await desk.call({ op: "claim", batchSize, worker, leaseSeconds: 60 });
    if (claimed.kind === "ok") {
      for (const row of claimed.rows as readonly ClaimedRow[]) await desk.call(dispatchOf(row));
    }
  }
  await desk.look();
}

function isLeased({ leaseExpiresAt }: PendingRow): boolean {
  return leaseExpiresAt !== null;
}

function dispatchOf({ instructionId, idempotencyKey }: ClaimedRow): Call {
  return {
    op: "complete",
    row: { instruction: instructionId, key: idempotencyKey },
    lease: "latest",
    worker: "holder",
    state: "DISPATCHED",
    rail: { reference: null, code: null },
    error: { code: null, message: null },
    latencyMs: null,
    retryDelaySeconds: 1,
  };
}

import { canonicalJson } from "../model/canonical-json.ts";
import type { Operation } from "../model/operation.ts";
import type { Fail, Ok } from "../model/response.ts";
import type { ConnectionLost, Result, SqlError } from "./database/connection.ts";
import type { Names } from "./names.ts";

type Raw = Readonly<Record<string, unknown>>;

/** The server's rows as the model's, ids as they came. Those of a claim are put in the order of their numbers: the contract
 *  leaves it open, and what a schedule means by a lease must not depend on it. Columns of an unknown shape pass through: the
 *  model will refuse them. */
export function decodeRows(operation: Operation, result: Result): Ok {
  const rows = result.rows.map((row) => decoders[operation.kind](row));
  const ordered = operation.kind === "claim" ? rows.toSorted(byNumber) : rows;
  return { kind: "ok", rows: ordered as unknown as Ok["rows"] };
}

const decoders: Record<Operation["kind"], (row: Raw) => Raw> = {
  enqueue: (row) => ({
    outboxId: row["outbox_id"],
    sequenceId: row["sequence_id"],
    createdAt: row["created_at"],
    state: row["state"],
  }),
  claim: (row) => ({
    outboxId: row["outbox_id"],
    instructionId: row["instruction_id"],
    participantId: row["participant_id"],
    sequenceId: row["sequence_id"],
    idempotencyKey: row["idempotency_key"],
    railType: row["rail_type"],
    payload: json(row["payload"]),
    attemptCount: row["attempt_count"],
    leaseToken: row["lease_token"],
    leaseExpiresAt: row["lease_expires_at"],
  }),
  complete: (row) => ({ attemptNo: row["attempt_no"], state: row["state"] }),
  repair: (row) => ({ outboxId: row["outbox_id"], attemptNo: row["attempt_no"] }),
  ceiling: (row) => ({ ceiling: row["ceiling"] }),
  insertPolicy: (row) => row,
  setPolicy: (row) => ({ version: row["version"] }),
  demotePolicy: (row) => ({ version: row["version"] }),
  attest: (row) => row,
  revoke: (row) => row,
  tamper: (row) => row,
};

export function json(value: unknown): unknown {
  return typeof value === "string" ? canonicalJson(value) : value;
}

/** The server's error as a response; `sessionOf` tells whose a backend is. */
export function decodeError(error: SqlError, sessionOf: (pid: number) => number | null): Fail {
  const inCycle = error.sqlstate === "40P01" ? pidsIn(error.detail ?? "") : [];
  const cycle = inCycle.map(sessionOf).filter((session) => session !== null);
  return { kind: "fail", sqlstate: error.sqlstate, message: error.message, cycle };
}

/** A connection that a fault ended as the response of the call in flight. 08006: the server said nothing. */
export function decodeLost({ sqlstate, message }: ConnectionLost): Fail {
  return { kind: "fail", sqlstate: sqlstate ?? "08006", message, cycle: [] };
}

/** A deadlock's detail has a line for each member: "Process 12 waits for ... ; blocked by process 34." */
function pidsIn(detail: string): readonly number[] {
  return [...detail.matchAll(/Process (\d+) waits for/g)].map((match) => Number(match[1]));
}

/** The same response with ids by name. */
export function namedRows(ok: Ok, names: Names): Ok {
  return { kind: "ok", rows: ok.rows.map((row) => nameIds(row, names)) };
}

function byNumber(a: Raw, b: Raw): number {
  const [left, right] = [sortText(a), sortText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortText(row: Raw): string {
  return `${String(row["participantId"])} ${String(row["sequenceId"]).padStart(20, "0")}`;
}

/** Names the ids of a row or an operation: its outbox id and its lease token. */
export function nameIds<T extends object>(row: T, names: Names): T {
  const { outboxId, leaseToken } = row as Raw;
  return {
    ...row,
    ...(typeof outboxId === "string" ? { outboxId: names.of("row", outboxId) } : {}),
    ...(typeof leaseToken === "string" ? { leaseToken: names.of("lease", leaseToken) } : {}),
  };
}

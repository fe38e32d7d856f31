import { canonicalJson, isJsonObject } from "./canonical-json.ts";
import type { ErrorKind } from "./errors.ts";
import { accept, type Circumstances, type Judgement, mustFail, mustNotFail, refuse } from "./judgement.ts";
import type { Enqueue } from "./operation.ts";
import type { EnqueuedRow, Response } from "./response.ts";
import { keyOf, type OutboxState, type PendingRow } from "./state.ts";

/** contract 3, enqueue: "over 512 bytes" */
const maxKeyBytes = 512;

/** Model of enqueue_payment_outbox (contract 3). Time: circumstances.now. Never throws, never mutates. */
export function judgeEnqueue(
  view: OutboxState,
  op: Enqueue,
  response: Response,
  circumstances: Circumstances,
): Judgement {
  const arguments_ = checkedArguments(op);
  if (arguments_ === null) return mustFail("enqueue", ["bad argument"] satisfies ErrorKind[], response);
  if (response.kind === "fail") return mustNotFail("enqueue", response);

  const row = response.rows[0] as EnqueuedRow | undefined;
  if (row === undefined || response.rows.length !== 1) return refuse("enqueue: returns one row", "one row");
  const known = view.keys.get(keyOf(op));
  if (known !== undefined) return judgeRepeat(row, { ...known, state: stateOf(view, known.outboxId) });
  return judgeFirst(view, arguments_, row, circumstances);
}

type Arguments = Pick<
  PendingRow,
  "instructionId" | "participantId" | "idempotencyKey" | "railType" | "payload"
>;

/** The arguments as the row will hold them, or null if one of them is bad. */
function checkedArguments(op: Enqueue): Arguments | null {
  const { instructionId, participantId, idempotencyKey, railType, payload } = op;
  if (!isKeyText(instructionId) || !isKeyText(participantId) || !isKeyText(idempotencyKey)) return null;
  if (railType === null || railType === "") return null;
  if (payload === null || !isJsonObject(payload)) return null;
  return { instructionId, participantId, idempotencyKey, railType, payload: canonicalJson(payload) };
}

function isKeyText(text: string | null): text is string {
  return text !== null && text !== "" && new TextEncoder().encode(text).length <= maxKeyBytes;
}

/** The state that a repeat reports: PENDING while pending, then that of the last attempt, null without one. */
function stateOf(view: OutboxState, outboxId: string): EnqueuedRow["state"] {
  if (view.pending.has(outboxId)) return "PENDING";
  return view.attempts.get(outboxId)?.at(-1)?.state ?? null;
}

function judgeRepeat(row: EnqueuedRow, expected: EnqueuedRow): Judgement {
  const same =
    row.outboxId === expected.outboxId &&
    row.sequenceId === expected.sequenceId &&
    row.createdAt === expected.createdAt &&
    row.state === expected.state;
  return same ? accept() : refuse("enqueue: a repeat returns the first call's row", describe(expected));
}

function judgeFirst(
  view: OutboxState,
  arguments_: Arguments,
  row: EnqueuedRow,
  { now }: Circumstances,
): Judgement {
  const next = view.sequences.get(arguments_.participantId) ?? 1;
  const expected = describe({ outboxId: "a fresh id", sequenceId: next, createdAt: now, state: "PENDING" });
  const isId = typeof row.outboxId === "string";
  if (!isId || view.pending.has(row.outboxId) || view.attempts.has(row.outboxId)) {
    return refuse("enqueue: a new key gets a fresh id", expected);
  }
  if (row.sequenceId !== next) return refuse("enqueue: a new key gets the next sequence number", expected);
  if (row.createdAt !== now || row.state !== "PENDING") {
    return refuse("enqueue: a new key is pending from now", expected);
  }
  const { outboxId, sequenceId, createdAt } = row;
  const pending: PendingRow = {
    ...arguments_,
    outboxId,
    sequenceId,
    createdAt,
    attemptCount: 0,
    nextAttemptAt: now,
    claimedBy: null,
    leaseToken: null,
    leaseExpiresAt: null,
  };
  const entry = { outboxId, sequenceId, createdAt };
  return accept([
    { table: "keys", id: keyOf(arguments_), entry },
    { table: "sequences", id: arguments_.participantId, next: next + 1 },
    { table: "pending", id: outboxId, row: pending },
  ]);
}

function describe(row: EnqueuedRow): string {
  return `ok ${row.outboxId}, sequence ${row.sequenceId}, created at ${row.createdAt}, ${row.state ?? "null"}`;
}

import type { Observation } from "../model/observation.ts";
import type { Micros, Operation, OperationKind } from "../model/operation.ts";
import type { ClaimedRow, CompletedRow, EnqueuedRow, RepairedRow, Response } from "../model/response.ts";
import type { Interruption, TransactionInfo } from "../model/transaction-point.ts";
import { endsTransaction, interruptionsOf } from "./interruptions.ts";
import { answerOf, type Event, type History, type Wakeup, isOperation } from "../sim/history.ts";
import { undoneCalls } from "./undone-calls.ts";

/** An operation that was answered. Events are indexes into the history's events. */
export interface Answered {
  readonly operation: Operation;
  readonly response: Response;
  readonly transaction: TransactionInfo;
  readonly invokedAt: number;
  readonly respondedAt: number;
  /** Where its transaction went back to a savepoint before it; null if it never did. */
  readonly undoneAt: number | null;
}

/** How and when a transaction ended. */
export interface Fate {
  readonly committed: boolean;
  readonly endedAt: number;
}

export interface Look {
  readonly event: number;
  readonly now: Micros;
  readonly observation: Observation;
  readonly notifications: readonly Wakeup[];
}

export interface LockWait {
  readonly event: number;
  readonly operation: OperationKind;
  readonly lock: string;
}

/** A history as the invariants read it. They know nothing of the model: only what was asked, answered and observed. */
export interface Timeline {
  readonly history: History;
  /** In the order of the answers. */
  readonly answered: readonly Answered[];
  /** By transaction id. */
  readonly fates: ReadonlyMap<number, Fate>;
  readonly looks: readonly Look[];
  readonly waits: readonly LockWait[];
  /** By call id. */
  readonly interruptions: ReadonlyMap<number, Interruption>;
  /** The case's retry ceiling; null when its setting is bad. */
  readonly ceiling: number | null;
}

export function timelineOf(history: History, ceiling: number | null): Timeline {
  const invokedAt = new Map<number, number>();
  const answered: Answered[] = [];
  const fates = new Map<number, Fate>();
  const looks: Look[] = [];
  const waits: LockWait[] = [];
  const interruptions = interruptionsOf(history);
  const undone = undoneCalls(history);
  for (const [index, event] of history.events.entries()) {
    if (event.kind === "invoke") invokedAt.set(event.call, index);
    if (event.kind === "wait") {
      const action = history.calls[event.call]?.action;
      if (action !== undefined && isOperation(action)) {
        waits.push({ event: index, operation: action.kind, lock: event.lock });
      }
    }
    if (event.kind === "observe") looks.push({ ...event, event: index });
    if (event.kind === "respond")
      respond(history, event, index, { invokedAt, undone, answered, fates, interruptions });
    if (event.kind === "fault" || event.kind === "crash") {
      for (const id of event.ended) fates.set(id, { committed: false, endedAt: index });
    }
  }
  return { history, answered, fates, looks, waits, interruptions, ceiling };
}

/** What came of the steps alone: the closing phase comes in nearly every case, and would hide what they did not reach. */
export function withoutClosing({ history, ceiling }: Timeline): Timeline {
  const closing = history.events.findIndex(({ kind }) => kind === "closing");
  const events = closing < 0 ? history.events : history.events.slice(0, closing);
  return timelineOf({ ...history, events }, ceiling);
}

interface Gathered {
  readonly invokedAt: ReadonlyMap<number, number>;
  readonly undone: ReadonlyMap<number, number>;
  readonly answered: Answered[];
  readonly fates: Map<number, Fate>;
  readonly interruptions: ReadonlyMap<number, Interruption>;
}

function respond(
  history: History,
  { call: id, response: told }: Extract<Event, { kind: "respond" }>,
  index: number,
  { invokedAt, undone, answered, fates, interruptions }: Gathered,
): void {
  const call = history.calls[id];
  const transaction = call && history.transactions[call.transaction];
  if (call === undefined || transaction === undefined) throw new RangeError(`malformed history: call ${id}`);
  // What the server answered binds it, also where the caller never got it.
  const response = answerOf(told);
  if (isOperation(call.action) && response.kind !== "ended") {
    const { action: operation } = call;
    const times = { invokedAt: invokedAt.get(id) ?? index, respondedAt: index };
    answered.push({ operation, response, transaction, ...times, undoneAt: undone.get(id) ?? null });
    if (call.autocommit || endsTransaction(interruptions.get(id) ?? null))
      fates.set(transaction.id, { committed: response.kind === "ok", endedAt: index });
  } else if (call.action.kind === "commit" || call.action.kind === "rollback") {
    const committed = response.kind === "ended" && response.command === "COMMIT";
    fates.set(transaction.id, { committed, endedAt: index });
  }
}

/** Had the call's effects been committed before the event? Not those of a part that was rolled back. */
export function committedBefore(timeline: Timeline, call: Answered, event: number): boolean {
  const fate = timeline.fates.get(call.transaction.id);
  return isCommitted(timeline, call) && fate !== undefined && fate.endedAt < event;
}

/** Are the call's effects committed in the end? */
export function isCommitted(timeline: Timeline, { transaction, undoneAt }: Answered): boolean {
  return undoneAt === null && timeline.fates.get(transaction.id)?.committed === true;
}

/** The rows of an operation that succeeded; none for another kind of operation, or one that failed. */
export function rowsOf(answered: Answered, kind: "enqueue"): readonly EnqueuedRow[];
export function rowsOf(answered: Answered, kind: "claim"): readonly ClaimedRow[];
export function rowsOf(answered: Answered, kind: "complete"): readonly CompletedRow[];
export function rowsOf(answered: Answered, kind: "repair"): readonly RepairedRow[];
export function rowsOf({ operation, response }: Answered, kind: OperationKind): readonly unknown[] {
  return operation.kind === kind && response.kind === "ok" ? response.rows : [];
}

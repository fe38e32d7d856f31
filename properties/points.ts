import type { Operation } from "../model/operation.ts";
import type { TimedPoint } from "../model/linearization.ts";
import type { Fail, Response } from "../model/response.ts";
import type { Interruption, TransactionInfo, TransactionPoint } from "../model/transaction-point.ts";
import {
  answerOf,
  type CrashEvent,
  type Event,
  type FaultEvent,
  type History,
  isOperation,
  type RecordedCall,
  type Told,
} from "../sim/history.ts";
import { endsTransaction, interruptionsOf } from "./interruptions.ts";

export type HistoryPoint = TimedPoint<TransactionPoint>;

/** A call with its two events. */
interface Interval {
  readonly id: number;
  readonly call: RecordedCall;
  readonly transaction: TransactionInfo;
  readonly invokedAt: number;
  readonly respondedAt: number;
  readonly response: Told;
}

/** The points of a history, for the search (architecture, "Responses"): where each snapshot, call and end of a transaction
 *  may have taken effect, and what was observed in between. */
export function pointsOf(history: History): readonly HistoryPoint[] {
  const builder = new PointBuilder(history);
  for (const [index, event] of history.events.entries()) builder.event(index, event);
  return builder.points;
}

/** The calls that were answered, each with its events, in the order of their answers. */
class PointBuilder {
  readonly points: HistoryPoint[] = [];
  private readonly invokedAt = new Map<number, number>();
  /** The last point of each transaction so far. */
  private readonly lastOf = new Map<number, number>();
  private readonly hasSnapshot = new Set<number>();
  /** Calls that were stopped on their way, at a yield point or by a lock: they hold already what they took before. */
  private readonly stopped = new Set<number>();
  private readonly interruptions: ReadonlyMap<number, Interruption>;

  constructor(private readonly history: History) {
    this.interruptions = interruptionsOf(history);
  }

  event(index: number, event: Event): void {
    if (event.kind === "invoke") this.invokedAt.set(event.call, index);
    if (event.kind === "park" || event.kind === "wait") this.stopped.add(event.call);
    if (event.kind === "respond") this.respond(this.interval(event.call, index, event.response));
    if (event.kind === "fault" || event.kind === "crash") this.fault(index, event);
    if (event.kind === "observe") {
      const point: TransactionPoint = { kind: "observe", observation: event.observation };
      this.points.push({ point, invokedAt: index, respondedAt: index, preferredAt: index, after: [] });
    }
  }

  private fault(index: number, { ended }: FaultEvent | CrashEvent): void {
    for (const id of ended) {
      const transaction = this.history.transactions[id];
      if (transaction === undefined) throw new RangeError(`malformed history: transaction ${id}`);
      this.add({ transaction, invokedAt: index, respondedAt: index }, { kind: "rollback", transaction });
    }
  }

  private interval(id: number, respondedAt: number, response: Told): Interval {
    const call = this.history.calls[id];
    const transaction = call && this.history.transactions[call.transaction];
    const invokedAt = this.invokedAt.get(id);
    if (call === undefined || transaction === undefined || invokedAt === undefined) {
      throw new RangeError(`malformed history: call ${id}`);
    }
    return { id, call, transaction, invokedAt, respondedAt, response };
  }

  private respond(interval: Interval): void {
    const { call, transaction, response } = interval;
    switch (call.action.kind) {
      case "begin":
        return;
      case "commit":
        this.add(interval, { kind: "commit", transaction, outcome: commitOutcome(response) });
        return;
      case "rollback":
        this.add(interval, { kind: "rollback", transaction });
        return;
      case "savepoint":
      case "rollbackTo":
      case "release": {
        const { kind, name } = call.action;
        const outcome = response.kind === "fail" ? response : "done";
        this.add(interval, { kind, transaction, name, outcome });
        return;
      }
      default:
        this.respondOperation(interval, call.action);
    }
  }

  private respondOperation(interval: Interval, operation: Operation): void {
    const { call, transaction } = interval;
    // The server's answer is held against it even where the caller never got it.
    const response = answerOf(interval.response);
    if (response.kind === "ended") throw new RangeError("malformed history: an operation that ended");
    if (transaction.isolation !== "READ COMMITTED" && !this.hasSnapshot.has(transaction.id)) {
      this.hasSnapshot.add(transaction.id);
      this.add(interval, { kind: "snapshot", transaction }, interval.invokedAt);
    }
    if (transaction.isolation === "READ COMMITTED" && updatesPolicies(operation)) {
      this.add(interval, { kind: "statement", transaction }, interval.invokedAt);
    }
    if (this.stopped.has(interval.id)) this.add(interval, { kind: "lock", transaction, operation, response });
    const cycleHasSeveralCalls = this.severalCallsIn(response, interval.respondedAt);
    const interruption = this.interruptions.get(interval.id) ?? null;
    this.add(interval, {
      kind: "call",
      transaction,
      operation,
      response,
      cycleHasSeveralCalls,
      interruption,
    });
    if (!call.autocommit && !endsTransaction(interruption)) return;
    this.add(
      interval,
      response.kind === "ok"
        ? {
            kind: "commit",
            transaction,
            outcome: interval.response.kind === "info" ? "unknown" : "committed",
          }
        : { kind: "rollback", transaction },
    );
  }

  private add(
    interval: Pick<Interval, "transaction" | "invokedAt" | "respondedAt">,
    point: TransactionPoint,
    preferredAt = interval.respondedAt,
  ): void {
    const { invokedAt, respondedAt, transaction } = interval;
    const last = this.lastOf.get(transaction.id);
    this.lastOf.set(transaction.id, this.points.length);
    this.points.push({ point, invokedAt, respondedAt, preferredAt, after: last === undefined ? [] : [last] });
  }

  /** Is a transaction of several calls in the deadlock's cycle? */
  private severalCallsIn(response: Response, respondedAt: number): boolean {
    if (response.kind !== "fail") return false;
    return response.cycle.some((session) => callsOfOpenTransaction(this.history, session, respondedAt) > 1);
  }
}

/** A plain UPDATE: what it sees and what it locks may be of different moments. */
function updatesPolicies({ kind }: Operation): boolean {
  return kind === "setPolicy" || kind === "demotePolicy";
}

/** How many operations the session's transaction that is open at an event has invoked by then. */
export function callsOfOpenTransaction(history: History, session: number, at: number): number {
  const invoked = history.events
    .slice(0, at)
    .flatMap((event) => (event.kind === "invoke" ? [history.calls[event.call]] : []))
    .filter((call) => call?.session === session);
  const transaction = invoked.at(-1)?.transaction;
  return invoked.filter(
    (call) => call?.transaction === transaction && call !== undefined && isOperation(call.action),
  ).length;
}

function commitOutcome(response: Told): "committed" | "rolled back" | "unknown" | Fail {
  if (response.kind === "info") return "unknown";
  if (response.kind === "fail") return response;
  return response.kind === "ended" && response.command === "ROLLBACK" ? "rolled back" : "committed";
}

import type { Micros, Operation } from "../model/operation.ts";
import type { Observation } from "../model/observation.ts";
import type { Response } from "../model/response.ts";
import type { TransactionInfo } from "../model/transaction-point.ts";
import { type FaultKind, type SavepointVerb, savepointVerbs } from "./schedule.ts";
import type { YieldPoint } from "./yields/yield-point.ts";

/** What happened when a schedule was played: plain data, ids by name, so that two equal runs have equal histories. */
export interface History {
  readonly transactions: readonly TransactionInfo[];
  readonly calls: readonly RecordedCall[];
  readonly events: readonly Event[];
  /** How often sessions came to each yield point, by its number; left out where the functions have none. */
  readonly yields?: Readonly<Record<string, number>>;
}

export type Action = TransactionCommand | Operation;

/** What begins or ends a transaction, or a part of one, and asks nothing of the outbox. */
export type TransactionCommand =
  | { readonly kind: "begin" | "commit" | "rollback" }
  | { readonly kind: SavepointVerb; readonly name: string };

const commands: ReadonlySet<string> = new Set(["begin", "commit", "rollback", ...savepointVerbs]);

export function isOperation(action: Action): action is Operation {
  return !commands.has(action.kind);
}

export interface RecordedCall {
  /** Index into the schedule's steps; null for what ends a transaction that the steps left open, and in the closing phase. */
  readonly step: number | null;
  readonly session: number;
  /** Index into History.transactions. */
  readonly transaction: number;
  /** The call is a transaction of its own. */
  readonly autocommit: boolean;
  readonly action: Action;
}

/** Why a step was not played. */
export type SkipReason =
  | "blocked"
  | "not blocked"
  | "parked"
  | "not parked"
  | "in a transaction"
  | "no transaction"
  | "no such savepoint"
  | "no such deadline"
  | "listening"
  | "not listening"
  | "end of time"
  | "a table is locked";

export type Event =
  | { readonly kind: "invoke"; readonly call: number }
  /** The call waits for a lock; `blockedBy` are sessions. */
  | {
      readonly kind: "wait";
      readonly call: number;
      readonly lock: string;
      readonly blockedBy: readonly number[];
    }
  /** The call stands before a statement of a function, until the session is resumed. */
  | { readonly kind: "park"; readonly call: number; readonly at: Standpoint }
  /** It goes on; step null at the end of the steps. */
  | { readonly kind: "resume"; readonly call: number; readonly step: number | null }
  | { readonly kind: "respond"; readonly call: number; readonly response: Told }
  /** `step` is null in the closing phase. */
  | { readonly kind: "advance"; readonly step: number | null; readonly now: Micros }
  | { readonly kind: "skip"; readonly step: number; readonly reason: SkipReason }
  | FaultEvent
  | CrashEvent
  /** Whether anybody listens from here on; until the first of these, somebody does. */
  | { readonly kind: "listener"; readonly step: number; readonly listening: boolean }
  /** No call runs: the committed rows, and the notifications since the last look. */
  | {
      readonly kind: "observe";
      readonly now: Micros;
      readonly observation: Observation;
      readonly notifications: readonly Wakeup[];
    }
  /** The steps are over and nothing is open: what follows is the closing phase (closing.ts), if it is played. */
  | { readonly kind: "closing"; readonly omitted: ClosingOmission | null };

/** Why the closing phase is not played: INV-14 promises nothing then. */
export type ClosingOmission = "bad ceiling";

/** A fault was done. */
export interface FaultEvent {
  readonly kind: "fault";
  readonly step: number;
  readonly fault: FaultKind;
  readonly session: number;
  /** The calls in flight that it hits: what they answer comes next. */
  readonly calls: readonly number[];
  /** The open transactions that it ends between two calls: rolled back. */
  readonly ended: readonly number[];
}

/** The server has crashed and recovered: all sessions have new backends. The next event but the answers is a look. */
export interface CrashEvent extends Pick<FaultEvent, "step" | "calls" | "ended"> {
  readonly kind: "crash";
}

/** The statement that a parked call has before it. */
export type Standpoint = Pick<YieldPoint, "function" | "line" | "statement">;

/** What a transaction command answers. */
export interface Ended {
  readonly kind: "ended";
  readonly command: string;
}

/** The answer was lost on the way: the caller does not know whether what it asked took effect. */
export interface Info {
  readonly kind: "info";
  /** What the server had answered. */
  readonly lost: Response | Ended;
}

/** What a caller is told. */
export type Told = Response | Ended | Info;

/** What the server answered, told or not. */
export function answerOf(told: Told): Response | Ended {
  return told.kind === "info" ? told.lost : told;
}

/** A notification on symphony_outbox, as the listener session got it. */
export interface Wakeup {
  /** The session that sent it; null if it was none of the case's. */
  readonly session: number | null;
  readonly payload: string;
}

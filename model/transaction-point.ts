import type { Observation } from "./observation.ts";
import type { Isolation, Micros, Operation } from "./operation.ts";
import type { Caller } from "./privileges.ts";
import type { Fail, Response } from "./response.ts";

/** What stays the same while a transaction lives. */
export interface TransactionInfo {
  readonly id: number;
  readonly session: number;
  readonly role: Caller;
  readonly isolation: Isolation;
  /** The transaction's start on the virtual clock. */
  readonly now: Micros;
}

/** What may be done to a call from outside, by the name of the error that it then may meet. It may also wait for no lock,
 *  and that beside a TRUNCATE which stands in line for a whole table, and everybody else behind it. */
export type Interruption =
  "terminated" | "crashed" | "cancelled" | "lock timeout" | "lock timeout behind a TRUNCATE";

/** A point of a history of transactions (see linearization.ts). */
export type TransactionPoint =
  /** The snapshot of a REPEATABLE READ or SERIALIZABLE transaction: at its first call. */
  | { readonly kind: "snapshot"; readonly transaction: TransactionInfo }
  /** The snapshot of one statement under READ COMMITTED, where it may be older than the moment that the statement gets its
   *  row lock: a plain UPDATE judges the row again then, but sees no row that came meanwhile. */
  | { readonly kind: "statement"; readonly transaction: TransactionInfo }
  /** What a call that was stopped on its way may already have locked, before the point at which it is judged: until then,
   *  or until it fails. */
  | {
      readonly kind: "lock";
      readonly transaction: TransactionInfo;
      readonly operation: Operation;
      readonly response: Response;
    }
  | {
      readonly kind: "call";
      readonly transaction: TransactionInfo;
      readonly operation: Operation;
      readonly response: Response;
      /** For a 40P01: a transaction of several calls is in the cycle. */
      readonly cycleHasSeveralCalls: boolean;
      /** What was done to the call from outside; null for nothing. */
      readonly interruption: Interruption | null;
    }
  /** What COMMIT answered: COMMIT, ROLLBACK (the transaction had failed), or an error. Unknown: whoever asked was told
   *  nothing, and it happened or did not. */
  | {
      readonly kind: "commit";
      readonly transaction: TransactionInfo;
      readonly outcome: "committed" | "rolled back" | "unknown" | Fail;
    }
  | { readonly kind: "rollback"; readonly transaction: TransactionInfo }
  | SavepointPoint
  /** All sessions at rest: the committed rows. */
  | { readonly kind: "observe"; readonly observation: Observation };

/** SAVEPOINT, ROLLBACK TO SAVEPOINT, RELEASE SAVEPOINT: the latest of the name. */
export interface SavepointPoint {
  readonly kind: "savepoint" | "rollbackTo" | "release";
  readonly transaction: TransactionInfo;
  readonly name: string;
  readonly outcome: "done" | Fail;
}

export type LockPoint = Extract<TransactionPoint, { kind: "lock" }>;
export type CallPoint = Extract<TransactionPoint, { kind: "call" }>;
export type CommitPoint = Extract<TransactionPoint, { kind: "commit" }>;

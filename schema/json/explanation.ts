// Made from explanation.schema.json by `npm run generate`: change that, not this.
export type Table =
  "pending" | "attempts" | "sequences" | "policies" | "attestations" | "revokedCerts" | "revokedTokens";
/**
 * A counterexample as a reader follows it: every page about one is made from this.
 */
export interface Explanation {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  readonly harnessVersion: string;
  /**
   * Explained is what was just played, or what a replay file has recorded.
   */
  readonly source: "played" | "recorded";
  readonly signature: string;
  /**
   * The invariant with its name, or the oracle that is none.
   */
  readonly oracle: string;
  /**
   * The invariant's statement in the contract.
   */
  readonly statement: string | null;
  /**
   * The rule broken, without values.
   */
  readonly rule: string;
  /**
   * What would have been allowed where the violation shows, each in a line.
   */
  readonly expected: readonly string[];
  /**
   * What was observed there.
   */
  readonly observed: string;
  /**
   * Signatures of what else the oracles saw in the same history.
   */
  readonly others: readonly string[];
  /**
   * The function that was called where it shows, in the last migration that defines it; null where none was, or the migrations are not at hand.
   */
  readonly concerns: Place | null;
  /**
   * As it was set on the database; null where it was not.
   */
  readonly retryCeiling: string | null;
  /**
   * Played with yield points in the functions.
   */
  readonly yields: boolean;
  /**
   * What all sessions set for the planner.
   */
  readonly settings: {
    readonly [k: string]: string;
  };
  readonly sessions: readonly Session[];
  /**
   * In the order of events; the closing phase only where the violation shows in it.
   */
  readonly lines: readonly Line[];
  /**
   * In the order of their grants.
   */
  readonly leases: readonly Lease[];
  /**
   * By session.
   */
  readonly standing: readonly Standing[];
  readonly linearization: Linearization;
  /**
   * What became of the case with each step dropped and each choice made otherwise; null where that was not asked for.
   */
  readonly varied: readonly Varied[] | null;
}
export interface Place {
  readonly function: string;
  /**
   * The migration.
   */
  readonly file: string;
  /**
   * 1-based: of the statement before which the call stood last, if it had been stopped; else of CREATE FUNCTION.
   */
  readonly line: number;
}
export interface Session {
  /**
   * A, B, C, in their order.
   */
  readonly name: string;
  readonly role: string;
  /**
   * Of its calls outside an explicit transaction.
   */
  readonly isolation: string;
  /**
   * Its calls of functions are prepared statements.
   */
  readonly prepared: boolean;
}
/**
 * What one step did to one session; what it does to a session that it wakes is a line of its own.
 */
export interface Line {
  /**
   * call: a session sends something. resume: it leaves a yield point. goes on: it leaves a lock wait. rows: the committed rows are looked at.
   */
  readonly kind: "call" | "resume" | "goes on" | "clock" | "skip" | "fault" | "listener" | "rows" | "closing";
  /**
   * Index into the schedule's steps; null for what the end of the steps left to do, and for a look at the rows.
   */
  readonly step: number | null;
  /**
   * Null for what no session does, and in the closing phase.
   */
  readonly session: number | null;
  /**
   * The transaction's now, where the line begins one; the clock, where it was moved. Microseconds since 1970.
   */
  readonly time: number | null;
  /**
   * The virtual clock when the line ends.
   */
  readonly clock: number;
  /**
   * Index of its first event in the history.
   */
  readonly event: number;
  /**
   * Index of the event that is a look at the committed rows, with which it ends; null where it ends with none.
   */
  readonly lookedAt: number | null;
  /**
   * Index of its last event.
   */
  readonly lastEvent: number;
  /**
   * Index of its call in the history.
   */
  readonly call: number | null;
  /**
   * What was asked or done, for a reader.
   */
  readonly action: string;
  /**
   * What was asked, with all arguments, or which fault was done; null for anything else.
   */
  readonly operation: {
    readonly [k: string]: unknown;
  } | null;
  /**
   * Null but for calls.
   */
  readonly sql: Sql | null;
  readonly wait: Wait | null;
  /**
   * Index of the line that let it go on.
   */
  readonly wokenBy: number | null;
  readonly parkedAt: Standpoint | null;
  readonly answer: Answer | null;
  /**
   * What came of it, for a reader.
   */
  readonly observed: readonly string[];
  /**
   * What the model would have allowed as this answer, each in a line: at each place between the call and its answer that the linearization leaves it. Null where the line has no answer, and where no linearization is left.
   */
  readonly allowed: readonly string[] | null;
  /**
   * Sessions whose notifications came; null for one that is none of the case's.
   */
  readonly notifications: readonly (number | null)[];
  /**
   * The committed rows that changed since they were last looked at; null where they were not looked at. Tables are empty at the start.
   */
  readonly database: readonly Change[] | null;
  /**
   * Null where no linearization is left.
   */
  readonly model: Model | null;
  /**
   * Between the model's committed rows and the database's; null where they can't be compared.
   */
  readonly differences: readonly Difference[] | null;
  /**
   * The violation shows here.
   */
  readonly wrong: boolean;
}
/**
 * What the session sent, in one message of the simple protocol. Ids that the database made up stand in it by name.
 */
export interface Sql {
  /**
   * The whole message, as it is sent.
   */
  readonly text: string;
  /**
   * The statement in it that is the action's own.
   */
  readonly statement: string;
}
/**
 * It waits for a lock.
 */
export interface Wait {
  /**
   * pg_locks.locktype
   */
  readonly lock: string;
  /**
   * Sessions.
   */
  readonly blockedBy: readonly number[];
}
/**
 * The statement that a session stood before, at a yield point.
 */
export interface Standpoint {
  readonly function: string;
  /**
   * As the server's messages count: 1 is the line of the body's opening quote.
   */
  readonly line: number;
  readonly statement: string;
}
/**
 * What the call was answered.
 */
export interface Answer {
  /**
   * info: the answer was lost, the caller knows nothing.
   */
  readonly kind: "ok" | "fail" | "ended" | "info";
  /**
   * Of a failure.
   */
  readonly sqlstate: string | null;
  /**
   * Of a failure; of what ends or begins a transaction, the command.
   */
  readonly message: string | null;
  readonly rows: readonly Row[];
}
/**
 * All columns of a row. Times are microseconds since 1970; a text that the contract leaves free is {"any": "text"} in the model's.
 */
export interface Row {
  readonly [k: string]: unknown;
}
/**
 * A row that came, went or changed.
 */
export interface Change {
  readonly table: Table;
  /**
   * Its name in the table.
   */
  readonly row: string;
  readonly before: Row | null;
  readonly after: Row | null;
}
/**
 * The model after the line.
 */
export interface Model {
  /**
   * Of its committed rows.
   */
  readonly changes: readonly Change[];
  readonly held: readonly Held[];
}
/**
 * What a session's open transaction holds, by the model: rows and keys that it has written and not yet committed.
 */
export interface Held {
  readonly session: number;
  readonly resources: readonly string[];
}
/**
 * A row that the model and the database have differently.
 */
export interface Difference {
  readonly table: Table;
  /**
   * Its name in the table.
   */
  readonly row: string;
  readonly model: Row | null;
  readonly database: Row | null;
}
/**
 * A lease that a claim was answered.
 */
export interface Lease {
  readonly row: string;
  readonly token: string;
  readonly worker: string | null;
  readonly session: number;
  /**
   * Index of the line that has the claim's answer.
   */
  readonly granted: number;
  /**
   * Its deadline on the virtual clock, microseconds since 1970.
   */
  readonly expiresAt: number;
  /**
   * Index of the first line at which the clock had reached the deadline.
   */
  readonly expired: number | null;
  /**
   * Index of the line that ended it, or at which its claim was rolled back.
   */
  readonly ended: number | null;
  /**
   * Null for a lease that nobody ended.
   */
  readonly how: "completed" | "repaired" | "rolled back" | null;
}
/**
 * Where a session stood when the violation showed.
 */
export interface Standing {
  readonly session: number;
  readonly doing: "idle" | "in a transaction" | "waits" | "parked";
  /**
   * Its call in flight.
   */
  readonly action: string | null;
  /**
   * Where it is parked.
   */
  readonly at: Standpoint | null;
  /**
   * Sessions whose lock it waits for.
   */
  readonly blockedBy: readonly number[];
}
/**
 * The order in which the model explains what was answered and observed.
 */
export interface Linearization {
  /**
   * violated: no order explains more than this one. unknown: the search gave up.
   */
  readonly verdict: "ok" | "violated" | "unknown";
  /**
   * Why the search gave up.
   */
  readonly reason: string | null;
  /**
   * States that the search came to.
   */
  readonly visited: number;
  /**
   * The longest there is.
   */
  readonly order: readonly Placed[];
  /**
   * Index of the line at which no linearization is left.
   */
  readonly stoppedAt: number | null;
  /**
   * Why the model can't place that line's answer.
   */
  readonly rule: string | null;
  /**
   * What the model would have allowed there, each in a line.
   */
  readonly expected: readonly string[];
}
/**
 * A point of the linearization.
 */
export interface Placed {
  readonly kind:
    | "snapshot"
    | "statement"
    | "lock"
    | "call"
    | "commit"
    | "rollback"
    | "savepoint"
    | "rollbackTo"
    | "release"
    | "observe";
  /**
   * Null for a look at the rows.
   */
  readonly session: number | null;
  /**
   * Index of the line that has its answer.
   */
  readonly line: number | null;
  readonly text: string;
}
/**
 * The case with one thing changed.
 */
export interface Varied {
  /**
   * Index of the step that was changed; null for the setup and the sessions.
   */
  readonly step: number | null;
  /**
   * dropped, or the name of the choice with its old and new value.
   */
  readonly change: string;
  /**
   * same: it fails with the same signature. other: with another one. ok: it does not fail.
   */
  readonly outcome: "same" | "other" | "ok" | "unknown";
  /**
   * The other signature, or why it could not be judged.
   */
  readonly detail: string | null;
}

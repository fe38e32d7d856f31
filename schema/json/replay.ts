// Made from replay.schema.json by `npm run generate`: change that, not this.
export type Role =
  | "symphony_ingest"
  | "symphony_executor"
  | "symphony_control"
  | "symphony_readonly"
  | "symphony_auditor"
  | "owner";
export type Isolation = "READ COMMITTED" | "REPEATABLE READ" | "SERIALIZABLE";
/**
 * One scheduled action. A step that its session can't take is skipped.
 */
export type Step =
  | BeginStep
  | CallStep
  | ResumeStep
  | EndStep
  | SavepointStep
  | AdvanceStep
  | AdvanceToStep
  | ListenerStep
  | FaultStep
  | CrashStep;
/**
 * A call with symbolic references in place of ids.
 */
export type Call =
  | EnqueueCall
  | ClaimCall
  | CompleteCall
  | RepairCall
  | CeilingCall
  | InsertPolicyCall
  | SetPolicyCall
  | DemotePolicyCall
  | AttestCall
  | RevokeCall
  | TamperCall;
export type AttemptState = "DISPATCHING" | "DISPATCHED" | "RETRYABLE" | "FAILED" | "ZOMBIE_REQUEUE";
export type Action =
  | BoundaryAction
  | SavepointAction
  | EnqueueAction
  | ClaimAction
  | CompleteAction
  | RepairAction
  | CeilingAction
  | InsertPolicyAction
  | SetPolicyAction
  | DemotePolicyAction
  | AttestAction
  | RevokeAction
  | TamperAction;
export type Event =
  | InvokeEvent
  | WaitEvent
  | ParkEvent
  | ResumeEvent
  | RespondEvent
  | AdvanceEvent
  | SkipEvent
  | ClosingEvent
  | ObserveEvent
  | FaultEvent
  | ListenerEvent
  | CrashEvent;
/**
 * What the caller was told.
 */
export type ToldResponse = OkResponse | FailResponse | EndedResponse | InfoResponse;
/**
 * A column's value as the server answered it. Of any scalar type: a subject may answer what the contract does not allow.
 */
export type Cell = string | number | boolean | null;
/**
 * What the server had answered.
 */
export type Response = OkResponse | FailResponse | EndedResponse;
/**
 * A counterexample in one file: what was played, what happened, what is wrong with it, and on which subject.
 */
export interface Replay {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  /**
   * Version of Counterpoint that wrote the file.
   */
  readonly harnessVersion: string;
  /**
   * What makes two counterexamples the same bug: the invariant or the oracle, and the rule.
   */
  readonly signature: string;
  /**
   * The first gives the signature.
   *
   * @minItems 1
   */
  readonly violations: readonly [Violation, ...Violation[]];
  readonly origin: Origin | null;
  /**
   * The server that it was found on.
   */
  readonly postgres: {
    readonly version: string;
    /**
     * server_version_num.
     */
    readonly versionNumber: number;
    readonly provider: "embedded" | "url" | "container";
  };
  /**
   * The subject, in the order of application.
   */
  readonly migrations: readonly Migration[];
  /**
   * A fresh database showed it again. When not, it is not shrunk.
   */
  readonly reproduced: boolean;
  /**
   * The history of the minimal schedule, for a reader; replay does not use it.
   */
  readonly steps: readonly StepLine[];
  readonly schedule: Schedule;
  readonly original: Schedule;
  readonly history: History;
  readonly second?: History1;
  /**
   * SHA-256 of everything else as JSON with sorted keys and no white space.
   */
  readonly checksum: string;
}
/**
 * A difference between what happened and what the contract allows.
 */
export interface Violation {
  /**
   * Which oracle saw it.
   */
  readonly oracle: "invariant" | "response" | "state" | "determinism";
  /**
   * Its id in the contract, when an invariant saw it.
   */
  readonly invariant: string | null;
  /**
   * The rule broken, without values.
   */
  readonly rule: string;
  /**
   * Index into history.events at which it shows.
   */
  readonly event: number;
  /**
   * What would have been allowed, each in a line.
   */
  readonly expected: readonly string[];
  readonly observed: string;
}
/**
 * The seed, the case and the bounds that generated the original schedule, or the one while shrinking which it was met.
 */
export interface Origin {
  readonly seed: number;
  readonly case: number;
  /**
   * Bounds of the generated schedule.
   */
  readonly size: {
    readonly sessions: number;
    readonly steps: number;
  };
  /**
   * Where the cases of the seed come from; left out: swarm.
   */
  readonly strategy?: "swarm" | "random" | "pct" | "exhaustive" | "guided";
  /**
   * Which cases of the seed have yield points; left out: none.
   */
  readonly yields?: "always" | "never" | "mix";
  /**
   * Which cases of the seed crash the server; left out: none.
   */
  readonly crashes?: "always" | "never" | "mix";
}
/**
 * One migration of the subject.
 */
export interface Migration {
  /**
   * The file's name.
   */
  readonly version: string;
  /**
   * SHA-256 of the file's bytes.
   */
  readonly checksum: string;
}
/**
 * One line of the explanation.
 */
export interface StepLine {
  /**
   * Index into schedule.steps; null for what ended a transaction that the steps left open, and in the closing phase.
   */
  readonly step: number | null;
  /**
   * Index into schedule.sessions; null for an advance of the clock.
   */
  readonly session: number | null;
  /**
   * What was asked, for a reader.
   */
  readonly action: string;
  /**
   * What came of it, for a reader.
   */
  readonly observed: readonly string[];
  /**
   * At the wrong step: what would have been allowed. Empty elsewhere.
   */
  readonly expected: readonly string[];
}
/**
 * What is played. Dropping any step leaves a schedule that still plays.
 */
export interface Schedule {
  readonly setup: {
    /**
     * Text of symphony.outbox_retry_ceiling on the database; null leaves it unset.
     */
    readonly retryCeiling: string | null;
    /**
     * Played with yield points in the functions. Left out: without, and no call parks.
     */
    readonly yields?: boolean;
    /**
     * What all sessions set for the planner; left out, nothing.
     */
    readonly settings?: {
      readonly enable_seqscan?: string;
      readonly enable_indexscan?: string;
      readonly enable_indexonlyscan?: string;
      readonly enable_bitmapscan?: string;
      readonly enable_nestloop?: string;
      readonly enable_hashjoin?: string;
      readonly enable_mergejoin?: string;
      readonly enable_hashagg?: string;
      readonly enable_sort?: string;
      readonly enable_incremental_sort?: string;
      readonly enable_material?: string;
      readonly enable_memoize?: string;
      readonly plan_cache_mode?: string;
      readonly jit?: string;
      readonly work_mem?: string;
    };
    /**
     * The clock moves by its own steps only. Left out: it ticks at each transaction's start.
     */
    readonly stillClock?: boolean;
  };
  readonly sessions: readonly SessionSpec[];
  readonly steps: readonly Step[];
}
export interface SessionSpec {
  readonly role: Role;
  readonly isolation: Isolation;
  /**
   * Its calls of functions are prepared statements.
   */
  readonly prepared?: boolean;
}
export interface BeginStep {
  readonly kind: "begin";
  readonly session: number;
  readonly isolation: Isolation;
}
export interface CallStep {
  readonly kind: "call";
  readonly session: number;
  readonly call: Call;
  /**
   * Parks at the so-manieth yield point that it comes to; left out, it runs through.
   */
  readonly parkAt?: number;
}
export interface EnqueueCall {
  readonly op: "enqueue";
  readonly instruction: string | null;
  readonly key: string | null;
  readonly participant: string | null;
  readonly rail: string | null;
  readonly payload: string | null;
}
export interface ClaimCall {
  readonly op: "claim";
  readonly batchSize: number | null;
  readonly worker: string | null;
  readonly leaseSeconds: number | null;
}
export interface CompleteCall {
  readonly op: "complete";
  readonly row: RowRef | null;
  readonly lease: "latest" | "previous" | "other" | "forged" | "null";
  readonly worker: "holder" | "stranger" | "null";
  readonly state: AttemptState | null;
  readonly rail: {
    readonly reference: string | null;
    readonly code: string | null;
  };
  readonly error: {
    readonly code: string | null;
    readonly message: string | null;
  };
  readonly latencyMs: number | null;
  readonly retryDelaySeconds: number | null;
}
/**
 * Names a row by its idempotency key.
 */
export interface RowRef {
  readonly instruction: string;
  readonly key: string;
}
export interface RepairCall {
  readonly op: "repair";
  readonly batchSize: number | null;
  readonly worker: string | null;
}
export interface CeilingCall {
  readonly op: "ceiling";
}
export interface InsertPolicyCall {
  readonly op: "insertPolicy";
  readonly version: string;
  readonly status: "ACTIVE" | "GRACE" | "RETIRED";
  readonly graceSeconds: number | null;
  readonly checksum: string | null;
}
export interface SetPolicyCall {
  readonly op: "setPolicy";
  readonly version: string;
  readonly status: "ACTIVE" | "GRACE" | "RETIRED";
  readonly graceSeconds: number | null;
}
export interface DemotePolicyCall {
  readonly op: "demotePolicy";
  readonly status: "GRACE" | "RETIRED";
  readonly graceSeconds: number | null;
}
export interface AttestCall {
  readonly op: "attest";
  readonly id: string;
  readonly instruction: string | null;
  readonly tenant: string | null;
  readonly payloadHash: string | null;
  readonly signatureHash: string | null;
}
export interface RevokeCall {
  readonly op: "revoke";
  readonly table: "revokedCerts" | "revokedTokens";
  readonly id: string;
  readonly expiresInSeconds: number | null;
  readonly reason: string | null;
  readonly by: string | null;
}
export interface TamperCall {
  readonly op: "tamper";
  readonly ledger: "attempts" | "attestations" | "revokedCerts" | "revokedTokens";
  readonly verb: "update" | "delete" | "delete nothing" | "truncate" | "upsert" | "merge";
}
/**
 * Lets a parked session go on.
 */
export interface ResumeStep {
  readonly kind: "resume";
  readonly session: number;
  /**
   * Parks at the so-manieth yield point that it comes to; left out, it runs through.
   */
  readonly parkAt?: number;
}
export interface EndStep {
  readonly kind: "commit" | "rollback";
  readonly session: number;
}
/**
 * Takes a savepoint, goes back to the latest one of the name, or lets it go.
 */
export interface SavepointStep {
  readonly kind: "savepoint" | "rollbackTo" | "release";
  readonly session: number;
  readonly name: string;
}
export interface AdvanceStep {
  readonly kind: "advance";
  readonly seconds: number;
}
/**
 * To a deadline of the row, or beside it.
 */
export interface AdvanceToStep {
  readonly kind: "advanceTo";
  readonly row: RowRef;
  readonly deadline: "lease" | "due";
  readonly offsetMicros: number;
}
/**
 * The listener's connection is dropped, or there is a new one.
 */
export interface ListenerStep {
  readonly kind: "dropListener" | "restoreListener";
}
/**
 * What is done to a session from outside.
 */
export interface FaultStep {
  readonly kind: "terminate" | "cancel" | "lockTimeout" | "loseAcknowledgement";
  readonly session: number;
}
/**
 * The server goes down at once and recovers; all sessions go on with new backends.
 */
export interface CrashStep {
  readonly kind: "crash";
}
/**
 * What happened when the schedule was played, ids by name.
 */
export interface History {
  readonly transactions: readonly Transaction[];
  readonly calls: readonly RecordedCall[];
  readonly events: readonly Event[];
  /**
   * How often sessions came to each yield point, by its number; left out where the functions have none.
   */
  readonly yields?: {
    readonly [k: string]: number;
  };
}
export interface Transaction {
  readonly id: number;
  readonly session: number;
  readonly role: Role;
  readonly isolation: Isolation;
  /**
   * The transaction's start on the virtual clock, microseconds since 1970.
   */
  readonly now: number;
}
export interface RecordedCall {
  /**
   * Index into schedule.steps; null for what ended a transaction that the steps left open, and in the closing phase.
   */
  readonly step: number | null;
  readonly session: number;
  /**
   * Index into transactions.
   */
  readonly transaction: number;
  readonly autocommit: boolean;
  readonly action: Action;
}
export interface BoundaryAction {
  readonly kind: "begin" | "commit" | "rollback";
}
export interface SavepointAction {
  readonly kind: "savepoint" | "rollbackTo" | "release";
  readonly name: string;
}
export interface EnqueueAction {
  readonly kind: "enqueue";
  readonly instructionId: string | null;
  readonly participantId: string | null;
  readonly idempotencyKey: string | null;
  readonly railType: string | null;
  readonly payload: string | null;
}
export interface ClaimAction {
  readonly kind: "claim";
  readonly batchSize: number | null;
  readonly workerId: string | null;
  readonly leaseSeconds: number | null;
}
export interface CompleteAction {
  readonly kind: "complete";
  readonly outboxId: string | null;
  readonly leaseToken: string | null;
  readonly workerId: string | null;
  readonly state: AttemptState | null;
  readonly railReference: string | null;
  readonly railCode: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly latencyMs: number | null;
  readonly retryDelaySeconds: number | null;
}
export interface RepairAction {
  readonly kind: "repair";
  readonly batchSize: number | null;
  readonly workerId: string | null;
}
export interface CeilingAction {
  readonly kind: "ceiling";
}
export interface InsertPolicyAction {
  readonly kind: "insertPolicy";
  readonly version: string;
  readonly status: "ACTIVE" | "GRACE" | "RETIRED";
  readonly graceSeconds: number | null;
  readonly checksum: string | null;
}
export interface SetPolicyAction {
  readonly kind: "setPolicy";
  readonly version: string;
  readonly status: "ACTIVE" | "GRACE" | "RETIRED";
  readonly graceSeconds: number | null;
}
export interface DemotePolicyAction {
  readonly kind: "demotePolicy";
  readonly status: "GRACE" | "RETIRED";
  readonly graceSeconds: number | null;
}
export interface AttestAction {
  readonly kind: "attest";
  readonly attestationId: string;
  readonly instructionId: string | null;
  readonly tenantId: string | null;
  readonly payloadHash: string | null;
  readonly signatureHash: string | null;
}
export interface RevokeAction {
  readonly kind: "revoke";
  readonly table: "revokedCerts" | "revokedTokens";
  readonly id: string;
  readonly expiresInSeconds: number | null;
  readonly reasonCode: string | null;
  readonly revokedBy: string | null;
}
export interface TamperAction {
  readonly kind: "tamper";
  readonly ledger: "attempts" | "attestations" | "revokedCerts" | "revokedTokens";
  readonly verb: "update" | "delete" | "delete nothing" | "truncate" | "upsert" | "merge";
}
export interface InvokeEvent {
  readonly kind: "invoke";
  /**
   * Index into calls.
   */
  readonly call: number;
}
/**
 * The call waits for a lock.
 */
export interface WaitEvent {
  readonly kind: "wait";
  /**
   * Index into calls.
   */
  readonly call: number;
  readonly lock: string;
  /**
   * Sessions.
   */
  readonly blockedBy: readonly number[];
}
/**
 * The call stands before a statement of a function.
 */
export interface ParkEvent {
  readonly kind: "park";
  /**
   * Index into calls.
   */
  readonly call: number;
  readonly at: {
    readonly function: string;
    /**
     * As the server's messages count: 1 is that of the body's opening quote.
     */
    readonly line: number;
    readonly statement: string;
  };
}
/**
 * A parked call goes on.
 */
export interface ResumeEvent {
  readonly kind: "resume";
  /**
   * Index into calls.
   */
  readonly call: number;
  /**
   * Index into the schedule's steps; null at their end.
   */
  readonly step: number | null;
}
export interface RespondEvent {
  readonly kind: "respond";
  /**
   * Index into calls.
   */
  readonly call: number;
  readonly response: ToldResponse;
}
export interface OkResponse {
  readonly kind: "ok";
  readonly rows: readonly AnswerRow[];
}
/**
 * A row of an answer: the columns of the operation that was asked.
 */
export interface AnswerRow {
  readonly outboxId?: Cell;
  readonly instructionId?: Cell;
  readonly participantId?: Cell;
  readonly sequenceId?: Cell;
  readonly idempotencyKey?: Cell;
  readonly railType?: Cell;
  readonly payload?: Cell;
  readonly attemptCount?: Cell;
  readonly leaseToken?: Cell;
  readonly leaseExpiresAt?: Cell;
  readonly createdAt?: Cell;
  readonly state?: Cell;
  readonly attemptNo?: Cell;
  readonly ceiling?: Cell;
  readonly version?: Cell;
}
export interface FailResponse {
  readonly kind: "fail";
  readonly sqlstate: string;
  readonly message: string;
  /**
   * For a deadlock: the sessions of the cycle.
   */
  readonly cycle: readonly number[];
}
export interface EndedResponse {
  readonly kind: "ended";
  readonly command: string;
}
/**
 * The answer was lost on the way: the caller does not know whether what it asked took effect.
 */
export interface InfoResponse {
  readonly kind: "info";
  readonly lost: Response;
}
export interface AdvanceEvent {
  readonly kind: "advance";
  /**
   * Index into schedule.steps; null in the closing phase.
   */
  readonly step: number | null;
  /**
   * Microseconds since 1970, UTC.
   */
  readonly now: number;
}
export interface SkipEvent {
  readonly kind: "skip";
  readonly step: number;
  readonly reason:
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
}
/**
 * The steps are over and nothing is open. What follows is the closing phase: a worker and a repairer bring every row to its end.
 */
export interface ClosingEvent {
  readonly kind: "closing";
  /**
   * Why the phase is left out; null where it is played.
   */
  readonly omitted: "bad ceiling" | null;
}
/**
 * No call ran or waited: the committed rows.
 */
export interface ObserveEvent {
  readonly kind: "observe";
  /**
   * Microseconds since 1970, UTC.
   */
  readonly now: number;
  readonly observation: Observation;
  readonly notifications: readonly Wakeup[];
}
export interface Observation {
  /**
   * Items: A row of payment_outbox_pending.
   */
  readonly pending: readonly {
    readonly outboxId?: Cell;
    readonly instructionId?: Cell;
    readonly participantId?: Cell;
    readonly sequenceId?: Cell;
    readonly idempotencyKey?: Cell;
    readonly railType?: Cell;
    readonly payload?: Cell;
    readonly attemptCount?: Cell;
    readonly nextAttemptAt?: Cell;
    readonly createdAt?: Cell;
    readonly claimedBy?: Cell;
    readonly leaseToken?: Cell;
    readonly leaseExpiresAt?: Cell;
  }[];
  /**
   * Items: A row of payment_outbox_attempts.
   */
  readonly attempts: readonly {
    readonly outboxId?: Cell;
    readonly attemptNo?: Cell;
    readonly instructionId?: Cell;
    readonly participantId?: Cell;
    readonly sequenceId?: Cell;
    readonly idempotencyKey?: Cell;
    readonly railType?: Cell;
    readonly payload?: Cell;
    readonly state?: Cell;
    readonly claimedAt?: Cell;
    readonly completedAt?: Cell;
    readonly railReference?: Cell;
    readonly railCode?: Cell;
    readonly errorCode?: Cell;
    readonly errorMessage?: Cell;
    readonly latencyMs?: Cell;
    readonly workerId?: Cell;
    readonly createdAt?: Cell;
  }[];
  /**
   * Items: A row of participant_outbox_sequences.
   */
  readonly sequences: readonly {
    readonly participantId?: Cell;
    readonly next?: Cell;
  }[];
  /**
   * Items: A row of policy_versions.
   */
  readonly policies: readonly {
    readonly version?: Cell;
    readonly status?: Cell;
    readonly activatedAt?: Cell;
    readonly graceExpiresAt?: Cell;
    readonly checksum?: Cell;
    readonly createdAt?: Cell;
    readonly isActive?: Cell;
  }[];
  /**
   * Items: A row of ingress_attestations.
   */
  readonly attestations: readonly {
    readonly attestationId?: Cell;
    readonly instructionId?: Cell;
    readonly tenantId?: Cell;
    readonly payloadHash?: Cell;
    readonly signatureHash?: Cell;
    readonly receivedAt?: Cell;
  }[];
  /**
   * Items: A row of revoked_client_certs.
   */
  readonly revokedCerts: readonly {
    readonly id?: Cell;
    readonly revokedAt?: Cell;
    readonly expiresAt?: Cell;
    readonly reasonCode?: Cell;
    readonly revokedBy?: Cell;
  }[];
  /**
   * Items: A row of revoked_tokens.
   */
  readonly revokedTokens: readonly {
    readonly id?: Cell;
    readonly revokedAt?: Cell;
    readonly expiresAt?: Cell;
    readonly reasonCode?: Cell;
    readonly revokedBy?: Cell;
  }[];
}
export interface Wakeup {
  /**
   * Who sent it; null if it was none of the case's.
   */
  readonly session: number | null;
  readonly payload: string;
}
/**
 * A fault was done.
 */
export interface FaultEvent {
  readonly kind: "fault";
  readonly step: number;
  readonly fault: "terminate" | "cancel" | "lockTimeout" | "loseAcknowledgement";
  readonly session: number;
  /**
   * The calls in flight that it hits, indexes into calls.
   */
  readonly calls: readonly number[];
  /**
   * The open transactions that it ends between two calls, indexes into transactions.
   */
  readonly ended: readonly number[];
}
/**
 * Whether anybody listens for notifications from here on.
 */
export interface ListenerEvent {
  readonly kind: "listener";
  readonly step: number;
  readonly listening: boolean;
}
/**
 * The server has crashed and recovered.
 */
export interface CrashEvent {
  readonly kind: "crash";
  readonly step: number;
  /**
   * The calls in flight, indexes into calls.
   */
  readonly calls: readonly number[];
  /**
   * The open transactions that it ends between two calls, indexes into transactions.
   */
  readonly ended: readonly number[];
}
/**
 * What happened when the schedule was played, ids by name.
 */
export interface History1 {
  readonly transactions: readonly Transaction[];
  readonly calls: readonly RecordedCall[];
  readonly events: readonly Event[];
  /**
   * How often sessions came to each yield point, by its number; left out where the functions have none.
   */
  readonly yields?: {
    readonly [k: string]: number;
  };
}

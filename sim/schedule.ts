import type { AttemptState, Isolation, Ledger, PolicyStatus, TamperVerb } from "../model/operation.ts";
import type { Caller } from "../model/privileges.ts";
import type { Settings } from "./settings.ts";

/** What is played: plain data, the same on every machine. Dropping any step leaves a schedule that still plays. */
export interface Schedule {
  readonly setup: Setup;
  readonly sessions: readonly SessionSpec[];
  readonly steps: readonly Step[];
}

export interface Setup {
  /** The text of symphony.outbox_retry_ceiling on the database; null leaves it unset. */
  readonly retryCeiling: string | null;
  /** Played with yield points in the functions. Without, no call parks. */
  readonly yields?: boolean;
  /** What all sessions set for the planner; left out, nothing. */
  readonly settings?: Settings;
  /** The clock moves by its own steps only, and rows tie that are made between two of them. Left out, it ticks. */
  readonly stillClock?: boolean;
}

export interface SessionSpec {
  readonly role: Caller;
  /** The isolation level of this session's calls outside an explicit transaction. */
  readonly isolation: Isolation;
  /** Its calls of functions are statements that it has prepared before the case. */
  readonly prepared?: boolean;
}

/** One scheduled action. A step whose session can't take it (it is blocked or parked, or has no transaction to commit) is skipped. */
export type Step =
  | { readonly kind: "begin"; readonly session: number; readonly isolation: Isolation }
  | {
      readonly kind: "call";
      readonly session: number;
      readonly call: Call;
      /** The call parks at the so-manieth yield point that it comes to, 1 being the first; left out, it runs through. */
      readonly parkAt?: number;
    }
  /** Lets a parked session go on: to its so-manieth yield point from there, or to its end. */
  | { readonly kind: "resume"; readonly session: number; readonly parkAt?: number }
  | { readonly kind: "commit"; readonly session: number }
  | { readonly kind: "rollback"; readonly session: number }
  /** Names are PostgreSQL's: the latest savepoint of a name is meant. Skipped where there is none. */
  | SavepointStep
  | { readonly kind: "advance"; readonly seconds: number }
  /** To a deadline of the row, or `offsetMicros` beside it; skipped if the row has none ahead. */
  | {
      readonly kind: "advanceTo";
      readonly row: RowRef;
      readonly deadline: Deadline;
      readonly offsetMicros: number;
    }
  | ListenerStep
  | Fault
  /** The server goes down at once, wherever its sessions are, and recovers; they go on as when their backends are terminated. */
  | { readonly kind: "crash" };

/** The listener's connection is dropped, with all that was notified before; or there is a new one, which hears what commits
 *  from then on. Skipped where it is so already. */
export interface ListenerStep {
  readonly kind: (typeof listenerStepKinds)[number];
}

export const listenerStepKinds = ["dropListener", "restoreListener"] as const;

export function isListenerStep(step: Step): step is ListenerStep {
  return (listenerStepKinds as readonly string[]).includes(step.kind);
}

/** What is done to a session from outside. */
export type Fault =
  /** Its backend is ended, wherever it is; the session goes on with a new one, and its workers with their leases. */
  | { readonly kind: "terminate"; readonly session: number }
  /** Its blocked or parked call is cancelled. */
  | { readonly kind: "cancel"; readonly session: number }
  /** Its next call gives up where it would wait for a lock. */
  | { readonly kind: "lockTimeout"; readonly session: number }
  /** The answer to its next COMMIT, or call that is a transaction of its own, is lost on the way: the server has done it, and
   *  the caller does not know. The session goes on with a new backend. */
  | { readonly kind: "loseAcknowledgement"; readonly session: number };

export const faultKinds = [
  "terminate",
  "cancel",
  "lockTimeout",
  "loseAcknowledgement",
] as const satisfies readonly Fault["kind"][];
export type FaultKind = (typeof faultKinds)[number];

export function isFault(step: Step): step is Fault {
  return (faultKinds as readonly string[]).includes(step.kind);
}

/** Is it played on a lane that has its server for itself? */
export function hasCrashes({ steps }: Schedule): boolean {
  return steps.some(({ kind }) => kind === "crash");
}

/** Is it played on a lane whose functions have yield points? */
export function hasYields({ setup }: Schedule): boolean {
  return setup.yields === true;
}

export interface SavepointStep {
  readonly kind: SavepointVerb;
  readonly session: number;
  readonly name: string;
}

export function isSavepointStep(step: Step): step is SavepointStep {
  return step.kind === "savepoint" || step.kind === "rollbackTo" || step.kind === "release";
}

export const savepointVerbs = ["savepoint", "rollbackTo", "release"] as const;
export type SavepointVerb = (typeof savepointVerbs)[number];

export const savepointNames = ["s1", "s2"] as const;

export const deadlines = ["lease", "due"] as const;
export type Deadline = (typeof deadlines)[number];

/** Names a row by its idempotency key: it means the same row however many steps are dropped. */
export interface RowRef {
  readonly instruction: string;
  readonly key: string;
}

/** A call with symbolic references in place of the ids that only the run will know. */
export type Call =
  | {
      readonly op: "enqueue";
      readonly instruction: string | null;
      readonly key: string | null;
      readonly participant: string | null;
      readonly rail: string | null;
      readonly payload: string | null;
    }
  | {
      readonly op: "claim";
      readonly batchSize: number | null;
      readonly worker: string | null;
      readonly leaseSeconds: number | null;
    }
  | {
      readonly op: "complete";
      /** Null passes a null id. A row that was never enqueued gets an id that nobody has. */
      readonly row: RowRef | null;
      readonly lease: LeaseRef;
      readonly worker: WorkerRef;
      readonly state: AttemptState | null;
      readonly rail: { readonly reference: string | null; readonly code: string | null };
      readonly error: { readonly code: string | null; readonly message: string | null };
      readonly latencyMs: number | null;
      readonly retryDelaySeconds: number | null;
    }
  | { readonly op: "repair"; readonly batchSize: number | null; readonly worker: string | null }
  | { readonly op: "ceiling" }
  | {
      readonly op: "insertPolicy";
      readonly version: string;
      readonly status: PolicyStatus;
      readonly graceSeconds: number | null;
      readonly checksum: string | null;
    }
  | {
      readonly op: "setPolicy";
      readonly version: string;
      readonly status: PolicyStatus;
      readonly graceSeconds: number | null;
    }
  | {
      readonly op: "demotePolicy";
      readonly status: "GRACE" | "RETIRED";
      readonly graceSeconds: number | null;
    }
  | {
      readonly op: "attest";
      readonly id: string;
      readonly instruction: string | null;
      readonly tenant: string | null;
      readonly payloadHash: string | null;
      readonly signatureHash: string | null;
    }
  | {
      readonly op: "revoke";
      readonly table: "revokedCerts" | "revokedTokens";
      readonly id: string;
      readonly expiresInSeconds: number | null;
      readonly reason: string | null;
      readonly by: string | null;
    }
  | { readonly op: "tamper"; readonly ledger: Ledger; readonly verb: TamperVerb };

/** Which lease token: the row's latest, the one before it (a zombie's), another row's latest, one that nobody got, or null. */
export const leaseRefs = ["latest", "previous", "other", "forged", "null"] as const;
export type LeaseRef = (typeof leaseRefs)[number];

/** Who completes: the worker that was granted that lease, another one, or null. */
export const workerRefs = ["holder", "stranger", "null"] as const;
export type WorkerRef = (typeof workerRefs)[number];

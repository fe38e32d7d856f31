import type { AttemptState, Micros } from "./operation.ts";

export interface EnqueuedRow {
  readonly outboxId: string;
  readonly sequenceId: number;
  readonly createdAt: Micros;
  /** PENDING, or the state of the latest attempt, or null (contract 3, enqueue). */
  readonly state: "PENDING" | AttemptState | null;
}

export interface ClaimedRow {
  readonly outboxId: string;
  readonly instructionId: string;
  readonly participantId: string;
  readonly sequenceId: number;
  readonly idempotencyKey: string;
  readonly railType: string;
  /** Canonical JSON text (see canonicalJson). */
  readonly payload: string;
  readonly attemptCount: number;
  readonly leaseToken: string;
  readonly leaseExpiresAt: Micros;
}

export interface CompletedRow {
  readonly attemptNo: number;
  readonly state: AttemptState;
}

export interface RepairedRow {
  readonly outboxId: string;
  readonly attemptNo: number;
}

export interface CeilingRow {
  readonly ceiling: number;
}

/** RETURNING version of an UPDATE of policy_versions. */
export interface PolicyRow {
  readonly version: string;
}

/** The call failed; in an explicit transaction the whole transaction is aborted. */
export interface Fail {
  readonly kind: "fail";
  readonly sqlstate: string;
  readonly message: string;
  /** For 40P01: the sessions of the cycle, as the server names them. */
  readonly cycle: readonly number[];
}

export interface Ok {
  readonly kind: "ok";
  readonly rows: readonly (EnqueuedRow | ClaimedRow | CompletedRow | RepairedRow | CeilingRow | PolicyRow)[];
}

/** The second event of an operation. A lost acknowledgement ("info") has no response at all. */
export type Response = Ok | Fail;

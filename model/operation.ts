/** Microseconds since 1970-01-01 UTC, an exact integer. PostgreSQL's own resolution. */
export type Micros = number;

export const attemptStates = ["DISPATCHING", "DISPATCHED", "RETRYABLE", "FAILED", "ZOMBIE_REQUEUE"] as const;
export type AttemptState = (typeof attemptStates)[number];

export const isolationLevels = ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"] as const;
export type Isolation = (typeof isolationLevels)[number];

/** enqueue_payment_outbox (contract 3). The payload is JSON text; null is SQL's NULL, "null" is JSON's. */
export interface Enqueue {
  readonly kind: "enqueue";
  readonly instructionId: string | null;
  readonly participantId: string | null;
  readonly idempotencyKey: string | null;
  readonly railType: string | null;
  readonly payload: string | null;
}

/** claim_outbox_batch (contract 3). */
export interface Claim {
  readonly kind: "claim";
  readonly batchSize: number | null;
  readonly workerId: string | null;
  readonly leaseSeconds: number | null;
}

/** complete_outbox_attempt (contract 3). */
export interface Complete {
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

/** repair_expired_leases (contract 3). */
export interface Repair {
  readonly kind: "repair";
  readonly batchSize: number | null;
  readonly workerId: string | null;
}

/** outbox_retry_ceiling (contract 3). */
export interface Ceiling {
  readonly kind: "ceiling";
}

/** What a client asks. */
export type Operation = Enqueue | Claim | Complete | Repair | Ceiling;

export const operationKinds = ["enqueue", "claim", "complete", "repair", "ceiling"] as const;
export type OperationKind = Operation["kind"];

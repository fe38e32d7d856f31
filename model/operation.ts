/** Microseconds since 1970-01-01 UTC, an exact integer. PostgreSQL's own resolution. */
export type Micros = number;

export const microsPerSecond = 1_000_000;

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

export const policyStatuses = ["ACTIVE", "GRACE", "RETIRED"] as const;
export type PolicyStatus = (typeof policyStatuses)[number];

/** INSERT INTO policy_versions (contract 2). */
export interface InsertPolicy {
  readonly kind: "insertPolicy";
  readonly version: string;
  readonly status: PolicyStatus;
  /** grace_expires_at is so long after now; null for none. */
  readonly graceSeconds: number | null;
  readonly checksum: string | null;
}

/** UPDATE policy_versions, the row of one version (contract 2): activate it, let it go into grace, retire it. */
export interface SetPolicy {
  readonly kind: "setPolicy";
  readonly version: string;
  readonly status: PolicyStatus;
  readonly graceSeconds: number | null;
}

/** UPDATE policy_versions, the row that is ACTIVE: the first half of an activation (contract 2). */
export interface DemotePolicy {
  readonly kind: "demotePolicy";
  readonly status: Exclude<PolicyStatus, "ACTIVE">;
  readonly graceSeconds: number | null;
}

/** INSERT INTO ingress_attestations (contract 2). */
export interface Attest {
  readonly kind: "attest";
  readonly attestationId: string;
  readonly instructionId: string | null;
  readonly tenantId: string | null;
  readonly payloadHash: string | null;
  readonly signatureHash: string | null;
}

/** INSERT INTO revoked_client_certs or revoked_tokens (contract 2). */
export interface Revoke {
  readonly kind: "revoke";
  readonly table: "revokedCerts" | "revokedTokens";
  readonly id: string;
  readonly expiresInSeconds: number | null;
  readonly reasonCode: string | null;
  readonly revokedBy: string | null;
}

/** The append-only tables (contract 2, "Append-only"). */
export const ledgers = ["attempts", "attestations", "revokedCerts", "revokedTokens"] as const;
export type Ledger = (typeof ledgers)[number];

/** Every way to change what a ledger holds; "delete nothing" matches no row. */
export const tamperVerbs = ["update", "delete", "delete nothing", "truncate", "upsert", "merge"] as const;
export type TamperVerb = (typeof tamperVerbs)[number];

/** An attempt to change a ledger. */
export interface Tamper {
  readonly kind: "tamper";
  readonly ledger: Ledger;
  readonly verb: TamperVerb;
}

/** What a client asks of the functions (contract 3). */
export type OutboxOperation = Enqueue | Claim | Complete | Repair | Ceiling;

/** What a client does on tables directly (contract 2 and 4). */
export type TableOperation = InsertPolicy | SetPolicy | DemotePolicy | Attest | Revoke | Tamper;

/** What a client asks. */
export type Operation = OutboxOperation | TableOperation;

export const operationKinds = [
  "enqueue",
  "claim",
  "complete",
  "repair",
  "ceiling",
  "insertPolicy",
  "setPolicy",
  "demotePolicy",
  "attest",
  "revoke",
  "tamper",
] as const satisfies Operation["kind"][];
export type OperationKind = Operation["kind"];

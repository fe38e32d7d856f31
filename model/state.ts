import type { AttemptState, Enqueue, Micros, PolicyStatus } from "./operation.ts";

/** A text that the contract leaves free ("error_message free"): equal to whatever is observed. */
export const anyText = { any: "text" } as const;
export type AnyText = typeof anyText;

/** A row of payment_outbox_pending (contract 2). */
export interface PendingRow {
  readonly outboxId: string;
  readonly instructionId: string;
  readonly participantId: string;
  readonly sequenceId: number;
  readonly idempotencyKey: string;
  readonly railType: string;
  /** Canonical JSON text. */
  readonly payload: string;
  readonly attemptCount: number;
  readonly nextAttemptAt: Micros;
  readonly createdAt: Micros;
  readonly claimedBy: string | null;
  readonly leaseToken: string | null;
  readonly leaseExpiresAt: Micros | null;
}

/** A row of payment_outbox_attempts (contract 2); its attempt_id is the database's own business. */
export interface AttemptRow {
  readonly outboxId: string;
  readonly attemptNo: number;
  readonly instructionId: string;
  readonly participantId: string;
  readonly sequenceId: number;
  readonly idempotencyKey: string;
  readonly railType: string;
  readonly payload: string;
  readonly state: AttemptState;
  readonly claimedAt: Micros;
  readonly completedAt: Micros | null;
  readonly railReference: string | null;
  readonly railCode: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null | AnyText;
  readonly latencyMs: number | null;
  readonly workerId: string | null;
  readonly createdAt: Micros;
}

/** What a key got at its first call, for ever. */
export interface KeyEntry {
  readonly outboxId: string;
  readonly sequenceId: number;
  readonly createdAt: Micros;
}

/** A row of policy_versions (contract 2). */
export interface PolicyVersion {
  readonly version: string;
  readonly status: PolicyStatus;
  readonly activatedAt: Micros;
  readonly graceExpiresAt: Micros | null;
  readonly checksum: string;
  readonly createdAt: Micros;
  readonly isActive: boolean;
}

/** A row of ingress_attestations (contract 2). */
export interface Attestation {
  readonly attestationId: string;
  readonly instructionId: string;
  readonly tenantId: string | null;
  readonly payloadHash: string;
  readonly signatureHash: string | null;
  readonly receivedAt: Micros;
}

/** A row of revoked_client_certs or revoked_tokens (contract 2); `id` is the fingerprint or the jti. */
export interface Revocation {
  readonly id: string;
  readonly revokedAt: Micros;
  readonly expiresAt: Micros | null;
  readonly reasonCode: string | null;
  readonly revokedBy: string | null;
}

/** The only key of OutboxState.activePolicy. */
export const activeSlot = "active";

/** The outbox as one transaction sees it. Never mutated: a changed entry is another object, so that identity tells a change. */
export interface OutboxState {
  readonly pending: ReadonlyMap<string, PendingRow>;
  /** By outbox_id, attempt_no ascending. */
  readonly attempts: ReadonlyMap<string, readonly AttemptRow[]>;
  /** By participant: the number that the next enqueue gets. */
  readonly sequences: ReadonlyMap<string, number>;
  /** By keyOf(). */
  readonly keys: ReadonlyMap<string, KeyEntry>;
  /** By version. */
  readonly policies: ReadonlyMap<string, PolicyVersion>;
  /** Under activeSlot, the version that is ACTIVE, if any: the one place in the unique index. */
  readonly activePolicy: ReadonlyMap<string, string>;
  /** By attestation_id. */
  readonly attestations: ReadonlyMap<string, Attestation>;
  readonly revokedCerts: ReadonlyMap<string, Revocation>;
  readonly revokedTokens: ReadonlyMap<string, Revocation>;
}

export const emptyState: OutboxState = {
  pending: new Map(),
  attempts: new Map(),
  sequences: new Map(),
  keys: new Map(),
  policies: new Map(),
  activePolicy: new Map(),
  attestations: new Map(),
  revokedCerts: new Map(),
  revokedTokens: new Map(),
};

/** The idempotency key as one text; different pairs are different texts, however they concatenate. */
export function keyOf(op: Pick<Enqueue, "instructionId" | "idempotencyKey">): string {
  return JSON.stringify([op.instructionId, op.idempotencyKey]);
}

/** The row's last attempt number, 0 when it has none. */
export function lastAttemptNo(state: OutboxState, outboxId: string): number {
  return state.attempts.get(outboxId)?.at(-1)?.attemptNo ?? 0;
}

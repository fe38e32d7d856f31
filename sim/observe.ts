import type { Observation } from "../model/observation.ts";
import type { AttemptRow, PendingRow } from "../model/state.ts";
import type { Connection, Result } from "./database/connection.ts";
import type { Names } from "./names.ts";
import { json, nameIds } from "./responses.ts";

const observationSql = `
  SELECT outbox_id AS "outboxId", instruction_id AS "instructionId", participant_id AS "participantId",
    sequence_id AS "sequenceId", idempotency_key AS "idempotencyKey", rail_type AS "railType", payload,
    attempt_count AS "attemptCount", next_attempt_at AS "nextAttemptAt", created_at AS "createdAt",
    claimed_by AS "claimedBy", lease_token AS "leaseToken", lease_expires_at AS "leaseExpiresAt"
  FROM public.payment_outbox_pending ORDER BY participant_id, sequence_id;
  SELECT outbox_id AS "outboxId", attempt_no AS "attemptNo", instruction_id AS "instructionId",
    participant_id AS "participantId", sequence_id AS "sequenceId", idempotency_key AS "idempotencyKey",
    rail_type AS "railType", payload, state, claimed_at AS "claimedAt", completed_at AS "completedAt",
    rail_reference AS "railReference", rail_code AS "railCode", error_code AS "errorCode",
    error_message AS "errorMessage", latency_ms AS "latencyMs", worker_id AS "workerId", created_at AS "createdAt"
  FROM public.payment_outbox_attempts ORDER BY participant_id, sequence_id, attempt_no;
  SELECT participant_id AS "participantId", next_sequence_id AS next
  FROM public.participant_outbox_sequences ORDER BY participant_id;
  SELECT version, status, activated_at AS "activatedAt", grace_expires_at AS "graceExpiresAt", checksum,
    created_at AS "createdAt", is_active AS "isActive"
  FROM public.policy_versions ORDER BY version;
  SELECT attestation_id AS "attestationId", instruction_id AS "instructionId", tenant_id AS "tenantId",
    payload_hash AS "payloadHash", signature_hash AS "signatureHash", received_at AS "receivedAt"
  FROM public.ingress_attestations ORDER BY attestation_id;
  SELECT cert_fingerprint_sha256 AS id, revoked_at AS "revokedAt", expires_at AS "expiresAt",
    reason_code AS "reasonCode", revoked_by AS "revokedBy"
  FROM public.revoked_client_certs ORDER BY 1;
  SELECT token_jti AS id, revoked_at AS "revokedAt", expires_at AS "expiresAt",
    reason_code AS "reasonCode", revoked_by AS "revokedBy"
  FROM public.revoked_tokens ORDER BY 1`;

/** Reads the committed rows of the contract's tables (contract 2), all columns, in one round trip. */
export async function observe(connection: Connection, names: Names): Promise<Observation> {
  const results = await connection.run(observationSql);
  const [pending, attempts, sequences, policies, attestations, revokedCerts, revokedTokens] = results;
  return {
    pending: named(pending, names) as readonly PendingRow[],
    attempts: named(attempts, names) as readonly AttemptRow[],
    sequences: plain(sequences) as Observation["sequences"],
    policies: plain(policies) as Observation["policies"],
    attestations: plain(attestations) as Observation["attestations"],
    revokedCerts: plain(revokedCerts) as Observation["revokedCerts"],
    revokedTokens: plain(revokedTokens) as Observation["revokedTokens"],
  };
}

function plain(result: Result | undefined): readonly unknown[] {
  return result?.rows ?? [];
}

function named(result: Result | undefined, names: Names): readonly unknown[] {
  return (result?.rows ?? []).map((row) => nameIds({ ...row, payload: json(row["payload"]) }, names));
}

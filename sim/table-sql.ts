import type { Ledger, TableOperation, Tamper } from "../model/operation.ts";
import { secondsFromNow, text, typed } from "./values-sql.ts";

/** What clients do on tables directly (contract 2 and 4), for the simple protocol. */
export function tableSql(operation: TableOperation): string {
  switch (operation.kind) {
    case "insertPolicy": {
      const { version, status, graceSeconds, checksum } = operation;
      const values = [text(version), policyStatus(status), secondsFromNow(graceSeconds), text(checksum)];
      return insert("policy_versions", "version, status, grace_expires_at, checksum", values);
    }
    case "setPolicy":
      return `${updatePolicy(operation.status, operation.graceSeconds)} WHERE version = ${text(operation.version)} RETURNING version`;
    case "demotePolicy":
      return `${updatePolicy(operation.status, operation.graceSeconds)} WHERE status = 'ACTIVE' RETURNING version`;
    case "attest": {
      const { attestationId, instructionId, tenantId, payloadHash, signatureHash } = operation;
      const columns = "attestation_id, instruction_id, tenant_id, payload_hash, signature_hash";
      const texts = [instructionId, tenantId, payloadHash, signatureHash].map(text);
      return insert("ingress_attestations", columns, [typed(attestationId, "uuid"), ...texts]);
    }
    case "revoke": {
      const { table, id, expiresInSeconds, reasonCode, revokedBy } = operation;
      const { name, key } = ledgers[table];
      const values = [text(id), secondsFromNow(expiresInSeconds), text(reasonCode), text(revokedBy)];
      return insert(name, `${key}, expires_at, reason_code, revoked_by`, values);
    }
    case "tamper":
      return tamperSql(operation);
  }
}

function insert(table: string, columns: string, values: readonly string[]): string {
  return `INSERT INTO public.${table} (${columns}) VALUES (${values.join(", ")})`;
}

function policyStatus(status: string): string {
  return typed(status, "public.policy_version_status");
}

function updatePolicy(status: string, graceSeconds: number | null): string {
  const activated = status === "ACTIVE" ? ", activated_at = now()" : "";
  return `UPDATE public.policy_versions SET status = ${policyStatus(status)}, grace_expires_at = ${secondsFromNow(graceSeconds)}${activated}`;
}

/** A ledger's table, its primary key, and a text column of it. */
const ledgers: Record<Ledger, { readonly name: string; readonly key: string; readonly column: string }> = {
  attempts: { name: "payment_outbox_attempts", key: "attempt_id", column: "worker_id" },
  attestations: { name: "ingress_attestations", key: "attestation_id", column: "tenant_id" },
  revokedCerts: { name: "revoked_client_certs", key: "cert_fingerprint_sha256", column: "reason_code" },
  revokedTokens: { name: "revoked_tokens", key: "token_jti", column: "reason_code" },
};

function tamperSql({ ledger, verb }: Tamper): string {
  const { name, key, column } = ledgers[ledger];
  const table = `public.${name}`;
  switch (verb) {
    case "update":
      return `UPDATE ${table} SET ${column} = 'tampered'`;
    case "delete":
      return `DELETE FROM ${table}`;
    case "delete nothing":
      return `DELETE FROM ${table} WHERE false`;
    case "truncate":
      return `TRUNCATE ${table}`;
    case "upsert":
      return `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT (${key}) DO UPDATE SET ${column} = 'tampered'`;
    case "merge":
      return `MERGE INTO ${table} USING (SELECT 1) AS one ON true WHEN MATCHED THEN UPDATE SET ${column} = 'tampered'`;
  }
}

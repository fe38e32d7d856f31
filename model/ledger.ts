import type { ErrorKind } from "./errors.ts";
import { accept, type Circumstances, type Judgement, mustFail, mustNotFail, refuse } from "./judgement.ts";
import { type Attest, type Revoke, type Tamper, microsPerSecond } from "./operation.ts";
import type { Response } from "./response.ts";
import type { Attestation, Revocation } from "./state.ts";
import type { Write } from "./write.ts";

/** Model of INSERT INTO ingress_attestations (contract 2). */
export function judgeAttest(op: Attest, response: Response, { now, latest }: Circumstances): Judgement {
  const errors: ErrorKind[] = [];
  if (op.instructionId === null || op.payloadHash === null) errors.push("bad argument");
  if (latest.attestations.has(op.attestationId)) errors.push("not unique");
  const row: Attestation = {
    attestationId: op.attestationId,
    instructionId: op.instructionId ?? "",
    tenantId: op.tenantId,
    payloadHash: op.payloadHash ?? "",
    signatureHash: op.signatureHash,
    receivedAt: now,
  };
  return judgeInsert("attest", errors, response, { table: "attestations", id: op.attestationId, row });
}

/** Model of INSERT INTO revoked_client_certs or revoked_tokens (contract 2). */
export function judgeRevoke(op: Revoke, response: Response, { now, latest }: Circumstances): Judgement {
  const row: Revocation = {
    id: op.id,
    revokedAt: now,
    expiresAt: op.expiresInSeconds === null ? null : now + op.expiresInSeconds * microsPerSecond,
    reasonCode: op.reasonCode,
    revokedBy: op.revokedBy,
  };
  const errors: ErrorKind[] = latest[op.table].has(op.id) ? ["not unique"] : [];
  return judgeInsert("revoke", errors, response, { table: op.table, id: op.id, row });
}

function judgeInsert(
  name: string,
  errors: readonly ErrorKind[],
  response: Response,
  write: Write,
): Judgement {
  if (errors.length > 0) return mustFail(name, errors, response);
  if (response.kind === "fail") return mustNotFail(name, response);
  return response.rows.length === 0 ? accept([write]) : refuse(`${name}: returns no row`, "no rows");
}

/** Model of every statement that would change a ledger (contract 2, "Append-only"): who has the privilege is denied, also
 *  for zero rows. Who has it not was refused before this is asked. */
export function judgeTamper(op: Tamper, response: Response): Judgement {
  return mustFail(`tamper by ${op.verb}`, ["append-only"], response);
}

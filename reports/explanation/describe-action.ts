import type { Complete } from "../../model/operation.ts";
import type { Action } from "../../sim/history.ts";
import type { Isolation } from "../../model/operation.ts";
import { shortPairs, shortValue } from "../text.ts";

/** What a session asked, in a line. */
export function describeAction(action: Action, isolation: Isolation): string {
  switch (action.kind) {
    case "begin":
      return `begin ${isolation}`;
    case "commit":
    case "rollback":
      return action.kind;
    case "savepoint":
    case "release":
      return `${action.kind} ${action.name}`;
    case "rollbackTo":
      return `roll back to ${action.name}`;
    case "enqueue": {
      const { instructionId, idempotencyKey, participantId: participant, railType: rail, payload } = action;
      const key = `${shortValue(instructionId)}/${shortValue(idempotencyKey)}`;
      return `enqueue ${key} ${shortPairs({ participant, rail, payload })}`;
    }
    case "claim":
      return `claim ${shortPairs({ batch: action.batchSize, worker: action.workerId })} lease=${seconds(action.leaseSeconds)}`;
    case "complete":
      return describeCompletion(action);
    case "repair":
      return `repair ${shortPairs({ batch: action.batchSize, worker: action.workerId })}`;
    case "ceiling":
      return "ask the retry ceiling";
    case "insertPolicy": {
      const { version, status, checksum } = action;
      return `insert policy ${shortPairs({ version, status, checksum })} grace=${seconds(action.graceSeconds)}`;
    }
    case "setPolicy": {
      const { version, status } = action;
      return `set policy ${shortPairs({ version, status })} grace=${seconds(action.graceSeconds)}`;
    }
    case "demotePolicy":
      return `demote the active policy ${shortPairs({ status: action.status })} grace=${seconds(action.graceSeconds)}`;
    case "attest": {
      const { attestationId: id, instructionId: instruction, tenantId: tenant, payloadHash: hash } = action;
      return `attest ${shortPairs({ id, instruction, tenant, hash })}`;
    }
    case "revoke": {
      const { id, reasonCode: reason, revokedBy: by } = action;
      return `revoke in ${action.table} ${shortPairs({ id, reason, by })} expires=${seconds(action.expiresInSeconds)}`;
    }
    case "tamper":
      return `${action.verb} ${action.ledger}`;
  }
}

/** What is left at its default is left out, so that what matters stands out. */
function describeCompletion(op: Complete): string {
  const optional = {
    railReference: op.railReference,
    railCode: op.railCode,
    errorCode: op.errorCode,
    errorMessage: op.errorMessage,
    latencyMs: op.latencyMs,
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null));
  const main = shortPairs({ token: op.leaseToken, worker: op.workerId, state: op.state, ...given });
  const delay = op.state === "RETRYABLE" ? ` delay=${seconds(op.retryDelaySeconds)}` : "";
  return `complete ${shortValue(op.outboxId)} ${main}${delay}`;
}

function seconds(value: number | null): string {
  return value === null ? "NULL" : `${value}s`;
}

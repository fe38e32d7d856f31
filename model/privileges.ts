import type { Ledger, Operation, TamperVerb } from "./operation.ts";
import { functions, mayHave, tables, type DatabaseObject, type Privilege } from "./privilege-table.ts";
import type { Role } from "./roles.ts";

export { type Role, roles } from "./roles.ts";

/** Who a session acts as: a runtime role, or the owner of it all, who may do anything that the tables themselves allow. */
export type Caller = Role | "owner";

/** Everything that an operation needs. */
type Needs = readonly (readonly [Privilege, DatabaseObject])[];

/** May the caller ask this? Source: the table of contract 4. */
export function mayCall(caller: Caller, operation: Operation): boolean {
  if (caller === "owner") return true;
  return needsOf(operation).every(([privilege, object]) => mayHave(caller, privilege, object));
}

function needsOf(operation: Operation): Needs {
  switch (operation.kind) {
    case "enqueue":
    case "claim":
    case "complete":
    case "repair":
    case "ceiling":
      return [["EXECUTE", functions[operation.kind]]];
    case "insertPolicy":
      return [["INSERT", tables.policies]];
    case "setPolicy":
    case "demotePolicy":
      return [
        ["SELECT", tables.policies],
        ["UPDATE", tables.policies],
      ];
    case "attest":
      return [["INSERT", tables.attestations]];
    case "revoke":
      return [["INSERT", ledgerTables[operation.table]]];
    case "tamper":
      return tamperNeeds[operation.verb].map((privilege) => [privilege, ledgerTables[operation.ledger]]);
  }
}

const ledgerTables: Record<Ledger, DatabaseObject> = {
  attempts: tables.attempts,
  attestations: tables.attestations,
  revokedCerts: tables.revokedCertificates,
  revokedTokens: tables.revokedTokens,
};

const tamperNeeds: Record<TamperVerb, readonly Privilege[]> = {
  update: ["UPDATE"],
  delete: ["DELETE"],
  "delete nothing": ["DELETE"],
  truncate: ["TRUNCATE"],
  upsert: ["INSERT", "SELECT", "UPDATE"],
  merge: ["UPDATE"],
};

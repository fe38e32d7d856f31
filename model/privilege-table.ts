import { type Role, roles } from "./roles.ts";

/** Who may hold something: a runtime role, or everybody. What PUBLIC holds, each runtime role can do as well. */
export type Grantee = Role | "PUBLIC";
export const grantees: readonly Grantee[] = [...roles, "PUBLIC"];

/** The privileges that an object of a kind can have. MAINTAIN exists from PostgreSQL 17 on. A type is an enum or a domain:
 *  row types are out of scope (contract 4). */
export const privilegesByKind = {
  table: ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
  sequence: ["USAGE", "SELECT", "UPDATE"],
  function: ["EXECUTE"],
  type: ["USAGE"],
  schema: ["USAGE", "CREATE"],
  database: ["CONNECT", "TEMPORARY", "CREATE"],
} as const;
export type ObjectKind = keyof typeof privilegesByKind;
export type Privilege = (typeof privilegesByKind)[ObjectKind][number];
export const objectKinds = Object.keys(privilegesByKind) as readonly ObjectKind[];

/** Those of a table's privileges that can be granted on single columns. Nobody holds one on a column alone, so a column's
 *  expectation is its table's. */
export const columnPrivileges = ["SELECT", "INSERT", "UPDATE", "REFERENCES"] as const;

/** Something that privileges are about. Of schema public, but for the schema itself and the database.
 *
 *  `name` is without schema and unquoted; a function's is its signature as `proname || '(' || oidvectortypes(proargtypes)
 *  || ')'` has it under `search_path = pg_catalog`; that of the database the harness works in is `current`, whatever it
 *  is called. */
export interface DatabaseObject {
  readonly kind: ObjectKind;
  readonly name: string;
}

const table = (name: string): DatabaseObject => ({ kind: "table", name });
const fn = (name: string): DatabaseObject => ({ kind: "function", name });
const type = (name: string): DatabaseObject => ({ kind: "type", name });

export const publicSchema: DatabaseObject = { kind: "schema", name: "public" };
export const currentDatabase: DatabaseObject = { kind: "database", name: "current" };

/** The functions of contract 3, by their names there. */
export const functions = {
  enqueue: fn("enqueue_payment_outbox(text, text, text, text, jsonb)"),
  claim: fn("claim_outbox_batch(integer, text, integer)"),
  complete: fn(
    "complete_outbox_attempt(uuid, uuid, text, public.outbox_attempt_state, text, text, text, text, integer, integer)",
  ),
  repair: fn("repair_expired_leases(integer, text)"),
  ceiling: fn("outbox_retry_ceiling()"),
  uuid: fn("uuid_v7_or_random()"),
  uuidStrategy: fn("uuid_strategy()"),
  sequence: fn("bump_participant_outbox_seq(text)"),
} as const;

/** The tables of contract 2, and the runner's ledger. */
export const tables = {
  sequences: table("participant_outbox_sequences"),
  pending: table("payment_outbox_pending"),
  attempts: table("payment_outbox_attempts"),
  policies: table("policy_versions"),
  attestations: table("ingress_attestations"),
  revokedCertificates: table("revoked_client_certs"),
  revokedTokens: table("revoked_tokens"),
  ledger: table("schema_migrations"),
} as const;

/** The enums of contract 2. */
export const types = {
  attemptState: type("outbox_attempt_state"),
  policyStatus: type("policy_version_status"),
} as const;

/** One line of the table: these privileges on this object are held by these, and by nobody else. */
interface Grant {
  readonly object: DatabaseObject;
  readonly privileges: readonly Privilege[];
  readonly to: readonly Grantee[];
}

const ingest: Role = "symphony_ingest";
const executor: Role = "symphony_executor";
const control: Role = "symphony_control";
const readonly: Role = "symphony_readonly";
const auditor: Role = "symphony_auditor";

/** The table of contract 4. What is not in it, nobody holds. */
const grants: readonly Grant[] = [
  { object: functions.enqueue, privileges: ["EXECUTE"], to: [ingest, control] },
  { object: functions.claim, privileges: ["EXECUTE"], to: [executor, control] },
  { object: functions.complete, privileges: ["EXECUTE"], to: [executor, control] },
  { object: functions.repair, privileges: ["EXECUTE"], to: [executor, control] },
  { object: types.attemptState, privileges: ["USAGE"], to: [executor, control] },
  { object: functions.ceiling, privileges: ["EXECUTE"], to: roles },
  { object: functions.uuidStrategy, privileges: ["EXECUTE"], to: roles },
  { object: functions.uuid, privileges: ["EXECUTE"], to: roles },
  { object: tables.pending, privileges: ["SELECT"], to: [control, readonly, auditor] },
  { object: tables.attempts, privileges: ["SELECT"], to: [control, readonly, auditor] },
  { object: tables.attestations, privileges: ["INSERT"], to: [ingest] },
  { object: tables.attestations, privileges: ["SELECT"], to: [control, auditor] },
  { object: tables.policies, privileges: ["SELECT"], to: [executor, control, readonly, auditor] },
  { object: tables.policies, privileges: ["INSERT", "UPDATE"], to: [control] },
  { object: tables.revokedCertificates, privileges: ["SELECT"], to: [ingest, executor, control, auditor] },
  { object: tables.revokedCertificates, privileges: ["INSERT"], to: [control] },
  { object: tables.revokedTokens, privileges: ["SELECT"], to: [ingest, executor, control, auditor] },
  { object: tables.revokedTokens, privileges: ["INSERT"], to: [control] },
  { object: tables.ledger, privileges: ["SELECT"], to: [auditor] },
  { object: publicSchema, privileges: ["USAGE"], to: roles },
  { object: currentDatabase, privileges: ["CONNECT", "TEMPORARY"], to: ["PUBLIC"] },
];

/** Whether the contract lets this grantee do it, by a grant of its own or by one to PUBLIC. */
export function mayHave(grantee: Grantee, privilege: Privilege, object: DatabaseObject): boolean {
  return grants.some(
    (grant) =>
      sameObject(grant.object, object) &&
      grant.privileges.includes(privilege) &&
      (grant.to.includes(grantee) || grant.to.includes("PUBLIC")),
  );
}

/** The privileges that an object of this kind can have on this major version of the server. */
export function privilegesOn(kind: ObjectKind, majorVersion: number): readonly Privilege[] {
  const all: readonly Privilege[] = privilegesByKind[kind];
  return majorVersion >= 17 ? all : all.filter((privilege) => privilege !== "MAINTAIN");
}

export function sameObject(a: DatabaseObject, b: DatabaseObject): boolean {
  return a.kind === b.kind && a.name === b.name;
}

import { definitionViolations } from "./definitions.ts";
import { cellsOf, matrixViolations, ownersViolations } from "./matrix.ts";
import type { Scene } from "./scene.ts";
import type { PrivilegeViolation } from "./violation.ts";
import { everyWayViolations, randomWaysViolations } from "./ways-round/check.ts";

/** A part of the check. */
export type Part = (scene: Scene) => AsyncGenerator<PrivilegeViolation>;

/** A wrong statement that a migration could hold, and what sees it. */
export interface PlantedHole {
  readonly id: string;
  readonly sql: string;
  /** For what belongs to the cluster and would outlive the database. */
  readonly undo?: string;
  readonly seenBy: Part;
  /** What the first violation says, in part. */
  readonly violation: { readonly rule: string; readonly attack?: object };
}

const more = "can do what section 4 does not list";

/** The matrix's rows of one object: what it sees the whole matrix sees. */
const matrixOf = (name: string): Part =>
  async function* (scene) {
    const subjects = scene.subjects.filter(({ object }) => object.name === name);
    yield* matrixViolations(scene, await cellsOf({ ...scene, subjects }));
  };
const guards: Part = async function* (scene) {
  const subjects = scene.subjects.filter(({ kind }) => kind === "table");
  yield* ownersViolations(scene, await cellsOf({ ...scene, subjects }));
};
const randomly: Part = (scene) => randomWaysViolations(scene, { seed: 4, runs: 300 });

/** Replaces a text in a function's definition; fails where it is not there. */
const edit = (signature: string, find: string, replace: string): string => `DO $edit$
  DECLARE definition text := pg_get_functiondef('public.${signature}'::regprocedure);
  BEGIN
    ASSERT strpos(definition, $find$${find}$find$) > 0, 'the function has moved on';
    EXECUTE replace(definition, $find$${find}$find$, $new$${replace}$new$);
  END $edit$`;

const enqueue = "enqueue_payment_outbox(text, text, text, text, jsonb)";

export const plantedHoles: readonly PlantedHole[] = [
  {
    id: "PUBLIC keeps EXECUTE on one function",
    sql: "GRANT EXECUTE ON FUNCTION public.repair_expired_leases(int, text) TO PUBLIC",
    seenBy: matrixOf("repair_expired_leases(integer, text)"),
    violation: { rule: more, attack: { who: "symphony_ingest", operation: "call" } },
  },
  {
    id: "a later migration creates a function, and the default privileges are as PostgreSQL has them",
    sql: `ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
      CREATE FUNCTION public.forgotten(n int) RETURNS int LANGUAGE sql RETURN n`,
    seenBy: matrixOf("forgotten(integer)"),
    violation: { rule: more, attack: { who: "symphony_ingest", operation: "call" } },
  },
  {
    id: "a later migration's function belongs to another role, with whom the default privileges are not",
    sql: `CREATE ROLE counterpoint_other_owner; GRANT USAGE, CREATE ON SCHEMA public TO counterpoint_other_owner;
      SET ROLE counterpoint_other_owner;
      CREATE FUNCTION public.forgotten(n int) RETURNS int LANGUAGE sql RETURN n;
      RESET ROLE; REVOKE ALL ON SCHEMA public FROM counterpoint_other_owner`,
    undo: "DROP OWNED BY counterpoint_other_owner; DROP ROLE counterpoint_other_owner",
    seenBy: matrixOf("forgotten(integer)"),
    violation: {
      rule: more,
      attack: { who: "symphony_ingest", object: { kind: "function", name: "forgotten(integer)" } },
    },
  },
  {
    id: "readonly may claim",
    sql: "GRANT EXECUTE ON FUNCTION public.claim_outbox_batch(int, text, int) TO symphony_readonly",
    seenBy: matrixOf("claim_outbox_batch(integer, text, integer)"),
    violation: { rule: more, attack: { who: "symphony_readonly", operation: "call" } },
  },
  {
    id: "control may delete attempts",
    sql: "GRANT DELETE ON public.payment_outbox_attempts TO symphony_control",
    seenBy: matrixOf("payment_outbox_attempts"),
    violation: { rule: more, attack: { who: "symphony_control", operation: "delete" } },
  },
  {
    id: "a grant on a column",
    sql: "GRANT UPDATE (lease_token) ON public.payment_outbox_pending TO symphony_executor",
    seenBy: matrixOf("payment_outbox_pending"),
    violation: { rule: more, attack: { who: "symphony_executor", operation: "update lease_token" } },
  },
  {
    id: "executor gets TRIGGER on pending",
    sql: "GRANT TRIGGER ON public.payment_outbox_pending TO symphony_executor",
    seenBy: matrixOf("payment_outbox_pending"),
    violation: { rule: more, attack: { who: "symphony_executor", operation: "create trigger" } },
  },
  {
    id: "control may maintain a table",
    sql: "GRANT MAINTAIN ON public.payment_outbox_pending TO symphony_control",
    seenBy: matrixOf("payment_outbox_pending"),
    violation: { rule: more, attack: { who: "symphony_control", operation: "reindex" } },
  },
  {
    id: "auditor may refer to a table",
    sql: "GRANT REFERENCES ON public.payment_outbox_attempts TO symphony_auditor",
    seenBy: matrixOf("payment_outbox_attempts"),
    violation: { rule: more, attack: { who: "symphony_auditor", operation: "create foreign key" } },
  },
  {
    id: "a role may create in schema public",
    sql: "GRANT CREATE ON SCHEMA public TO symphony_executor",
    seenBy: matrixOf("public"),
    violation: { rule: more, attack: { who: "symphony_executor", operation: "create table" } },
  },
  {
    id: "a role is a member of another",
    sql: "GRANT symphony_control TO symphony_readonly",
    undo: "REVOKE symphony_control FROM symphony_readonly",
    seenBy: matrixOf("current"),
    violation: { rule: more, attack: { who: "symphony_readonly" } },
  },
  {
    id: "PUBLIC may use an enum",
    sql: "GRANT USAGE ON TYPE public.outbox_attempt_state TO PUBLIC",
    seenBy: matrixOf("outbox_attempt_state"),
    violation: { rule: more, attack: { who: "symphony_ingest", operation: "column" } },
  },
  {
    id: "a privilege is missing",
    sql: "REVOKE SELECT ON public.policy_versions FROM symphony_executor",
    seenBy: matrixOf("policy_versions"),
    violation: {
      rule: "is refused what section 4 lists",
      attack: { who: "symphony_executor", operation: "select" },
    },
  },
  {
    id: "a ledger's guard is an ordinary trigger",
    sql: "ALTER TABLE public.revoked_tokens ENABLE TRIGGER trg_deny_revoked_tokens_mutation",
    seenBy: guards,
    violation: { rule: "an append-only table can be changed by its owner", attack: { who: "owner" } },
  },
  {
    id: "pg_temp left out of a search_path, where the body has a name to take",
    sql: `ALTER FUNCTION public.${enqueue} SET search_path = pg_catalog, public`,
    seenBy: everyWayViolations,
    violation: {
      rule: "a caller's code runs with another's rights",
      attack: { disguise: { preparations: [{ kind: "type", place: "pg_temp", name: "uuid" }] } },
    },
  },
  {
    id: "pg_temp left out of a search_path, where the body has none",
    sql: "ALTER FUNCTION public.claim_outbox_batch(int, text, int) SET search_path = pg_catalog, public",
    seenBy: definitionViolations,
    violation: { rule: "a function with its owner's rights looks names up in the caller's schema first" },
  },
  {
    id: "a function runs with the caller's search_path",
    sql: "ALTER FUNCTION public.claim_outbox_batch(int, text, int) RESET search_path",
    seenBy: randomly,
    violation: { rule: "a caller's code runs with another's rights" },
  },
  {
    id: "a caller's own setting moves the ceiling",
    sql: `CREATE OR REPLACE FUNCTION public.outbox_retry_ceiling() RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER
      SET search_path = pg_catalog, public, pg_temp
      AS $$ BEGIN RETURN coalesce(nullif(current_setting('symphony.outbox_retry_ceiling', true), ''), '2')::int; END $$`,
    seenBy: everyWayViolations,
    violation: {
      rule: "a disguise changes an answer",
      attack: { disguise: { preparations: [{ kind: "setting", name: "symphony.outbox_retry_ceiling" }] } },
    },
  },
  {
    id: "a caller's collation decides which keys are equal",
    sql: edit(enqueue, ' COLLATE "C"', ""),
    seenBy: everyWayViolations,
    violation: { rule: "a disguise changes an outcome", attack: { disguise: { argument: "collation" } } },
  },
  {
    id: "a function with the caller's rights trusts the caller's names",
    sql: edit("uuid_v7_or_random()", "pg_catalog.uuidv7()", "uuidv7()"),
    seenBy: everyWayViolations,
    violation: { rule: "a disguise changes an answer" },
  },
];

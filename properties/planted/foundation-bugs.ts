import type { Edit } from "./planted-bug.ts";

/** A wrong change to the migrations that verify must call by name. Source: the foundation's acceptance. */
export interface FoundationBug {
  readonly id: string;
  readonly description: string;
  readonly edits: readonly Edit[];
  /** A migration that comes after ours. */
  readonly later: string | null;
  /** What is done to the database once it is migrated. */
  readonly afterwards: string | null;
  /** Verify's checks that it violates, all of them. */
  readonly violates: readonly string[];
}

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const privileges = "0004_privileges.sql";
const expiredLease = "idx_payment_outbox_pending_expired_lease";

const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });
const bug = (
  id: string,
  description: string,
  change: Partial<Pick<FoundationBug, "edits" | "later" | "afterwards">>,
  ...violates: readonly string[]
): FoundationBug => ({ id, description, edits: [], later: null, afterwards: null, ...change, violates });

export const foundationBugs: readonly FoundationBug[] = [
  bug(
    "public-keeps-execute",
    "PUBLIC keeps EXECUTE on one function",
    {
      edits: [
        edit(
          privileges,
          "GRANT USAGE ON SCHEMA public",
          "GRANT EXECUTE ON FUNCTION public.uuid_strategy() TO PUBLIC;\nGRANT USAGE ON SCHEMA public",
        ),
      ],
    },
    "function.no-public-execute",
  ),
  bug(
    "path-without-pg-temp",
    "pg_temp is left out of claim's search_path",
    {
      edits: [
        edit(
          functions,
          "lease_token uuid, lease_expires_at timestamptz)\nLANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp",
          "lease_token uuid, lease_expires_at timestamptz)\nLANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public",
        ),
      ],
    },
    "function.claim_outbox_batch",
    "function.definer-search-path",
  ),
  bug(
    "truncate-passes",
    "TRUNCATE is left out of the attempts' trigger",
    {
      edits: [
        edit(
          init,
          "BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payment_outbox_attempts",
          "BEFORE UPDATE OR DELETE ON public.payment_outbox_attempts",
        ),
      ],
    },
    "append-only.payment_outbox_attempts",
  ),
  bug(
    "trigger-not-always",
    "the attempts' trigger is not ENABLE ALWAYS",
    {
      edits: [
        edit(
          init,
          "ALTER TABLE public.payment_outbox_attempts ENABLE ALWAYS TRIGGER trg_deny_outbox_attempts_mutation;",
          "",
        ),
      ],
    },
    "append-only.payment_outbox_attempts",
  ),
  bug(
    "readonly-claims",
    "readonly may claim",
    {
      edits: [
        edit(
          privileges,
          "GRANT USAGE ON TYPE",
          "GRANT EXECUTE ON FUNCTION public.claim_outbox_batch(int, text, int) TO symphony_readonly;\nGRANT USAGE ON TYPE",
        ),
      ],
    },
    "privilege.symphony_readonly",
  ),
  bug(
    "control-deletes",
    "control may delete attempts",
    {
      edits: [
        edit(
          privileges,
          "GRANT USAGE ON TYPE",
          "GRANT DELETE ON public.payment_outbox_attempts TO symphony_control;\nGRANT USAGE ON TYPE",
        ),
      ],
    },
    "privilege.symphony_control",
  ),
  bug(
    "single-active-not-unique",
    "the single-active index is not unique",
    {
      edits: [
        edit(
          "0005_policy_versions.sql",
          "CREATE UNIQUE INDEX ux_policy_versions_single_active",
          "CREATE INDEX ux_policy_versions_single_active",
        ),
      ],
    },
    "index.ux_policy_versions_single_active",
  ),
  bug(
    "later-function-open",
    "a later migration creates a function without revoking, and nothing revokes by default",
    {
      edits: [edit(init, "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;", "")],
      later: "CREATE FUNCTION public.later() RETURNS int LANGUAGE sql RETURN 1;",
    },
    "function.no-public-execute",
    "privilege.defaults",
  ),
  bug(
    "later-function-by-another-role",
    "a later migration creates a function as a role whose default privileges nobody has changed",
    {
      later:
        "CREATE ROLE foundation_bug_maker; GRANT CREATE, USAGE ON SCHEMA public TO foundation_bug_maker; SET ROLE foundation_bug_maker; " +
        "CREATE FUNCTION public.later() RETURNS int LANGUAGE sql RETURN 1; RESET ROLE;",
    },
    "function.no-public-execute",
  ),
  bug(
    "index-left-invalid",
    "the no-transaction index is left invalid",
    {
      edits: [
        edit(
          "0013_outbox_pending_indexes_concurrently.sql",
          "WHERE lease_expires_at IS NOT NULL;",
          `WHERE lease_expires_at IS NOT NULL;\nUPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = 'public.${expiredLease}'::regclass;`,
        ),
      ],
    },
    "index.repair",
    "index.all-valid",
  ),
  bug(
    "fillfactor-reset",
    "the hot table's fillfactor is reset",
    { later: "ALTER TABLE public.payment_outbox_pending RESET (fillfactor);" },
    "storage.fillfactor",
  ),
  bug(
    "column-type",
    "latency_ms is a bigint",
    { edits: [edit(init, "latency_ms int CHECK", "latency_ms bigint CHECK")] },
    "table.payment_outbox_attempts",
  ),
  bug(
    "role-logs-in",
    "readonly is a LOGIN role",
    { later: "ALTER ROLE symphony_readonly LOGIN;" },
    "role.attributes",
  ),
  bug(
    "ledger-checksum",
    "a checksum in the ledger is not its file's",
    {
      afterwards:
        "UPDATE public.schema_migrations SET checksum = repeat('0', 64) WHERE version = '0007_outbox_pending_indexes.sql'",
    },
    "ledger.files",
  ),
  bug(
    "other-channel",
    "enqueue notifies another channel",
    {
      edits: [
        edit(
          "0010_outbox_notify.sql",
          "PERFORM pg_notify('symphony_outbox', '')",
          "PERFORM pg_notify('symphony_outbox2', '')",
        ),
      ],
    },
    "notify.channel",
  ),
];

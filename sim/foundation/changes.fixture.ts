/** A wrong change of a good database. */
export interface Change {
  /** Names without schema are of public. */
  readonly sql: string;
  /** Checks that it violates, all of them; with `?` those that it makes unknown. */
  readonly violates: readonly string[];
  /** Undoes what reaches beyond the database. */
  readonly undo?: string;
}

export const changes: readonly Change[] = [
  {
    sql: "ALTER TABLE payment_outbox_pending ADD COLUMN colour text",
    violates: ["table.payment_outbox_pending"],
  },
  {
    sql: "ALTER TABLE payment_outbox_attempts ALTER COLUMN rail_code TYPE varchar(10)",
    violates: ["table.payment_outbox_attempts"],
  },
  {
    sql: "ALTER TABLE participant_outbox_sequences ALTER COLUMN participant_id TYPE varchar(600)",
    violates: ["table.participant_outbox_sequences"],
  },
  {
    sql: "ALTER TABLE policy_versions ALTER COLUMN checksum DROP NOT NULL",
    violates: ["table.policy_versions"],
  },
  {
    sql: "ALTER TABLE policy_versions ALTER COLUMN status SET DEFAULT 'RETIRED'",
    violates: ["table.policy_versions"],
  },
  {
    sql: "ALTER TABLE ingress_attestations ALTER COLUMN attestation_id DROP DEFAULT",
    violates: ["table.ingress_attestations"],
  },
  {
    sql: "ALTER TABLE revoked_client_certs DROP COLUMN reason_code",
    violates: ["table.revoked_client_certs"],
  },
  { sql: "ALTER TABLE revoked_tokens SET UNLOGGED", violates: ["table.revoked_tokens"] },
  {
    sql: "ALTER TABLE schema_migrations ALTER COLUMN applied_at DROP DEFAULT",
    violates: ["table.schema_migrations"],
  },
  {
    sql: "CREATE COLLATION fold (provider = icu, locale = 'und-u-ks-level2', deterministic = false); ALTER TABLE revoked_tokens ALTER COLUMN revoked_by TYPE text COLLATE fold",
    violates: ["table.revoked_tokens"],
  },
  { sql: "ALTER TABLE policy_versions ENABLE ROW LEVEL SECURITY", violates: ["table.policy_versions"] },
  {
    sql: "ALTER TABLE policy_versions ALTER COLUMN is_active DROP EXPRESSION",
    violates: ["table.policy_versions", "rules.policy_versions?"],
  },
  { sql: "ALTER TABLE payment_outbox_pending RESET (fillfactor)", violates: ["storage.fillfactor"] },
  { sql: "ALTER TABLE payment_outbox_pending SET (fillfactor = 90)", violates: ["storage.fillfactor"] },
  {
    sql: "ALTER TABLE participant_outbox_sequences DROP CONSTRAINT participant_outbox_sequences_next_sequence_id_check",
    violates: ["rules.participant_outbox_sequences"],
  },
  {
    sql: "ALTER TABLE payment_outbox_pending DROP CONSTRAINT payment_outbox_pending_lease_whole",
    violates: ["rules.payment_outbox_pending"],
  },
  {
    sql: "ALTER TABLE payment_outbox_pending DROP CONSTRAINT payment_outbox_pending_participant_id_sequence_id_key",
    violates: ["rules.payment_outbox_pending"],
  },
  {
    sql: "CREATE UNIQUE INDEX ON payment_outbox_pending (participant_id)",
    violates: ["rules.payment_outbox_pending"],
  },
  {
    sql: "ALTER TABLE payment_outbox_attempts DROP CONSTRAINT payment_outbox_attempts_outbox_id_attempt_no_key",
    violates: ["rules.payment_outbox_attempts"],
  },
  {
    sql: "ALTER TABLE payment_outbox_attempts ADD CHECK (state <> 'FAILED' OR completed_at IS NOT NULL)",
    violates: ["rules.payment_outbox_attempts"],
  },
  {
    sql: "ALTER TABLE payment_outbox_attempts ADD CHECK (length(rail_code) < 9) NOT VALID",
    violates: ["rules.payment_outbox_attempts"],
  },
  {
    sql: "ALTER TABLE policy_versions DROP CONSTRAINT policy_versions_active_has_no_end",
    violates: ["rules.policy_versions"],
  },
  {
    sql: "ALTER TABLE ingress_attestations DROP CONSTRAINT ingress_attestations_pkey",
    violates: ["rules.ingress_attestations"],
  },
  {
    sql: "ALTER TABLE revoked_client_certs DROP CONSTRAINT revoked_client_certs_pkey",
    violates: ["rules.revoked_client_certs"],
  },
  {
    sql: "ALTER TABLE revoked_tokens DROP CONSTRAINT revoked_tokens_pkey",
    violates: ["rules.revoked_tokens"],
  },
  {
    sql: "ALTER TABLE schema_migrations DROP CONSTRAINT schema_migrations_pkey",
    violates: ["rules.schema_migrations"],
  },
  {
    sql: "CREATE FUNCTION small(int) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN $1 < 9; ALTER TABLE payment_outbox_pending ADD CHECK (small(attempt_count))",
    violates: ["rules.payment_outbox_pending?", "index.repair?"],
  },
  {
    sql: "ALTER TABLE payment_outbox_keys DROP CONSTRAINT payment_outbox_keys_pkey",
    violates: ["rules.idempotency-outlives-pending"],
  },
  {
    sql: "ALTER TABLE payment_outbox_attempts ADD FOREIGN KEY (outbox_id) REFERENCES payment_outbox_keys (outbox_id)",
    violates: ["rules.no-foreign-key"],
  },
  { sql: "ALTER TYPE outbox_attempt_state ADD VALUE 'LOST'", violates: ["enum.outbox_attempt_state"] },
  {
    sql: "ALTER TYPE policy_version_status RENAME VALUE 'RETIRED' TO 'GONE'",
    violates: [
      "rules.policy_versions?",
      "enum.policy_version_status",
      "index.ux_policy_versions_single_active?",
    ],
  },
  {
    sql: "DROP INDEX idx_payment_outbox_pending_due_claim",
    violates: ["index.idx_payment_outbox_pending_due_claim"],
  },
  {
    sql: "DROP INDEX idx_payment_outbox_pending_due_claim; CREATE INDEX idx_payment_outbox_pending_due_claim ON payment_outbox_pending (next_attempt_at, lease_expires_at, created_at) WHERE lease_expires_at IS NULL",
    violates: ["index.idx_payment_outbox_pending_due_claim"],
  },
  {
    sql: "DROP INDEX idx_payment_outbox_pending_due_claim; CREATE INDEX idx_payment_outbox_pending_due_claim ON payment_outbox_pending (lease_expires_at, next_attempt_at, created_at)",
    violates: ["index.idx_payment_outbox_pending_due_claim"],
  },
  { sql: "DROP INDEX idx_payment_outbox_pending_expired_lease", violates: ["index.repair"] },
  {
    sql: "DROP INDEX ux_outbox_attempts_one_terminal_per_outbox; CREATE UNIQUE INDEX ux_outbox_attempts_one_terminal_per_outbox ON payment_outbox_attempts (outbox_id) WHERE state = 'DISPATCHED'",
    violates: ["index.ux_outbox_attempts_one_terminal_per_outbox"],
  },
  {
    sql: "DROP INDEX ux_policy_versions_single_active; CREATE INDEX ux_policy_versions_single_active ON policy_versions (is_active) WHERE is_active",
    violates: ["index.ux_policy_versions_single_active"],
  },
  { sql: "DROP INDEX idx_ingress_attestations_instruction", violates: ["index.attestations-by-instruction"] },
  { sql: "DROP INDEX idx_ingress_attestations_received_at", violates: ["index.attestations-by-received-at"] },
  {
    sql: "DROP INDEX idx_ingress_attestations_tenant_received_at; CREATE INDEX ON ingress_attestations (tenant_id, received_at)",
    violates: ["index.attestations-by-tenant"],
  },
  {
    sql: "CREATE INDEX further ON revoked_tokens (revoked_at); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'further'::regclass",
    violates: ["index.all-valid"],
  },
  {
    sql: "ALTER TABLE payment_outbox_attempts ENABLE TRIGGER trg_deny_outbox_attempts_mutation",
    violates: ["append-only.payment_outbox_attempts"],
  },
  {
    sql: "ALTER TRIGGER trg_deny_outbox_attempts_mutation ON payment_outbox_attempts RENAME TO other",
    violates: ["append-only.payment_outbox_attempts"],
  },
  {
    sql: "ALTER TABLE ingress_attestations DISABLE TRIGGER trg_deny_ingress_attestations_mutation",
    violates: ["append-only.ingress_attestations"],
  },
  {
    sql: "DROP TRIGGER trg_deny_revoked_client_certs_mutation ON revoked_client_certs; CREATE TRIGGER t BEFORE UPDATE OR DELETE ON revoked_client_certs FOR EACH STATEMENT EXECUTE FUNCTION deny_append_only_mutation(); ALTER TABLE revoked_client_certs ENABLE ALWAYS TRIGGER t",
    violates: ["append-only.revoked_client_certs"],
  },
  {
    sql: "DROP TRIGGER trg_deny_revoked_tokens_mutation ON revoked_tokens",
    violates: ["append-only.revoked_tokens"],
  },
  {
    sql: "CREATE RULE r AS ON DELETE TO revoked_tokens DO INSTEAD NOTHING",
    violates: ["append-only.revoked_tokens"],
  },
  {
    sql: "CREATE TABLE parent (); REVOKE ALL ON parent FROM PUBLIC; ALTER TABLE revoked_tokens INHERIT parent",
    violates: ["append-only.revoked_tokens"],
  },
  {
    sql: "ALTER FUNCTION enqueue_payment_outbox SECURITY INVOKER",
    violates: ["function.enqueue_payment_outbox"],
  },
  {
    sql: "ALTER FUNCTION claim_outbox_batch SET search_path = pg_catalog, public",
    violates: ["function.claim_outbox_batch", "function.definer-search-path"],
  },
  {
    sql: "ALTER FUNCTION claim_outbox_batch SET search_path = pg_temp, pg_catalog, public",
    violates: ["function.claim_outbox_batch", "function.definer-search-path"],
  },
  {
    sql: "ALTER FUNCTION complete_outbox_attempt RESET search_path",
    violates: ["function.complete_outbox_attempt", "function.definer-search-path"],
  },
  {
    sql: "CREATE FUNCTION repair_expired_leases(int) RETURNS int LANGUAGE sql RETURN 1",
    violates: ["function.repair_expired_leases"],
  },
  {
    sql: "ALTER FUNCTION outbox_retry_ceiling SET search_path = public, pg_catalog, pg_temp",
    violates: ["function.outbox_retry_ceiling"],
  },
  {
    sql: "CREATE OR REPLACE FUNCTION bump_participant_outbox_seq(p_participant_id text) RETURNS bigint LANGUAGE internal AS 'hashtextextended'",
    violates: ["function.bump_participant_outbox_seq"],
  },
  { sql: "DROP FUNCTION uuid_strategy", violates: ["function.uuid_strategy", "uuid.strategy?"] },
  {
    sql: "CREATE OR REPLACE FUNCTION uuid_v7_or_random() RETURNS uuid LANGUAGE sql RETURN gen_random_uuid()",
    violates: ["uuid.strategy"],
  },
  {
    sql: "ALTER FUNCTION uuid_v7_or_random RENAME TO other; CREATE FUNCTION uuid_v7_or_random() RETURNS text LANGUAGE sql AS 'SELECT uuidv7()::text'; GRANT EXECUTE ON FUNCTION uuid_v7_or_random TO symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor; REVOKE ALL ON FUNCTION other FROM symphony_ingest, symphony_executor, symphony_control, symphony_readonly, symphony_auditor",
    violates: ["table.payment_outbox_pending", "table.ingress_attestations", "function.uuid_v7_or_random"],
  },
  {
    sql: "CREATE OR REPLACE FUNCTION uuid_strategy() RETURNS text LANGUAGE sql RETURN 'gen_random_uuid'",
    violates: ["uuid.strategy"],
  },
  { sql: "GRANT EXECUTE ON FUNCTION claim_outbox_batch TO PUBLIC", violates: ["function.no-public-execute"] },
  {
    sql: "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1",
    violates: ["function.definer-search-path"],
  },
  { sql: "GRANT SELECT ON schema_migrations TO symphony_ingest", violates: ["privilege.symphony_ingest"] },
  { sql: "GRANT CREATE ON SCHEMA public TO symphony_executor", violates: ["privilege.symphony_executor"] },
  {
    sql: "GRANT DELETE ON payment_outbox_attempts TO symphony_control",
    violates: ["privilege.symphony_control"],
  },
  {
    sql: "REVOKE UPDATE ON policy_versions FROM symphony_control; GRANT UPDATE (status) ON policy_versions TO symphony_control",
    violates: ["privilege.symphony_control"],
  },
  {
    sql: "GRANT EXECUTE ON FUNCTION claim_outbox_batch TO symphony_readonly",
    violates: ["privilege.symphony_readonly"],
  },
  {
    sql: "GRANT SELECT (payload_hash) ON ingress_attestations TO symphony_readonly",
    violates: ["privilege.symphony_readonly"],
  },
  {
    sql: "REVOKE SELECT ON schema_migrations FROM symphony_auditor",
    violates: ["privilege.symphony_auditor"],
  },
  {
    sql: "GRANT MAINTAIN ON payment_outbox_pending TO symphony_auditor",
    violates: ["privilege.symphony_auditor"],
  },
  {
    sql: "CREATE SEQUENCE s; GRANT USAGE ON SEQUENCE s TO symphony_auditor",
    violates: ["privilege.symphony_auditor"],
  },
  { sql: "GRANT USAGE ON TYPE outbox_attempt_state TO PUBLIC", violates: ["privilege.PUBLIC"] },
  { sql: "CREATE DOMAIN d AS text; GRANT USAGE ON DOMAIN d TO PUBLIC", violates: ["privilege.PUBLIC"] },
  { sql: "CREATE VIEW v AS SELECT 1; GRANT SELECT ON v TO PUBLIC", violates: ["privilege.PUBLIC"] },
  {
    sql: "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$",
    violates: [
      "privilege.symphony_ingest",
      "privilege.symphony_executor",
      "privilege.symphony_control",
      "privilege.symphony_readonly",
      "privilege.symphony_auditor",
      "privilege.PUBLIC",
    ],
  },
  {
    sql: "GRANT SELECT ON policy_versions TO symphony_readonly WITH GRANT OPTION",
    violates: ["privilege.no-grant-option"],
  },
  { sql: "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC", violates: ["privilege.defaults"] },
  {
    sql: "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO symphony_readonly",
    violates: ["privilege.defaults"],
  },
  {
    sql: "ALTER ROLE symphony_readonly LOGIN",
    violates: ["role.attributes"],
    undo: "ALTER ROLE symphony_readonly NOLOGIN",
  },
  {
    sql: "ALTER ROLE symphony_auditor BYPASSRLS",
    violates: ["role.attributes"],
    undo: "ALTER ROLE symphony_auditor NOBYPASSRLS",
  },
  {
    sql: "GRANT symphony_control TO symphony_readonly",
    violates: ["privilege.symphony_readonly", "role.memberships"],
    undo: "REVOKE symphony_control FROM symphony_readonly",
  },
  {
    sql: "CREATE ROLE between; GRANT pg_read_all_data TO between; GRANT between TO symphony_ingest",
    violates: ["privilege.symphony_ingest", "role.memberships"],
    undo: "DROP ROLE between",
  },
  {
    sql: "GRANT pg_signal_backend TO symphony_auditor",
    violates: ["role.memberships"],
    undo: "REVOKE pg_signal_backend FROM symphony_auditor",
  },
  {
    sql: "UPDATE schema_migrations SET checksum = 'other' WHERE version = '0001_init.sql'",
    violates: ["ledger.files"],
  },
  { sql: "DELETE FROM schema_migrations WHERE version LIKE '0013%'", violates: ["ledger.files"] },
  { sql: "INSERT INTO schema_migrations VALUES ('0099_gone.sql', 'x')", violates: ["ledger.files"] },
  {
    sql: "UPDATE schema_migrations SET applied_at = 'infinity' WHERE version = '0001_init.sql'",
    violates: ["ledger.order"],
  },
  {
    sql: "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET symphony.outbox_retry_ceiling = 0', current_database()); END $$",
    violates: ["ceiling.setting"],
  },
  {
    sql: "CREATE OR REPLACE FUNCTION outbox_retry_ceiling() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp RETURN 7",
    violates: ["ceiling.setting"],
  },
  {
    sql: "DO $$ BEGIN EXECUTE replace(pg_get_functiondef('enqueue_payment_outbox'::regproc), '''symphony_outbox''', '''other'''); END $$",
    violates: ["notify.channel"],
  },
];

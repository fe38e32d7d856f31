import type { RowRule, Sample } from "./sample.ts";

/** A column. Types and defaults as the server prints them under `search_path = pg_catalog`. */
export interface ExpectedColumn {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** Null: none. "any": the contract leaves it open. */
  readonly default: string | null;
  /** For a generated, stored column: what it must be for which rows. */
  readonly generated: readonly { readonly sample: Sample; readonly value: boolean }[];
}

/** A table of contract 2, or the runner's ledger of contract 1. */
export interface ExpectedTable {
  readonly name: string;
  readonly columns: readonly ExpectedColumn[];
  readonly primaryKey: readonly string[];
  /** Unique by a constraint or an index without a condition. */
  readonly unique: readonly (readonly string[])[];
  readonly rules: readonly RowRule[];
}

const timestamptz = "timestamp with time zone";
const wrapper = "public.uuid_v7_or_random()";

const required = (name: string, type: string, byDefault: string | null = null): ExpectedColumn => ({
  name,
  type,
  notNull: true,
  default: byDefault,
  generated: [],
});
const optional = (name: string, type = "text"): ExpectedColumn => ({
  name,
  type,
  notNull: false,
  default: null,
  generated: [],
});

const payment: readonly ExpectedColumn[] = [
  required("instruction_id", "text"),
  required("participant_id", "text"),
  required("sequence_id", "bigint"),
  required("idempotency_key", "text"),
  required("rail_type", "text"),
  required("payload", "jsonb"),
];

const addCheck = (table: string, condition: string): string =>
  `ALTER TABLE public.${table} ADD CHECK (${condition});`;

const payloadIsAnObject = (table: string): RowRule => ({
  says: "payload is an object",
  accepts: [{ payload: "{}" }, { payload: '{"a": [1]}' }],
  refuses: [{ payload: "[]" }, { payload: "null" }, { payload: '"text"' }, { payload: "1" }],
  sql: addCheck(table, "jsonb_typeof(payload) = 'object'"),
});

const noLease: Sample = { claimed_by: null, lease_token: null, lease_expires_at: null };
export const leased: Sample = {
  claimed_by: "worker",
  lease_token: "00000000-0000-4000-8000-000000000001",
  lease_expires_at: "2000-01-01 00:00:00+00",
};

const revocations = (name: string, key: string): ExpectedTable => ({
  name,
  columns: [
    required(key, "text"),
    required("revoked_at", timestamptz, "now()"),
    optional("expires_at", timestamptz),
    optional("reason_code"),
    optional("revoked_by"),
  ],
  primaryKey: [key],
  unique: [],
  rules: [],
});

/** Contract 2, table by table, and the ledger of contract 1. */
export const expectedTables: readonly ExpectedTable[] = [
  {
    name: "participant_outbox_sequences",
    columns: [required("participant_id", "text"), required("next_sequence_id", "bigint")],
    primaryKey: ["participant_id"],
    unique: [],
    rules: [
      {
        says: "next_sequence_id is 1 or more",
        accepts: [{ next_sequence_id: "1" }],
        refuses: [{ next_sequence_id: "0" }],
        sql: addCheck("participant_outbox_sequences", "next_sequence_id >= 1"),
      },
    ],
  },
  {
    name: "payment_outbox_pending",
    columns: [
      required("outbox_id", "uuid", wrapper),
      ...payment,
      required("attempt_count", "integer", "0"),
      required("next_attempt_at", timestamptz, "now()"),
      required("created_at", timestamptz, "now()"),
      optional("claimed_by"),
      optional("lease_token", "uuid"),
      optional("lease_expires_at", timestamptz),
    ],
    primaryKey: ["outbox_id"],
    unique: [
      ["participant_id", "sequence_id"],
      ["instruction_id", "idempotency_key"],
    ],
    rules: [
      payloadIsAnObject("payment_outbox_pending"),
      {
        says: "attempt_count is 0 or more",
        accepts: [{ attempt_count: "0" }],
        refuses: [{ attempt_count: "-1" }],
        sql: addCheck("payment_outbox_pending", "attempt_count >= 0"),
      },
      {
        says: "a lease's worker, token and end are all there or none",
        accepts: [noLease, leased],
        refuses: Object.keys(leased).flatMap((column): Sample[] => [
          { ...leased, [column]: null },
          { ...noLease, [column]: leased[column] ?? null },
        ]),
        sql: addCheck(
          "payment_outbox_pending",
          "num_nulls(claimed_by, lease_token, lease_expires_at) IN (0, 3)",
        ),
      },
    ],
  },
  {
    name: "payment_outbox_attempts",
    columns: [
      // "a default is allowed"
      required("attempt_id", "uuid", "any"),
      required("outbox_id", "uuid"),
      ...payment,
      required("attempt_no", "integer"),
      required("state", "public.outbox_attempt_state"),
      required("claimed_at", timestamptz, "now()"),
      optional("completed_at", timestamptz),
      ...["rail_reference", "rail_code", "error_code", "error_message"].map((name) => optional(name)),
      optional("latency_ms", "integer"),
      optional("worker_id"),
      required("created_at", timestamptz, "now()"),
    ],
    primaryKey: ["attempt_id"],
    unique: [["outbox_id", "attempt_no"]],
    rules: [
      payloadIsAnObject("payment_outbox_attempts"),
      {
        says: "attempt_no is 1 or more",
        accepts: [{ attempt_no: "1" }],
        refuses: [{ attempt_no: "0" }],
        sql: addCheck("payment_outbox_attempts", "attempt_no >= 1"),
      },
      {
        says: "latency_ms is 0 or more, or null",
        accepts: [{ latency_ms: null }, { latency_ms: "0" }],
        refuses: [{ latency_ms: "-1" }],
        sql: addCheck("payment_outbox_attempts", "latency_ms >= 0"),
      },
      {
        says: "an administrator may record a terminal attempt without completed_at",
        accepts: ["DISPATCHED", "FAILED"].map((state) => ({ state, completed_at: null })),
        refuses: [],
        sql: "ALTER TABLE public.payment_outbox_attempts DROP CONSTRAINT ...;",
      },
    ],
  },
  {
    name: "policy_versions",
    columns: [
      required("version", "text"),
      required("status", "public.policy_version_status", "'ACTIVE'::public.policy_version_status"),
      required("activated_at", timestamptz, "now()"),
      optional("grace_expires_at", timestamptz),
      required("checksum", "text"),
      required("created_at", timestamptz, "now()"),
      {
        ...optional("is_active", "boolean"),
        generated: [
          { sample: { status: "ACTIVE" }, value: true },
          { sample: { status: "GRACE", grace_expires_at: "2000-01-01 00:00:00+00" }, value: false },
          { sample: { status: "RETIRED" }, value: false },
        ],
      },
    ],
    primaryKey: ["version"],
    unique: [],
    rules: [
      {
        says: "checksum is not empty",
        accepts: [{ checksum: "x" }],
        refuses: [{ checksum: "" }],
        sql: addCheck("policy_versions", "octet_length(checksum) > 0"),
      },
      {
        says: "GRACE needs grace_expires_at",
        accepts: [
          { status: "GRACE", grace_expires_at: "2000-01-01 00:00:00+00" },
          { status: "RETIRED", grace_expires_at: null },
          { status: "RETIRED", grace_expires_at: "2000-01-01 00:00:00+00" },
        ],
        refuses: [{ status: "GRACE", grace_expires_at: null }],
        sql: addCheck("policy_versions", "status <> 'GRACE' OR grace_expires_at IS NOT NULL"),
      },
      {
        says: "ACTIVE has no grace_expires_at",
        accepts: [{ status: "ACTIVE", grace_expires_at: null }],
        refuses: [{ status: "ACTIVE", grace_expires_at: "2000-01-01 00:00:00+00" }],
        sql: addCheck("policy_versions", "status <> 'ACTIVE' OR grace_expires_at IS NULL"),
      },
    ],
  },
  {
    name: "ingress_attestations",
    columns: [
      required("attestation_id", "uuid", wrapper),
      required("instruction_id", "text"),
      optional("tenant_id"),
      required("payload_hash", "text"),
      optional("signature_hash"),
      required("received_at", timestamptz, "now()"),
    ],
    primaryKey: ["attestation_id"],
    unique: [],
    rules: [],
  },
  revocations("revoked_client_certs", "cert_fingerprint_sha256"),
  revocations("revoked_tokens", "token_jti"),
  {
    name: "schema_migrations",
    columns: [
      required("version", "text"),
      required("checksum", "text"),
      required("applied_at", timestamptz, "now()"),
    ],
    primaryKey: ["version"],
    unique: [],
    rules: [],
  },
];

/** The append-only ledgers (contract 2), with the name of the trigger where the contract fixes one. */
export const appendOnlyTables: readonly { readonly table: string; readonly trigger: string | null }[] = [
  { table: "payment_outbox_attempts", trigger: "trg_deny_outbox_attempts_mutation" },
  { table: "ingress_attestations", trigger: null },
  { table: "revoked_client_certs", trigger: null },
  { table: "revoked_tokens", trigger: null },
];

/** Enums of contract 2, their labels in order. */
export const expectedEnums: readonly { readonly name: string; readonly labels: readonly string[] }[] = [
  {
    name: "outbox_attempt_state",
    labels: ["DISPATCHING", "DISPATCHED", "RETRYABLE", "FAILED", "ZOMBIE_REQUEUE"],
  },
  { name: "policy_version_status", labels: ["ACTIVE", "GRACE", "RETIRED"] },
];

/** The hot table's fillfactor (contract 1, 0009). */
export const hotTable = { name: "payment_outbox_pending", fillfactor: 80 } as const;

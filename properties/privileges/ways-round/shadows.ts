/** Names that the functions' bodies use, or could: each can be taken by a caller's own thing. */

/** What is called like a table. */
export const shadowTables: readonly string[] = [
  "payment_outbox_pending",
  "payment_outbox_attempts",
  "payment_outbox_keys",
  "participant_outbox_sequences",
];

/** Views, by the statement that lies: a ceiling that the caller would like. */
export const shadowViews: Readonly<Record<string, string>> = {
  pg_db_role_setting: `SELECT d.oid AS setdatabase, 0::pg_catalog.oid AS setrole,
      '{symphony.outbox_retry_ceiling=1000}'::pg_catalog._text AS setconfig
    FROM pg_catalog.pg_database AS d WHERE pg_temp.spy()`,
  pg_database: `SELECT d.oid, d.datname FROM pg_catalog.pg_database AS d WHERE pg_temp.spy()`,
};

/** Domains under the names of the types that they are made over. */
export const shadowTypes: readonly string[] = [
  "text",
  "uuid",
  "jsonb",
  "int4",
  "int8",
  "bool",
  "timestamptz",
  "interval",
  "name",
  "regprocedure",
];

/** Functions: arguments, result, and the value that they return in place of the right one. */
export const shadowFunctions: Readonly<
  Record<string, { readonly takes: string; readonly gives: string; readonly lie: string }>
> = {
  now: { takes: "", gives: "timestamptz", lie: "'2000-01-01'" },
  clock_timestamp: { takes: "", gives: "timestamptz", lie: "'2000-01-01'" },
  gen_random_uuid: { takes: "", gives: "uuid", lie: "'00000000-0000-4000-8000-000000000000'" },
  uuidv7: { takes: "", gives: "uuid", lie: "'00000000-0000-1000-8000-000000000000'" },
  uuid_v7_or_random: { takes: "", gives: "uuid", lie: "'00000000-0000-1000-8000-000000000000'" },
  outbox_retry_ceiling: { takes: "", gives: "int4", lie: "1000" },
  bump_participant_outbox_seq: { takes: "pg_catalog.text", gives: "int8", lie: "77" },
  octet_length: { takes: "pg_catalog.text", gives: "int4", lie: "1" },
  jsonb_typeof: { takes: "pg_catalog.jsonb", gives: "text", lie: "'object'" },
  make_interval: { takes: "secs pg_catalog.float8", gives: "interval", lie: "'1000 years'" },
  pg_notify: { takes: "pg_catalog.text, pg_catalog.text", gives: "void", lie: "" },
  lower: { takes: "pg_catalog.text", gives: "text", lie: "'symphony.outbox_retry_ceiling'" },
  split_part: { takes: "pg_catalog.text, pg_catalog.text, pg_catalog.int4", gives: "text", lie: "'x'" },
  substr: { takes: "pg_catalog.text, pg_catalog.int4", gives: "text", lie: "'1000'" },
  strpos: { takes: "pg_catalog.text, pg_catalog.text", gives: "int4", lie: "1" },
  to_regprocedure: { takes: "pg_catalog.text", gives: "regprocedure", lie: "NULL" },
};

/** Comparisons that always hold, by the type on both sides. */
export const shadowOperators: Readonly<Record<string, readonly string[]>> = {
  "=": ["text", "uuid", "oid", "name", "int8"],
  "<>": ["text"],
  "~": ["text"],
  "<": ["int4"],
  "<=": ["timestamptz"],
  ">": ["timestamptz"],
  ">=": ["int4"],
};

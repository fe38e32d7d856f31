import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../sim/database/connection.ts";
import { rowsOf, sqlstateOf, startMigratedServer, valueOf, type MigratedServer } from "./migrated-server.ts";

let server: MigratedServer;
let db: Connection;
beforeAll(async () => {
  server = await startMigratedServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  db = await server.connect(await server.copy());
});
afterEach(() => db.close());

const refused = (sql: string): Promise<string> => sqlstateOf(db, sql);

/** Some columns replaced by other expressions. */
function insertInto(table: string, row: Record<string, string>, change: Record<string, string> = {}): string {
  const all = { ...row, ...change };
  return `insert into ${table} (${Object.keys(all).join(", ")}) values (${Object.values(all).join(", ")})`;
}
const entry = {
  instruction_id: "'i'",
  participant_id: "'p'",
  sequence_id: "1",
  idempotency_key: "'k'",
  rail_type: "'r'",
  payload: "'{}'",
};
const pending = (change?: Record<string, string>): string =>
  insertInto("payment_outbox_pending", entry, change);
const id = "'00000000-0000-0000-0000-000000000001'";
const attempt = (change?: Record<string, string>): string =>
  insertInto(
    "payment_outbox_attempts",
    { ...entry, outbox_id: id, attempt_no: "1", state: "'RETRYABLE'" },
    change,
  );

describe("columns", () => {
  test.each([
    ["participant_outbox_sequences", "participant_id text!, next_sequence_id bigint!"],
    [
      "payment_outbox_pending",
      "outbox_id uuid!, instruction_id text!, participant_id text!, sequence_id bigint!, idempotency_key text!, rail_type text!, payload jsonb!, attempt_count integer!, next_attempt_at timestamp with time zone!, created_at timestamp with time zone!, claimed_by text, lease_token uuid, lease_expires_at timestamp with time zone",
    ],
    [
      "payment_outbox_attempts",
      "attempt_id uuid!, outbox_id uuid!, instruction_id text!, participant_id text!, sequence_id bigint!, idempotency_key text!, rail_type text!, payload jsonb!, attempt_no integer!, state outbox_attempt_state!, claimed_at timestamp with time zone!, completed_at timestamp with time zone, rail_reference text, rail_code text, error_code text, error_message text, latency_ms integer, worker_id text, created_at timestamp with time zone!",
    ],
    [
      "policy_versions",
      "version text!, status policy_version_status!, activated_at timestamp with time zone!, grace_expires_at timestamp with time zone, checksum text!, created_at timestamp with time zone!, is_active boolean",
    ],
    [
      "ingress_attestations",
      "attestation_id uuid!, instruction_id text!, tenant_id text, payload_hash text!, signature_hash text, received_at timestamp with time zone!",
    ],
    [
      "revoked_client_certs",
      "cert_fingerprint_sha256 text!, revoked_at timestamp with time zone!, expires_at timestamp with time zone, reason_code text, revoked_by text",
    ],
    [
      "revoked_tokens",
      "token_jti text!, revoked_at timestamp with time zone!, expires_at timestamp with time zone, reason_code text, revoked_by text",
    ],
  ])("of %s", async (table, columns) => {
    const found = await valueOf(
      db,
      `select string_agg(attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then '!' else '' end,
         ', ' order by attnum) from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`,
    );
    expect(found).toBe(columns);
  });

  test("the attempt states", async () => {
    expect(await valueOf(db, "select enum_range(null::outbox_attempt_state)::text")).toBe(
      "{DISPATCHING,DISPATCHED,RETRYABLE,FAILED,ZOMBIE_REQUEUE}",
    );
  });
});

describe("the hot queue refuses", () => {
  test.each([
    ["a payload that is no object", { payload: "'[]'" }, "23514"],
    ["a negative attempt count", { attempt_count: "-1" }, "23514"],
    ["a lease without an end", { claimed_by: "'w'", lease_token: id }, "23514"],
    ["a lease without a token", { claimed_by: "'w'", lease_expires_at: "now()" }, "23514"],
    ["a lease without a worker", { lease_token: id, lease_expires_at: "now()" }, "23514"],
    ["no rail", { rail_type: "null" }, "23502"],
    ["a whole lease: it does not", { claimed_by: "'w'", lease_token: id, lease_expires_at: "now()" }, "ok"],
  ])("%s", async (_, change, sqlstate) => {
    expect(await refused(pending(change))).toBe(sqlstate);
  });

  test("a participant's number twice and a key twice", async () => {
    await db.run(pending());
    expect(await refused(pending({ idempotency_key: "'other'" }))).toBe("23505");
    expect(await refused(pending({ sequence_id: "2" }))).toBe("23505");
    expect(await refused(pending({ sequence_id: "2", idempotency_key: "'other'" }))).toBe("ok");
  });

  test("a counter below 1", async () => {
    expect(await refused("insert into participant_outbox_sequences values ('p', 0)")).toBe("23514");
    expect(await refused("insert into participant_outbox_sequences values ('p', 1)")).toBe("ok");
  });
});

describe("the ledger of attempts refuses", () => {
  test.each([
    ["number 0", { attempt_no: "0" }, "23514"],
    ["a negative latency", { latency_ms: "-1" }, "23514"],
    ["a payload that is no object", { payload: "'1'" }, "23514"],
    ["an administrator's terminal attempt: it does not", { state: "'FAILED'" }, "ok"],
  ])("%s", async (_, change, sqlstate) => {
    expect(await refused(attempt(change))).toBe(sqlstate);
  });

  test("a number twice, and a second terminal attempt whatever its number", async () => {
    await db.run(attempt({ attempt_no: "1" }));
    expect(await refused(attempt({ attempt_no: "1" }))).toBe("23505");
    await db.run(attempt({ attempt_no: "2", state: "'DISPATCHED'" }));
    expect(await refused(attempt({ attempt_no: "3", state: "'DISPATCHED'" }))).toBe("23505");
    expect(await refused(attempt({ attempt_no: "3", state: "'FAILED'" }))).toBe("23505");
    expect(await refused(attempt({ attempt_no: "3", state: "'ZOMBIE_REQUEUE'" }))).toBe("ok");
  });
});

test("an administrator may delete from pending", async () => {
  await db.run(pending());
  expect(await refused("delete from payment_outbox_pending")).toBe("ok");
});

describe("append-only", () => {
  const tables: readonly (readonly [string, string, string])[] = [
    ["payment_outbox_attempts", "worker_id", attempt()],
    [
      "ingress_attestations",
      "tenant_id",
      "insert into ingress_attestations (instruction_id, payload_hash) values ('i', 'h')",
    ],
    [
      "revoked_client_certs",
      "revoked_by",
      "insert into revoked_client_certs (cert_fingerprint_sha256) values ('c')",
    ],
    ["revoked_tokens", "revoked_by", "insert into revoked_tokens (token_jti) values ('t')"],
  ];

  test.each(tables)(
    "%s takes rows and never gives one back, to a superuser neither",
    async (table, column, insert) => {
      await db.run(insert);
      const before = await rowsOf(db, `select * from ${table}`);
      const mutations = [
        `update ${table} set ${column} = 'x'`,
        `update ${table} set ${column} = 'x' where false`,
        `delete from ${table}`,
        `delete from ${table} where false`,
        `truncate ${table}`,
        `${insert} on conflict (${await keyOf(table)}) do update set ${column} = 'x'`,
        `merge into ${table} t using (select 1) s on true when matched then delete`,
        `merge into ${table} t using (select 1 where false) s on true when matched then update set ${column} = 'x'`,
      ];
      for (const sql of mutations) expect(await refused(sql), sql).toBe("P0001");
      await db.run("set session_replication_role = replica");
      for (const sql of mutations) expect(await refused(sql), `as a replica: ${sql}`).toBe("P0001");
      expect(await rowsOf(db, `select * from ${table}`)).toEqual(before);
    },
  );

  test("by one trigger for each table, always enabled", async () => {
    expect(
      await rowsOf(
        db,
        `select tgrelid::regclass::text as name, tgname::text, tgenabled::text, tgtype::int
           from pg_trigger where not tgisinternal order by 1`,
      ),
    ).toEqual(
      [
        ["ingress_attestations", "trg_deny_ingress_attestations_mutation"],
        ["payment_outbox_attempts", "trg_deny_outbox_attempts_mutation"],
        ["revoked_client_certs", "trg_deny_revoked_client_certs_mutation"],
        ["revoked_tokens", "trg_deny_revoked_tokens_mutation"],
      ].map(([name, tgname]) => ({ name, tgname, tgenabled: "A", tgtype: 2 + 8 + 16 + 32 })),
    );
  });

  const keyOf = async (table: string): Promise<string> =>
    String(
      await valueOf(
        db,
        `select attname from pg_index i join pg_attribute a on attrelid = indrelid and attnum = indkey[0]
          where indrelid = '${table}'::regclass and indisprimary`,
      ),
    );
});

describe("policy versions", () => {
  const policy = (version: string, rest: string): string =>
    `insert into policy_versions (version, checksum, status, grace_expires_at) values ('${version}', ${rest})`;

  test("is_active follows the status, and only one is ACTIVE", async () => {
    await db.run(policy("1", "'c', default, null"));
    expect(await refused(policy("2", "'c', 'ACTIVE', null"))).toBe("23505");
    await db.run(policy("2", "'c', 'RETIRED', null"));
    await db.run(
      "begin; update policy_versions set status = 'GRACE', grace_expires_at = now() where version = '1'",
    );
    await db.run("update policy_versions set status = 'ACTIVE' where version = '2'; commit");
    expect(await rowsOf(db, "select version, is_active from policy_versions order by 1")).toEqual([
      { version: "1", is_active: false },
      { version: "2", is_active: true },
    ]);
  });

  test.each([
    ["an empty checksum", "'', 'ACTIVE', null", "23514"],
    ["no checksum", "null, 'ACTIVE', null", "23502"],
    ["GRACE without an end", "'c', 'GRACE', null", "23514"],
    ["ACTIVE with an end", "'c', 'ACTIVE', now()", "23514"],
    ["no status", "'c', null, null", "23502"],
  ])("refuses %s", async (_, rest, sqlstate) => {
    expect(await refused(policy("1", rest))).toBe(sqlstate);
  });
});

test("indexes and the hot table's page", async () => {
  const indexes = await rowsOf(
    db,
    `select regexp_replace(pg_get_indexdef(indexrelid), '^CREATE (UNIQUE )?INDEX (idx|ux)', '\\1\\2') as d, indisvalid as v
       from pg_index where indexrelid::regclass::text ~ '^(idx|ux)_' order by 1`,
  );
  expect(indexes.map(({ v }) => v)).toEqual(indexes.map(() => true));
  expect(indexes.map(({ d }) => String(d).replace(" ON public.", " ").replace("USING btree ", ""))).toEqual([
    "UNIQUE ux_outbox_attempts_one_terminal_per_outbox payment_outbox_attempts (outbox_id) WHERE (state = ANY (ARRAY['DISPATCHED'::outbox_attempt_state, 'FAILED'::outbox_attempt_state]))",
    "UNIQUE ux_policy_versions_single_active policy_versions (is_active) WHERE is_active",
    "idx_ingress_attestations_instruction ingress_attestations (instruction_id)",
    "idx_ingress_attestations_received_at ingress_attestations (received_at)",
    "idx_ingress_attestations_tenant_received_at ingress_attestations (tenant_id, received_at) WHERE (tenant_id IS NOT NULL)",
    "idx_payment_outbox_pending_due_claim payment_outbox_pending (next_attempt_at, lease_expires_at, created_at)",
    "idx_payment_outbox_pending_expired_lease payment_outbox_pending (lease_expires_at, created_at) WHERE (lease_expires_at IS NOT NULL)",
  ]);
  expect(
    await valueOf(db, "select reloptions::text from pg_class where relname = 'payment_outbox_pending'"),
  ).toBe("{fillfactor=80}");
});

test("claim and repair read 100,000 rows by their indexes", async () => {
  await db.run(`
    insert into payment_outbox_pending (instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload,
      next_attempt_at, claimed_by, lease_token, lease_expires_at)
    select 'i' || n, 'p' || n % 100, n, n, 'r', '{}', now() - n * interval '1 second', l.w, l.t, l.e
      from generate_series(1, 100000) n
      left join lateral (select 'w' as w, gen_random_uuid() as t, now() - n * interval '1 second' as e) l on n % 2 = 0;
    analyze payment_outbox_pending;
    load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
    set client_min_messages = log`);
  const plans: string[] = [];
  db.onNotice(({ message }) => plans.push(message));
  await db.run("select * from claim_outbox_batch(10, 'w', 10); select * from repair_expired_leases(10, 'r')");
  const scanned = plans.flatMap((plan) => plan.match(/(Index Scan using|Seq Scan on) \w+pending\w*/g) ?? []);
  expect(scanned).toContain("Index Scan using idx_payment_outbox_pending_due_claim");
  expect(scanned).toContain("Index Scan using idx_payment_outbox_pending_expired_lease");
  expect(scanned.filter((scan) => scan.startsWith("Seq"))).toEqual([]);
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import type { Connection } from "./connection.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { readMigrations } from "./migrations.ts";
import { migrate } from "./migrator.ts";
import { describeLedger, describeSchema } from "./schema-description.ts";

let server: EmbeddedServer;
let connection: Connection;

beforeAll(async () => {
  server = await embeddedProvider().start();
  connection = await server.connect(null);
  await migrate(connection, await readMigrations(ownMigrationsDirectory), { wait: () => Promise.resolve() });
});
afterAll(async () => {
  await connection.close();
  await server.stop();
});

/** Each is made over those before it; the description must change in a line that begins so. */
test.each([
  ["a column", "column payment_outbox_pending.more", "alter table payment_outbox_pending add more text"],
  ["a column gone", "column payment_outbox_pending.more", "alter table payment_outbox_pending drop more"],
  [
    "a column's type",
    "column revoked_tokens.revoked_by",
    "alter table revoked_tokens alter revoked_by type varchar(9)",
  ],
  [
    "a default",
    "column revoked_tokens.revoked_at",
    "alter table revoked_tokens alter revoked_at set default clock_timestamp()",
  ],
  [
    "NOT NULL",
    "column revoked_tokens.revoked_by",
    "alter table revoked_tokens alter revoked_by set not null",
  ],
  [
    "a check",
    "constraint public.revoked_tokens.c",
    "alter table revoked_tokens add constraint c check (token_jti <> '') not valid",
  ],
  [
    "a check's validity",
    "constraint public.revoked_tokens.c",
    "alter table revoked_tokens validate constraint c",
  ],
  ["an index", "index i", "create index i on revoked_tokens (revoked_at)"],
  [
    "an index's predicate",
    "index i",
    "drop index i; create index i on revoked_tokens (revoked_at) where expires_at is null",
  ],
  [
    "an index's validity",
    "index i",
    "update pg_index set indisvalid = false where indexrelid = 'i'::regclass",
  ],
  [
    "an index's readiness",
    "index i",
    "update pg_index set indisready = false where indexrelid = 'i'::regclass",
  ],
  [
    "a function's text",
    "function public.uuid_strategy()",
    "create or replace function uuid_strategy() returns text language sql as 'select ''x'''",
  ],
  [
    "a function's settings",
    "function public.uuid_strategy()",
    "alter function uuid_strategy() set search_path = public",
  ],
  [
    "a function's grants",
    "function public.uuid_strategy()",
    "grant execute on function uuid_strategy() to public",
  ],
  [
    "a trigger's state",
    "trigger public.payment_outbox_attempts.",
    "alter table payment_outbox_attempts enable trigger trg_deny_outbox_attempts_mutation",
  ],
  [
    "a trigger gone",
    "trigger public.payment_outbox_attempts.",
    "drop trigger trg_deny_outbox_attempts_mutation on payment_outbox_attempts",
  ],
  ["a table's grants", "relation revoked_tokens", "grant delete on revoked_tokens to symphony_ingest"],
  [
    "a column's grants",
    "column revoked_tokens.token_jti",
    "grant update (token_jti) on revoked_tokens to symphony_ingest",
  ],
  ["a type's labels", "type outbox_attempt_state", "alter type outbox_attempt_state add value 'MORE'"],
  ["a type's grants", "type outbox_attempt_state", "grant usage on type outbox_attempt_state to public"],
  ["the schema's grants", "schema public", "grant create on schema public to symphony_ingest"],
  [
    "default privileges",
    "defaultPrivileges ",
    "alter default privileges in schema public grant select on tables to symphony_ingest",
  ],
  [
    "fillfactor",
    "relation payment_outbox_pending",
    "alter table payment_outbox_pending set (fillfactor = 81)",
  ],
  ["a comment", "relation revoked_tokens", "comment on table revoked_tokens is 'other'"],
  ["a role that may log in", "role symphony_ingest", "alter role symphony_ingest login"],
  ["a membership", "role symphony_ingest", "grant symphony_control to symphony_ingest"],
])("the description sees %s", async (_, prefix, change) => {
  const before = await describeSchema(connection);
  await connection.run(change);
  const after = await describeSchema(connection);
  const changed = [...differences(before, after), ...differences(after, before)];
  expect(changed.map((line) => line.slice(0, prefix.length))).toContain(prefix);
});

test("the ledger's description sees a row and a checksum", async () => {
  const before = await describeLedger(connection);
  await connection.run("update schema_migrations set checksum = 'x' where version = '0001_init.sql'");
  expect(differences(before, await describeLedger(connection))).toHaveLength(1);
  await connection.run("delete from schema_migrations where version = '0002_outbox_functions.sql'");
  expect(differences(before, await describeLedger(connection))).toHaveLength(2);
});

const differences = (from: readonly string[], to: readonly string[]): readonly string[] =>
  from.filter((line) => !to.includes(line));

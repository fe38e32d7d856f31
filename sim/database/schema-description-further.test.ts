import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import type { Connection } from "./connection.ts";
import { type EmbeddedServer, embeddedProvider } from "./embedded/provider.ts";
import { readMigrations } from "./migrations.ts";
import { migrate } from "./migrator.ts";
import { copyOwnDatabase, createOwnDatabase, type OwnDatabase } from "./own-database.ts";
import { connect } from "./pg-connection.ts";
import { describeLedger, describeSchema, schemaFingerprint } from "./schema-description.ts";

let server: EmbeddedServer;
let original: OwnDatabase;
let lines: readonly string[];

const migrateAll = async (connection: Connection): Promise<void> => {
  await migrate(connection, await readMigrations(ownMigrationsDirectory), { wait: () => setTimeout(10) });
};

beforeAll(async () => {
  server = await embeddedProvider().start();
  const superuser = await server.connect(null);
  await superuser.run("CREATE ROLE other CREATEROLE LOGIN");
  await superuser.run("CREATE DATABASE others OWNER other");
  await superuser.close();
  original = await createOwnDatabase(server);
  const connection = await original.connect();
  await migrateAll(connection);
  await connection.run("CREATE SEQUENCE s; CREATE DOMAIN d AS text; CREATE VIEW v AS SELECT 1 AS x");
  lines = await describeSchema(connection);
  await connection.close();
});
afterAll(() => server.stop());

async function onCopy<T>(action: (connection: Connection) => Promise<T>): Promise<T> {
  const copy = await copyOwnDatabase(server, original);
  const connection = await copy.connect();
  try {
    return await action(connection);
  } finally {
    await connection.close();
    await copy.drop();
  }
}

test("a copy has the same description: no OID, no time, no name of a database is in it", async () => {
  await onCopy(async (connection) => {
    await connection.run("UPDATE schema_migrations SET applied_at = now()");
    for (const sql of ["VACUUM FULL policy_versions", "REINDEX TABLE policy_versions", "ANALYZE"])
      await connection.run(sql);
    expect(await describeSchema(connection)).toEqual(lines);
  });
});

test("the same migrations give the same description whoever runs them", async () => {
  const own = await createOwnDatabase(server);
  const [one, other] = [
    await own.connect(),
    await connect({
      host: server.socketFolder,
      port: 5432,
      user: "other",
      database: "others",
      password: "",
      ssl: false,
    }),
  ];
  for (const connection of [one, other]) await migrateAll(connection);
  expect(await describeSchema(other)).toEqual(await describeSchema(one));
  expect(await describeLedger(other)).toEqual(await describeLedger(one));
  await Promise.all([one.close(), other.close()]);
});

test("lines are in byte order, one line each, and the fingerprint is theirs", () => {
  expect(lines.filter((line) => line.includes("\n"))).toEqual([]);
  expect([...lines].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))).toEqual(lines);
  expect(schemaFingerprint(lines)).toMatch(/^[0-9a-f]{64}$/);
  expect(schemaFingerprint(lines.slice(1))).not.toBe(schemaFingerprint(lines));
});

/** Beside those of schema-description.test.ts. */
const changes = [
  'ALTER TABLE policy_versions ALTER COLUMN checksum TYPE text COLLATE "POSIX"',
  "ALTER TABLE policy_versions ALTER COLUMN checksum SET STORAGE EXTERNAL",
  "ALTER TABLE policy_versions ALTER COLUMN checksum SET STATISTICS 7",
  "ALTER TABLE policy_versions ALTER COLUMN checksum SET (n_distinct = 5)",
  "ALTER TABLE policy_versions ADD CHECK (version <> '')",
  "ALTER TABLE policy_versions DROP CONSTRAINT policy_versions_grace_has_an_end",
  "ALTER TABLE policy_versions SET UNLOGGED",
  "ALTER TABLE policy_versions REPLICA IDENTITY FULL",
  "ALTER TABLE policy_versions ENABLE ROW LEVEL SECURITY",
  "CREATE POLICY p ON policy_versions USING (true)",
  "CREATE RULE r AS ON DELETE TO policy_versions DO INSTEAD NOTHING",
  "CREATE TABLE t (x int)",
  "CREATE TABLE parent (); ALTER TABLE policy_versions INHERIT parent",
  "DROP INDEX ux_policy_versions_single_active",
  "ALTER TABLE policy_versions CLUSTER ON policy_versions_pkey",
  "ALTER TRIGGER trg_deny_outbox_attempts_mutation ON payment_outbox_attempts RENAME TO other",
  "DO $$ BEGIN EXECUTE replace(pg_get_functiondef('uuid_strategy'::regproc), 'IS NULL', 'IS  NULL'); END $$",
  "ALTER FUNCTION uuid_strategy SECURITY DEFINER",
  "ALTER FUNCTION uuid_strategy COST 7",
  "ALTER FUNCTION uuid_strategy OWNER TO other",
  "CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1",
  "CREATE AGGREGATE a(int) (sfunc = int4pl, stype = int)",
  "ALTER TYPE policy_version_status RENAME VALUE 'GRACE' TO 'OTHER'",
  "ALTER DOMAIN d ADD CHECK (value <> '')",
  "ALTER SEQUENCE s INCREMENT 2",
  "ALTER SEQUENCE s OWNED BY policy_versions.checksum",
  "CREATE OR REPLACE VIEW v AS SELECT 2 AS x",
  "CREATE STATISTICS st ON version, checksum FROM policy_versions",
  "ALTER TABLE policy_versions OWNER TO other",
  "GRANT SELECT ON policy_versions TO other",
  "GRANT SELECT ON policy_versions TO symphony_readonly WITH GRANT OPTION",
  "REVOKE SELECT ON policy_versions FROM symphony_readonly",
  "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
  "COMMENT ON COLUMN policy_versions.checksum IS 'x'",
  "COMMENT ON FUNCTION uuid_strategy IS 'x'",
  "COMMENT ON INDEX ux_policy_versions_single_active IS 'x'",
  "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET symphony.outbox_retry_ceiling = 3', current_database()); END $$",
  "DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$",
];

describe("the description sees", () => {
  test.each(changes)("%s", async (sql) => {
    await onCopy(async (connection) => {
      await connection.run(sql);
      expect(schemaFingerprint(await describeSchema(connection))).not.toBe(schemaFingerprint(lines));
    });
  });

  test.each([
    ["GRANT pg_monitor TO symphony_readonly", "REVOKE pg_monitor FROM symphony_readonly"],
    ["ALTER ROLE symphony_readonly SET work_mem = '1MB'", "ALTER ROLE symphony_readonly RESET work_mem"],
  ])("%s", async (sql, undo) => {
    await onCopy(async (connection) => {
      await connection.run(sql);
      const changed = await describeSchema(connection);
      await connection.run(undo);
      expect(changed).not.toEqual(lines);
      expect(await describeSchema(connection)).toEqual(lines);
    });
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ConnectionLost, type Connection } from "./connection.ts";
import { embeddedProvider } from "./embedded/provider.ts";
import { MigrationRefused, readMigrations, type Migration } from "./migrations.ts";
import { migrate, MigrationFailed, type MigrationOutcome } from "./migrator.ts";
import type { Server } from "./server.ts";

const own = fileURLToPath(new URL("../../schema/migrations", import.meta.url));
let server: Server;
let maintenance: Connection;
let database = "";
let connection: Connection;
let directory = "";
let count = 0;

beforeAll(async () => {
  server = await embeddedProvider().start();
  maintenance = await server.connect(null);
});
afterAll(async () => {
  await maintenance.close();
  await server.stop();
});
beforeEach(async () => {
  database = `runner_${String(++count)}`;
  await maintenance.run(`create database ${database}`);
  connection = await server.connect(database);
  directory = await mkdtemp(join(tmpdir(), "migrations-"));
});
afterEach(async () => {
  await connection.close();
  await rm(directory, { recursive: true });
});

const write = (name: string, text: string): Promise<void> => writeFile(join(directory, name), text);
const noWait = (): Promise<void> => Promise.reject(new Error("the lock is free, nothing to wait for"));

async function run(from = directory, on = connection): Promise<MigrationOutcome> {
  return migrate(on, await readMigrations(from), { wait: noWait });
}

async function values(sql: string): Promise<unknown[]> {
  return (await connection.query(sql, [])).rows.map((row) => Object.values(row)[0]);
}

/** Everything that a run leaves behind, OIDs and applied_at aside. */
async function fingerprint(): Promise<unknown> {
  const parts = [
    "select version || checksum from public.schema_migrations order by 1",
    `select format('%s %s %s %s %s', c.oid::regclass, c.relkind, c.relacl, c.reloptions, pg_get_indexdef(i.indexrelid))
       || i.indisvalid::text from pg_class c left join pg_index i on i.indexrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind <> 'i' or i.indexrelid is not null
        and c.relnamespace = 'public'::regnamespace order by 1`,
    `select pg_get_functiondef(oid) || proacl::text from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
    `select conrelid::regclass || pg_get_constraintdef(oid) from pg_constraint
      where connamespace = 'public'::regnamespace order by 1`,
    `select pg_get_triggerdef(oid) || tgenabled::text from pg_trigger where not tgisinternal order by 1`,
    `select typname || typacl::text from pg_type where typnamespace = 'public'::regnamespace and typtype = 'e' order by 1`,
    `select defaclacl::text from pg_default_acl`,
    `select nspacl::text from pg_namespace where nspname = 'public'`,
  ];
  return Promise.all(parts.map(values));
}

describe("a run", () => {
  test("applies each file once, in order, and a second one changes nothing and says so", async () => {
    await write("0001_a.sql", "create table a (x int); insert into a values (1)");
    await write("0002_b.sql", "insert into a values (2)");
    const seen: string[] = [];
    const files = await readMigrations(directory);
    const first = await migrate(connection, files, {
      wait: noWait,
      onApplied: (version) => seen.push(version),
    });
    expect(first).toEqual({ applied: ["0001_a.sql", "0002_b.sql"], already: 0 });
    expect(seen).toEqual(first.applied);
    const before = await values("select applied_at from schema_migrations order by 1");
    expect(await run()).toEqual({ applied: [], already: 2 });
    expect(await values("select applied_at from schema_migrations order by 1")).toEqual(before);
    expect(await values("select x from a order by 1")).toEqual([1, 2]);
  });

  test("keeps the ledger of the contract, and PUBLIC has nothing on it", async () => {
    await write("0001_a.sql", "");
    await run();
    const [file] = await readMigrations(directory);
    expect(await values("select version || ' ' || checksum from public.schema_migrations")).toEqual([
      `0001_a.sql ${file?.checksum ?? ""}`,
    ]);
    expect(
      await values(`select format('%s %s %s', column_name, data_type, is_nullable) from information_schema.columns
                     where table_name = 'schema_migrations' order by ordinal_position`),
    ).toEqual(["version text NO", "checksum text NO", "applied_at timestamp with time zone NO"]);
    expect(
      await values(
        "select count(*) from pg_class c, aclexplode(c.relacl) a where relname = 'schema_migrations' and a.grantee = 0",
      ),
    ).toEqual([0]);
  });

  test("commits a file and its row together: a failing file leaves neither, those before it stay", async () => {
    await write("0001_a.sql", "create table a (x int)");
    await write("0002_b.sql", "create table b (x int);\n\nselect nonsense;");
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrationFailed);
    expect(failure).toMatchObject({ version: "0002_b.sql", line: 3 });
    expect(String(failure)).toMatch(/0002_b\.sql, line 3: .*nonsense.*42703/);
    expect(await values("select version from schema_migrations")).toEqual(["0001_a.sql"]);
    expect(await values("select to_regclass('b')")).toEqual([null]);
    await write("0002_b.sql", "create table b (x int)");
    expect(await run()).toEqual({ applied: ["0002_b.sql"], already: 1 });
  });

  test("takes the row back with the file where only the commit fails", async () => {
    await write(
      "0001_a.sql",
      `create table a (x int primary key, y int references a deferrable initially deferred);
       insert into a values (1, 2)`,
    );
    await expect(run()).rejects.toThrow(/0001_a\.sql.*23503/);
    expect(await values("select version from schema_migrations")).toEqual([]);
    expect(await values("select to_regclass('a')")).toEqual([null]);
  });

  test("a block that commits cannot end the runner's transaction", async () => {
    await write("0001_a.sql", "create table a (x int); do $$ begin commit; end $$");
    await expect(run()).rejects.toThrow(/2D000/);
    expect(await values("select to_regclass('a')")).toEqual([null]);
  });

  test("runs at READ COMMITTED, whatever the database's default", async () => {
    await maintenance.run(`alter database ${database} set default_transaction_isolation = 'serializable'`);
    await write("0001_a.sql", "create table a as select current_setting('transaction_isolation') as x");
    const other = await server.connect(database);
    await run(directory, other);
    await other.close();
    expect(await values("select x from a")).toEqual(["read committed"]);
  });

  test("settings, roles and temporary tables of one file do not reach the next", async () => {
    await write(
      "0001_a.sql",
      "set search_path = pg_catalog; set work_mem = '1MB'; create temp table t (x int); set role pg_monitor; reset role; set session authorization default",
    );
    await write(
      "0002_b.sql",
      `create table public.b as
         select current_setting('search_path') as p, current_setting('work_mem') as w, to_regclass('pg_temp.t')::text as t`,
    );
    await run();
    expect((await connection.query("select * from public.b", [])).rows).toEqual([
      { p: '"$user", public', w: "4MB", t: null },
    ]);
  });

  test("a file without transaction runs one statement at a time and can run again", async () => {
    await write("0001_a.sql", "create table a (x int)");
    await write(
      "0002_b.sql",
      "-- symphony:no_tx\ncreate index concurrently if not exists i on a (x);\n\nselect nonsense;",
    );
    const failure = await run().catch((error: unknown) => error);
    expect(failure).toMatchObject({ version: "0002_b.sql", line: 4 });
    expect(await values("select indisvalid from pg_index where indexrelid = 'i'::regclass")).toEqual([true]);
    expect(await values("select version from schema_migrations")).toEqual(["0001_a.sql"]);
    await write("0002_b.sql", "-- symphony:no_tx\ncreate index concurrently if not exists i on a (x);");
    expect((await run()).applied).toEqual(["0002_b.sql"]);
  });

  test("without the marker, CREATE INDEX CONCURRENTLY is refused by the server", async () => {
    await write("0001_a.sql", "create table a (x int)");
    await write("0002_b.sql", "create index concurrently i on a (x)");
    await expect(run()).rejects.toThrow(/0002_b\.sql.*25001/);
  });
});

describe("refused, nothing changed:", () => {
  async function refusal(): Promise<string> {
    const before = await fingerprint();
    const outcome = await run().catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(MigrationRefused);
    expect(await fingerprint()).toEqual(before);
    return String(outcome);
  }
  beforeEach(async () => {
    await write("0001_a.sql", "create table a (x int)");
    await write("0005_b.sql", "select 1");
    await run();
    await write("0009_new.sql", "create table never (x int)");
  });

  test("a changed file", async () => {
    await write("0005_b.sql", "select 1 ");
    expect(await refusal()).toMatch(/0005_b\.sql: has changed/);
  });
  test("a file that is gone", async () => {
    await rm(join(directory, "0005_b.sql"));
    expect(await refusal()).toMatch(/0005_b\.sql: is applied .* file is gone/);
  });
  test("a renamed file", async () => {
    await rm(join(directory, "0005_b.sql"));
    await write("0005_c.sql", "select 1");
    expect(await refusal()).toMatch(/0005_b\.sql: is applied .* file is gone/);
  });
  test("a new file below one already applied", async () => {
    await write("0004_late.sql", "create table late (x int)");
    expect(await refusal()).toMatch(/0004_late\.sql: lies below number 5/);
  });
});

test("refuses a ledger that is another program's, and changes nothing", async () => {
  await connection.run("create table public.schema_migrations (version text primary key)");
  await write("0001_a.sql", "create table a (x int)");
  await expect(run()).rejects.toThrow(/public\.schema_migrations: is another program's table/);
  expect(await values("select to_regclass('a')")).toEqual([null]);
});

test("refuses a server older than 15 before it asks for anything else", async () => {
  const asked: string[] = [];
  const old: Connection = {
    ...({} as Connection),
    query: (sql) => {
      asked.push(sql);
      return Promise.resolve({ command: "SELECT", rowCount: 1, rows: [{ number: 140011, name: "14.11" }] });
    },
  };
  await write("0001_a.sql", "");
  await expect(run(directory, old)).rejects.toThrow(/server: PostgreSQL 14\.11 is too old/);
  expect(asked).toHaveLength(1);
});

describe("two runners at once", () => {
  test("serialise and both end well, over the project's own migrations", async () => {
    const other = await server.connect(database);
    const files = await readMigrations(own);
    const runner = (on: Connection): Promise<MigrationOutcome> =>
      migrate(on, files, { wait: () => new Promise((resolve) => setImmediate(resolve)) });
    const outcomes = await Promise.all([runner(connection), runner(other)]);
    await other.close();
    expect(outcomes.map(({ applied }) => applied.length).sort((a, b) => a - b)).toEqual([0, 13]);
    expect(await values("select count(*) from pg_locks where locktype = 'advisory'")).toEqual([0]);
  });

  test("the one that waits holds no transaction, so an index built CONCURRENTLY does not wait for it", async () => {
    await write("0001_a.sql", "create table a (x int)");
    await run();
    await write("0002_b.sql", "-- symphony:no_tx\ncreate index concurrently i on a (x)");
    const other = await server.connect(database);
    const files = await readMigrations(directory);
    await other.run(`select pg_advisory_lock(${String(0x73796d70)}, 1)`);
    let waited = 0;
    const outcome = migrate(connection, files, {
      wait: async () => {
        waited += 1;
        const { rows } = await other.query(
          "select state, backend_xmin from pg_stat_activity where pid = $1",
          [connection.pid],
        );
        expect(rows).toEqual([{ state: "idle", backend_xmin: null }]);
        if (waited === 3) await other.run(`select pg_advisory_unlock(${String(0x73796d70)}, 1)`);
      },
    });
    expect((await outcome).applied).toEqual(["0002_b.sql"]);
    expect(waited).toBe(3);
    await other.close();
  });

  test("in two databases of one cluster both end well, though roles are the cluster's", async () => {
    await dropRoles();
    const other = `${database}_other`;
    await maintenance.run(`create database ${other}`);
    const second = await server.connect(other);
    const outcomes = await Promise.all([run(own), run(own, second)]);
    await second.close();
    expect(outcomes.map(({ applied }) => applied.length)).toEqual([13, 13]);
  });

  test("a role that somebody else is making at this moment is waited for", async () => {
    await dropRoles();
    await maintenance.run("begin; create role symphony_control");
    const outcome = run(own);
    const waits = `select from pg_locks where not granted and pid = ${String(connection.pid)}`;
    while ((await maintenance.query(waits, [])).rowCount === 0);
    await maintenance.run("commit");
    expect((await outcome).applied).toHaveLength(13);
  });

  test.each(["alter role symphony_control login", "grant symphony_ingest to symphony_control"])(
    "a role that is there and can do too much stops the migration: %s",
    async (sql) => {
      await dropRoles();
      await maintenance.run(`create role symphony_ingest; create role symphony_control; ${sql}`);
      await expect(run(own)).rejects.toThrow(/0003_roles\.sql.*symphony_control/);
      await dropRoles();
    },
  );
});

/** Drops the runtime roles, and with them the databases of earlier tests that use them. */
async function dropRoles(): Promise<void> {
  const names = async (sql: string): Promise<string[]> =>
    (await maintenance.query(sql, [])).rows.map((row) => String(row["name"]));
  const databases = await names(
    "select datname::text as name from pg_database where datname like 'runner_%'",
  );
  for (const name of databases.filter((name) => name !== database))
    await maintenance.run(`drop database ${name} with (force)`);
  for (const name of await names("select rolname::text as name from pg_roles where rolname like 'symphony%'"))
    await maintenance.run(`drop role ${name}`);
}

describe("after a crash", () => {
  test("in any file of the project's own migrations, the next run gives what one clean run gives", async () => {
    const files = await readMigrations(own);
    await migrate(connection, files, { wait: noWait });
    const clean = await fingerprint();
    for (const { version } of files) {
      const { before, after } = await crashAndResume(files, (_, parameters) => parameters[0] === version);
      expect(before, version).not.toEqual(clean);
      expect(after, version).toEqual(clean);
    }
  });

  test("before any statement of the file without transaction, too", async () => {
    const files = await readMigrations(own);
    await migrate(connection, files, { wait: noWait });
    const clean = await fingerprint();
    const statements = files.at(-1)?.statements ?? [];
    expect(statements.length).toBeGreaterThan(6);
    for (const { sql: doomed, line } of statements) {
      const { after } = await crashAndResume(files, (sql) => sql === doomed);
      expect(after, `line ${String(line)}`).toEqual(clean);
    }
  });

  test("a failed build CONCURRENTLY leaves an invalid index, and the re-run repairs it", async () => {
    const files = await readMigrations(own);
    await migrate(connection, files.slice(0, 12), { wait: noWait });
    for (const name of ["due_claim", "expired_lease"]) {
      await connection.run(`drop index if exists idx_payment_outbox_pending_${name}`);
      await breakIndex(`idx_payment_outbox_pending_${name}`);
    }
    expect(await values(invalidIndexes)).toHaveLength(2);
    expect((await migrate(connection, files, { wait: noWait })).applied).toHaveLength(1);
    expect(await values(invalidIndexes)).toEqual([]);
    expect(
      await values(`select pg_get_indexdef(indexrelid) from pg_index
                     where indexrelid::regclass::text like 'idx_payment_outbox_pending%' order by 1`),
    ).toEqual([
      "CREATE INDEX idx_payment_outbox_pending_due_claim ON public.payment_outbox_pending USING btree (next_attempt_at, lease_expires_at, created_at)",
      "CREATE INDEX idx_payment_outbox_pending_expired_lease ON public.payment_outbox_pending USING btree (lease_expires_at, created_at) WHERE (lease_expires_at IS NOT NULL)",
    ]);
  });

  test("between the renaming and the drop of an invalid index, the re-run drops it", async () => {
    const files = await readMigrations(own);
    await migrate(connection, files.slice(0, 12), { wait: noWait });
    await connection.run("drop index idx_payment_outbox_pending_due_claim");
    await breakIndex("idx_payment_outbox_pending_due_claim_invalid");
    await breakIndex("idx_payment_outbox_pending_due_claim");
    await migrate(connection, files, { wait: noWait });
    expect(await values(invalidIndexes)).toEqual([]);
    expect(await values("select to_regclass('idx_payment_outbox_pending_due_claim_invalid')")).toEqual([
      null,
    ]);
  });
});

const invalidIndexes = "select indexrelid::regclass::text from pg_index where not indisvalid";

/** A build that fails for a real reason: two equal rows under a unique index. The name is what the re-run finds. */
async function breakIndex(name: string): Promise<void> {
  await connection.run(`
    insert into payment_outbox_pending (instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload)
    select 'i', 'p', n, n::text, 'r', '{}' from generate_series(1, 2) n on conflict do nothing`);
  const build = `create unique index concurrently ${name} on payment_outbox_pending (instruction_id)`;
  await expect(connection.run(build)).rejects.toThrow(/could not create unique index/);
}

type Doom = (sql: string, parameters: readonly unknown[]) => boolean;

/** What a fresh database holds after a run whose backend dies before the doomed call, and after the next run. */
async function crashAndResume(
  files: readonly Migration[],
  isDoomed: Doom,
): Promise<{ before: unknown; after: unknown }> {
  const name = `${database}_${String(++count)}`;
  await maintenance.run(`create database ${name}`);
  const doomed = await server.connect(name);
  await expect(migrate(dying(doomed, isDoomed), files, { wait: noWait })).rejects.toBeInstanceOf(
    ConnectionLost,
  );
  await doomed.close();
  const kept = connection;
  connection = await server.connect(name);
  try {
    const before = await fingerprint();
    await migrate(connection, files, { wait: noWait });
    return { before, after: await fingerprint() };
  } finally {
    await connection.close();
    connection = kept;
  }
}

/** A connection whose backend is gone before the doomed call. */
function dying(inner: Connection, isDoomed: Doom): Connection {
  const perhapsDie = async (sql: string, parameters: readonly unknown[]): Promise<void> => {
    if (isDoomed(sql, parameters))
      await maintenance.query("select pg_terminate_backend($1, 5000)", [inner.pid]);
  };
  return {
    pid: inner.pid,
    run: async (sql) => {
      await perhapsDie(sql, []);
      return inner.run(sql);
    },
    query: async (sql, parameters) => {
      await perhapsDie(sql, parameters);
      return inner.query(sql, parameters);
    },
    onNotice: () => undefined,
    onNotification: () => undefined,
    ended: inner.ended,
    close: () => inner.close(),
  };
}

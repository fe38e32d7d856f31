import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConnectionLost, SqlError, type Connection, type Notice, type Notification } from "./connection.ts";
import { formatMark } from "./mark.ts";
import { createOwnDatabase, onServer, type OwnDatabase } from "./own-database.ts";
import { quoteIdentifier, quoteLiteral } from "./quote.ts";
import { installReset, reset } from "./reset.ts";
import { EnvironmentFault, type Provider, type Server } from "./server.ts";
import { sweepOwnDatabases } from "./sweep.ts";
import { makeTemplate } from "./template.ts";

/** What every provider's server has to do. Call it in a test file; the provider is asked for when the tests run. */
export function conformance(name: string, provider: () => Promise<Provider>): void {
  describe(`a server by ${name}`, () => {
    const shared: Shared = { server: undefined as never };
    beforeAll(async () => {
      shared.server = await (await provider()).start();
    });
    afterAll(() => shared.server.stop());
    connections(shared);
    pushed(shared);
    ownDatabases(shared);
    templates(shared);
    others(shared);
  });
}

/** The server, once beforeAll has started it. */
interface Shared {
  server: Server;
}

function connections(shared: Shared): void {
  it("says which version it is", () => {
    expect(shared.server.versionNumber).toBeGreaterThanOrEqual(150000);
    expect(shared.server.version).toMatch(/^\d+\.\d+/);
  });

  it("gives a result for each statement, int8 and timestamptz as numbers, json as text", () =>
    withConnection(shared, async (connection) => {
      const results = await connection.run(`
        select 9007199254740991::int8 as big, '2026-01-02 03:04:05.000006+01'::timestamptz as time, 7::int4 as small;
        begin; commit;
        select '{"a": 1.10}'::json as json, '[1]'::jsonb as jsonb, true as yes, null::int8 as nothing`);
      expect(results.map(({ command }) => command)).toEqual(["SELECT", "BEGIN", "COMMIT", "SELECT"]);
      expect(results[0]?.rows).toEqual([{ big: 9007199254740991, time: 1767319445000006, small: 7 }]);
      expect(results[3]?.rows).toEqual([{ json: '{"a": 1.10}', jsonb: "[1]", yes: true, nothing: null }]);
      expect(await connection.run("")).toEqual([{ command: "", rowCount: 0, rows: [] }]);
      expect((await connection.query("select $1::text || $2", ["a", "b"])).rows).toEqual([
        { "?column?": "ab" },
      ]);
    }));

  it("refuses numbers that a double cannot hold, and stays usable", () =>
    withConnection(shared, async (connection) => {
      await expect(connection.run("select 9007199254740993::int8")).rejects.toThrow(RangeError);
      await expect(connection.run("select 'infinity'::timestamptz")).rejects.toThrow(RangeError);
      expect((await connection.run("select 1 as one"))[0]?.rows).toEqual([{ one: 1 }]);
    }));

  it("reports the server's errors with code, detail, call stack and position", () =>
    withConnection(shared, async (connection) => {
      const syntax = await failure(connection.run("select 1 frm x y"));
      expect(syntax).toMatchObject({ sqlstate: "42601", position: 14 });
      const raised = await failure(
        connection.run("do $$ begin raise exception 'no' using errcode = 'P7002', detail = 'why'; end $$"),
      );
      expect(raised).toBeInstanceOf(SqlError);
      expect(raised).toMatchObject({ sqlstate: "P7002", message: "no", detail: "why", position: null });
      expect((raised as SqlError).context).toContain("PL/pgSQL function inline_code_block line 1 at RAISE");
      expect(await failure(shared.server.connect("no_such_database"))).toMatchObject({ sqlstate: "3D000" });
    }));

  it("reports an error when its transaction is over, not before", () =>
    withConnection(shared, (one) =>
      withConnection(shared, async (two) => {
        for (let i = 0; i < 200; i += 1) {
          await failure(one.run("select pg_advisory_xact_lock(77); select 1/0"));
          expect((await two.run("select pg_try_advisory_xact_lock(77) as free"))[0]?.rows).toEqual([
            { free: true },
          ]);
        }
      }),
    ));

  it("loses a connection whose backend is killed, in a query, between queries and for ever after", () =>
    withConnection(shared, async (killer) => {
      const busy = await shared.server.connect(null);
      const idle = await shared.server.connect(null);
      const answer = failure(busy.run("select pg_sleep(60)"));
      await terminate(killer, busy, idle);
      // What is sent before they are heard may hit the closed socket, and then they are never heard.
      expect(await idle.ended).toMatchObject({ sqlstate: "57P01" });
      for (const lost of [
        await answer,
        await failure(busy.run("select 1")),
        await failure(idle.run("select 1")),
      ]) {
        expect(lost).toBeInstanceOf(ConnectionLost);
      }
      expect(await busy.ended).toMatchObject({ sqlstate: "57P01" });
      await busy.close();
      await idle.close();
    }));

  it("tells a cancelled query from a lost one", () =>
    withConnection(shared, (killer) =>
      withConnection(shared, async (busy) => {
        const answer = failure(busy.run("select pg_sleep(60)"));
        await until(
          killer,
          `select wait_event = 'PgSleep' from pg_stat_activity where pid = ${String(busy.pid)}`,
        );
        await killer.run(`select pg_cancel_backend(${String(busy.pid)})`);
        expect(await answer).toMatchObject({ name: "SqlError", sqlstate: "57014" });
      }),
    ));
}

function pushed(shared: Shared): void {
  it("pushes the wait for a lock and its end", () =>
    withConnection(shared, (holder) =>
      withConnection(shared, async (waiter) => {
        const notices: Notice[] = [];
        waiter.onNotice((notice) => notices.push(notice));
        await waiter.run(
          "set client_min_messages = log; set log_lock_waits = on; set deadlock_timeout = '1ms'",
        );
        await holder.run("begin; select pg_advisory_xact_lock(5)");
        const locked = waiter.run("select pg_advisory_xact_lock(5)");
        while (notices.length === 0) await holder.run("select");
        expect(notices[0]).toMatchObject({ severity: "LOG" });
        expect(notices[0]?.message).toContain(
          `process ${String(waiter.pid)} still waiting for ExclusiveLock`,
        );
        await holder.run("commit");
        await locked;
        expect(notices[1]?.message).toContain(`process ${String(waiter.pid)} acquired ExclusiveLock`);
      }),
    ));

  it("pushes notifications with their sender", () =>
    withConnection(shared, (sender) =>
      withConnection(shared, async (listener) => {
        const heard: Notification[] = [];
        listener.onNotification((notification) => heard.push(notification));
        await listener.run("listen conformance");
        await sender.run("notify conformance, 'x'; notify conformance");
        await listener.run("select");
        expect(heard).toEqual([
          { channel: "conformance", payload: "x", pid: sender.pid },
          { channel: "conformance", payload: "", pid: sender.pid },
        ]);
      }),
    ));
}

function ownDatabases(shared: Shared): void {
  it("makes and drops a database of its own, whoever is connected, and twice", async () => {
    const own = await createOwnDatabase(shared.server);
    expect(own.name).toMatch(/^counterpoint_[0-9a-f]{16}$/);
    const connection = await own.connect();
    const settings = await connection.run(
      "show server_encoding; select datcollate from pg_database where datname = current_database()",
    );
    expect(settings.map(({ rows }) => rows)).toEqual([[{ server_encoding: "UTF8" }], [{ datcollate: "C" }]]);
    await own.drop();
    await own.drop();
    expect(await connection.ended).toMatchObject({ sqlstate: "57P01" });
    expect(await failure(connection.run("select 1"))).toBeInstanceOf(ConnectionLost);
    expect(await names(shared)).not.toContain(own.name);
  });

  it.each([
    ["no mark", () => null],
    ["a comment of somebody's", () => "the production database"],
    ["another's mark", (own: OwnDatabase) => formatMark({ ...own.mark, nonce: "0123456789abcdef" })],
  ])("refuses a database with %s: no handle, no drop", async (_, comment) => {
    const own = await createOwnDatabase(shared.server);
    await setComment(shared, own, comment(own));
    expect(await failure(own.connect())).toBeInstanceOf(EnvironmentFault);
    expect(await failure(own.drop())).toBeInstanceOf(EnvironmentFault);
    expect(await names(shared)).toContain(own.name);
    await setComment(shared, own, formatMark(own.mark));
    await own.drop();
  });

  it("sweeps what dead processes of this machine left, with its roles, and nothing else", async () => {
    const [living, dead, elsewhere] = await Promise.all(
      [1, 2, 3].map(() => createOwnDatabase(shared.server)),
    );
    if (!living || !dead || !elsewhere) throw new Error("three databases");
    await onServer(shared.server, (connection) => connection.run("create role conformance_swept"));
    const ended = { ...dead.mark, started: "1", roles: ["conformance_swept"] };
    await setComment(shared, dead, formatMark(ended));
    await setComment(
      shared,
      elsewhere,
      formatMark({ ...elsewhere.mark, started: "1", host: "another.example" }),
    );
    expect(await sweepOwnDatabases(shared.server)).toEqual({ databases: [dead.name], rolesLeft: [] });
    expect(await names(shared)).toEqual(expect.arrayContaining([living.name, elsewhere.name]));
    expect(await roleExists(shared, "conformance_swept")).toBe(false);
    await living.drop();
    await elsewhere.drop();
  });
}

const subject = `
  create role conformance_used; create role conformance_unused;
  create table public.ledger (n bigserial, at timestamptz not null default now());
  grant select on public.ledger to conformance_used;`;

function templates(shared: Shared): void {
  it("copies what was prepared, also at once, each copy marked for itself", async () => {
    const template = await makeTemplate(shared.server, prepareSubject);
    const clones = await Promise.all([template.clone(), template.clone(), template.clone()]);
    expect(new Set(clones.map(({ mark }) => mark.nonce)).size).toBe(3);
    for (const clone of clones) {
      await withOwn(clone, async (connection) => {
        const [, , inserted] = await connection.run(
          "begin; set local sim.now = '2030-01-01 00:00:00+00'; insert into ledger default values returning n, at; commit",
        );
        expect(inserted?.rows).toEqual([{ n: 1, at: 1893456000000000 }]);
        await reset(connection);
        expect((await connection.run("select from ledger"))[0]?.rows).toEqual([]);
      });
    }
    await template.dispose();
    for (const { name } of [...clones, template]) expect(await names(shared)).not.toContain(name);
    await dropUnclear(shared, template.unclearRoles);
  });

  it("drops the roles that it added, and says which it leaves", async () => {
    const template = await makeTemplate(shared.server, prepareSubject);
    expect(template.addedRoles).toEqual(["conformance_used"]);
    expect(template.unclearRoles).toEqual(["conformance_unused"]);
    const second = await makeTemplate(shared.server, (connection) =>
      connection
        .run("create table public.t (); grant select on public.t to conformance_used")
        .then(() => undefined),
    );
    expect(second.addedRoles).toEqual([]);
    expect(await template.dispose()).toEqual({ rolesLeft: ["conformance_used"] });
    expect(await roleExists(shared, "conformance_used")).toBe(true);
    await second.dispose();
    await onServer(shared.server, (connection) => connection.run("drop role conformance_used"));
    await dropUnclear(shared, template.unclearRoles);
  });

  it("leaves nothing behind when the preparation fails", async () => {
    const before = await names(shared);
    const failed = makeTemplate(shared.server, async (connection) => {
      await connection.run(
        "create role conformance_used; create table public.t (); grant select on t to conformance_used",
      );
      await connection.run("select 1/0");
    });
    expect(await failure(failed)).toMatchObject({ sqlstate: "22012" });
    expect(await names(shared)).toEqual(before);
    expect(await roleExists(shared, "conformance_used")).toBe(false);
  });
}

function others(shared: Shared): void {
  it("leaves other people's databases, rows, comments and roles byte for byte as they were", async () => {
    await onServer(shared.server, (connection) => connection.run("create role conformance_other"));
    await onServer(shared.server, (connection) =>
      connection.run("create database conformance_other owner conformance_other"),
    );
    const look = async (): Promise<unknown> => {
      const inside = await shared.server.connect("conformance_other");
      const seen = await inside.run(fingerprint);
      await inside.close();
      return seen.map(({ rows }) => rows);
    };
    const setUp = await shared.server.connect("conformance_other");
    await setUp.run("create table public.ledger as select n, now() as at from generate_series(1, 100) n");
    await setUp.close();
    const before = await look();
    const template = await makeTemplate(shared.server, prepareSubject);
    await withOwn(await template.clone(), async (connection) => {
      await connection.run("insert into ledger default values");
      await reset(connection);
    });
    await sweepOwnDatabases(shared.server);
    await template.dispose();
    await dropUnclear(shared, template.unclearRoles);
    expect(await look()).toEqual(before);
    await onServer(shared.server, (connection) => connection.run("drop database conformance_other"));
    await onServer(shared.server, (connection) => connection.run("drop role conformance_other"));
  });
}

/** All that can be told apart of a database that is not ours: its rows with their versions, functions, files and roles. */
const fingerprint = `
  select ctid::text, xmin::text, ledger::text from public.ledger;
  select oid::int8, xmin::text, datname::text, shobj_description(oid, 'pg_database') from pg_database order by 1;
  select oid::int8, xmin::text, rolname::text from pg_authid order by 1;
  select oid::int8, xmin::text, proname::text from pg_proc where proname like '%now%' or proname like '%timestamp' order by 1;
  select relname::text, relfilenode::int8, xmin::text, pg_relation_size(oid) from pg_class where relname = 'ledger';
  select nspname::text from pg_namespace order by 1`;

async function prepareSubject(connection: Connection): Promise<void> {
  await connection.run(subject);
  await installReset(connection);
}

async function withConnection(
  shared: Shared,
  action: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await shared.server.connect(null);
  await action(connection).finally(() => connection.close());
}

async function withOwn(
  database: OwnDatabase,
  action: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await database.connect();
  await action(connection).finally(() => connection.close());
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail("did not fail"),
    (error: unknown) => error,
  );
}

/** Asks again until the one value of the first row is true. */
async function until(connection: Connection, question: string): Promise<void> {
  while (Object.values((await connection.run(question))[0]?.rows[0] ?? {})[0] !== true);
}

async function terminate(killer: Connection, busy: Connection, idle: Connection): Promise<void> {
  await until(killer, `select wait_event = 'PgSleep' from pg_stat_activity where pid = ${String(busy.pid)}`);
  for (const { pid } of [busy, idle]) await killer.run(`select pg_terminate_backend(${String(pid)}, 5000)`);
}

async function names(shared: Shared): Promise<string[]> {
  const { rows } = await onServer(shared.server, (connection) =>
    connection.query("select datname::text as name from pg_database order by 1", []),
  );
  return rows.map((row) => String(row["name"]));
}

async function roleExists(shared: Shared, role: string): Promise<boolean> {
  const { rows } = await onServer(shared.server, (connection) =>
    connection.query("select from pg_roles where rolname = $1", [role]),
  );
  return rows.length > 0;
}

async function setComment(shared: Shared, database: OwnDatabase, comment: string | null): Promise<void> {
  const text = comment === null ? "null" : quoteLiteral(comment);
  await onServer(shared.server, (connection) =>
    connection.run(`comment on database ${quoteIdentifier(database.name)} is ${text}`),
  );
}

async function dropUnclear(shared: Shared, roles: readonly string[]): Promise<void> {
  for (const role of roles)
    await onServer(shared.server, (connection) => connection.run(`drop role ${role}`));
}

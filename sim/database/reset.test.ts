import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection } from "./connection.ts";
import { embeddedProvider } from "./embedded/provider.ts";
import { installReset, reset } from "./reset.ts";
import type { Server } from "./server.ts";
import { makeTemplate } from "./template.ts";

/** Tables of every kind that resists: append-only by statement and by row, keys both ways, a partition, an audit that
 *  writes on deletion, generated numbers. */
const subject = `
  create table schema_migrations (version text primary key);
  insert into schema_migrations values ('0001');
  create function deny() returns trigger language plpgsql as $$ begin raise exception 'append-only'; end $$;
  create table ledger (n bigserial primary key, parent bigint references ledger on delete restrict);
  create trigger deny before update or delete or truncate on ledger for each statement execute function deny();
  alter table ledger enable always trigger deny;
  create table row_ledger (n int primary key);
  create trigger deny before delete on row_ledger for each row execute function deny();
  alter table row_ledger enable always trigger deny;
  create trigger deny_replica before delete on row_ledger for each row execute function deny();
  alter table row_ledger enable replica trigger deny_replica;
  create trigger deny_off before delete on row_ledger for each row execute function deny();
  alter table row_ledger disable trigger deny_off;
  create table child (n int references row_ledger on delete restrict);
  create table parts (n int) partition by range (n);
  create table part_1 partition of parts for values from (0) to (100);
  create trigger deny before delete on parts for each row execute function deny();
  create table audit (what text);
  create function note() returns trigger language plpgsql as $$ begin insert into audit values ('deleted'); return old; end $$;
  create table audited (n int generated always as identity);
  create trigger note after delete on audited for each row execute function note();`;

const fill = `
  insert into ledger default values; insert into ledger (parent) select max(n) from ledger;
  insert into row_ledger values (1); insert into child values (1); insert into parts values (1);
  insert into audited default values`;

const everything = ["ledger", "row_ledger", "child", "parts", "audit", "audited"];

let server: Server;
let connection: Connection;
let session: Connection;
/** What was there before the first reset. */
let fresh: { triggers: unknown; statistics: unknown };

beforeAll(async () => {
  server = await embeddedProvider().start();
  const template = await makeTemplate(server, async (prepared) => {
    await prepared.run(subject);
    await installReset(prepared);
  });
  const database = await template.clone();
  connection = await database.connect();
  session = await database.connect();
  fresh = { triggers: await triggers(), statistics: await statistics() };
});
afterAll(async () => {
  await Promise.all([connection.close(), session.close()]);
  await server.stop();
});

describe("reset", () => {
  it("empties every table but schema_migrations, and takes the numbers back", async () => {
    for (let i = 0; i < 3; i += 1) {
      await session.run(fill);
      expect(await counts()).toEqual([2, 1, 1, 1, 0, 1]);
      expect(await rows("select max(n) as n from ledger union all select max(n) from audited")).toEqual([
        { n: 2 },
        { n: 1 },
      ]);
      await reset(connection);
      expect(await counts()).toEqual([0, 0, 0, 0, 0, 0]);
    }
    expect(await rows("select * from schema_migrations")).toEqual([{ version: "0001" }]);
  });

  it("leaves every trigger in the state that it had", async () => {
    await session.run(fill);
    await reset(connection);
    expect(await triggers()).toEqual(fresh.triggers);
    await session.run(fill);
    for (const table of ["ledger", "row_ledger", "parts"]) {
      await expect(session.run(`delete from ${table}`)).rejects.toThrow("append-only");
    }
    await expect(session.run("truncate ledger cascade")).rejects.toThrow("append-only");
    await reset(connection);
  });

  it("empties tables that came later, and one that has become append-only by row since", async () => {
    await session.run("create table late (n int); insert into late values (1)");
    await reset(connection);
    expect(await rows("select * from late")).toEqual([]);
    await session.run(`create trigger deny before delete on late for each row execute function deny();
      alter table late enable always trigger deny; insert into late values (1)`);
    await reset(connection);
    expect(await rows("select * from late")).toEqual([]);
    await session.run("drop table late");
    await reset(connection);
  });

  it("leaves the tables' size and what the planner believes as they were, however often", async () => {
    const indexesAndCatalogs = (): Promise<unknown> =>
      rows(`select relname::text, pg_relation_size(oid) as size from pg_class
             where relnamespace = 'public'::regnamespace and relkind = 'i' or relname in ('pg_class', 'pg_trigger')
             order by 1`);
    await untilVacuum(); // an index never becomes smaller than its first use made it
    const before = await indexesAndCatalogs();
    for (let i = 0; i < 300; i += 1) {
      await session.run(fill);
      await reset(connection);
    }
    expect(await statistics()).toEqual(fresh.statistics);
    expect(await indexesAndCatalogs()).toEqual(before);
  });

  it("fails rather than wait for ever for a session that is in a transaction", async () => {
    await session.run(`begin; ${fill}; lock table ledger`);
    await expect(reset(connection)).rejects.toMatchObject({ sqlstate: "55P03" });
    await session.run("rollback");
    await reset(connection);
  });

  it("is for the harness alone", async () => {
    await session.run("create role reset_stranger; set role reset_stranger");
    await expect(session.run("select sim.reset()")).rejects.toMatchObject({ sqlstate: "42501" });
    await session.run("reset role");
  });
});

const triggers = (): Promise<unknown> =>
  rows(`select tgrelid::regclass::text as table, tgname::text, tgenabled::text from pg_trigger
         where not tgisinternal order by 1, 2`);

/** What the planner knows of tables and indexes, and the tables' sizes. */
const statistics = (): Promise<unknown> =>
  rows(`select relname::text, relpages, reltuples, relallvisible, case relkind when 'r' then pg_relation_size(oid) end as size
          from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i') order by 1`);

/** Goes on to the next vacuum: every hundredth reset. */
async function untilVacuum(): Promise<void> {
  do await reset(connection);
  while (Number((await rows("select last_value from sim.resets"))[0]?.["last_value"]) % 100 !== 0);
}

async function rows(sql: string): Promise<readonly Record<string, unknown>[]> {
  return (await session.run(sql))[0]?.rows ?? [];
}

async function counts(): Promise<unknown[]> {
  const results = await session.run(
    everything.map((table) => `select count(*) as n from ${table}`).join(";"),
  );
  return results.map((result) => result.rows[0]?.["n"]);
}

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Connection, Result } from "./connection.ts";
import { embeddedProvider } from "./embedded/provider.ts";
import type { Server } from "./server.ts";
import type { OwnDatabase } from "./own-database.ts";
import { makeTemplate } from "./template.ts";
import { setWorldClock } from "./virtual-time.ts";

const noon2030 = "2030-01-01 12:00:00+00";
const noon2030us = 1893499200000000;

/** What a subject may do with the clock: a default, a function with the owner's rights, an index, a role without any. */
const subject = `
  create role clock_reader;
  create table public.stamped (n int, at timestamptz not null default now());
  create table public.due (n int, at timestamptz);
  insert into due select n, '2029-12-31'::timestamptz + n * interval '1 hour' from generate_series(1, 20000) n;
  create index due_at on due (at);
  analyze due;
  create function public.owner_now() returns timestamptz language sql security definer
    set search_path = pg_catalog, public, pg_temp as 'select now()';
  create function public.plpgsql_now() returns timestamptz language plpgsql security definer
    set search_path = pg_catalog, public, pg_temp as 'begin return now(); end';
  grant usage on schema public to clock_reader;
  grant insert, select on stamped, due to clock_reader;`;

let server: Server;
let database: OwnDatabase;
let connection: Connection;
let other: Connection;

beforeAll(async () => {
  server = await embeddedProvider().start();
  const template = await makeTemplate(server, (prepared) => prepared.run(subject).then(() => undefined));
  // Everything is tried in a copy: what was installed in the template must have come along.
  database = await template.clone();
  connection = await database.connect();
  other = await database.connect();
});
afterAll(async () => {
  await Promise.all([connection.close(), other.close()]);
  await server.stop();
});

const at = (time: string, sql: string): string => `begin; set local sim.now = '${time}'; ${sql}; commit`;
const value = (results: readonly Result[], index: number): unknown =>
  Object.values(results[index]?.rows[0] ?? {})[0];

describe("virtual time", () => {
  it.each([
    "now()",
    "transaction_timestamp()",
    "statement_timestamp()",
    "clock_timestamp()",
    "pg_catalog.now()",
    "owner_now()",
    "plpgsql_now()",
  ])("is what %s returns, for a role without rights too", async (call) => {
    const sql = at(noon2030, `set local role clock_reader; select ${call}`);
    expect(value(await connection.run(sql), 3)).toBe(noon2030us);
  });

  it("goes on within a transaction for clock_timestamp() alone, as far as the world's clock was moved", async () => {
    const times = "select now() as began, clock_timestamp() as goes_on";
    await connection.run(`begin; set local sim.now = '${noon2030}'; set local role clock_reader`);
    await setWorldClock(other, noon2030us + 1);
    expect((await connection.run(times))[0]?.rows).toEqual([{ began: noon2030us, goes_on: noon2030us + 1 }]);
    // Never before the transaction's own start.
    await setWorldClock(other, 0);
    expect((await connection.run(times))[0]?.rows).toEqual([{ began: noon2030us, goes_on: noon2030us }]);
    await connection.run("commit");
  });

  it("is the real time without the setting, before it was ever set and after its transaction", async () => {
    const fresh = await database.connect();
    for (const name of ["now", "transaction_timestamp", "statement_timestamp", "clock_timestamp"]) {
      const question = `select ${name}() between real_${name}() - interval '1 minute' and real_${name}()`;
      expect(value(await fresh.run(question), 0)).toBe(true);
      await fresh.run(at(noon2030, "select now()"));
      expect(value(await fresh.run(question), 0)).toBe(true);
    }
    await fresh.close();
  });

  it("is the default of a column that was made after it", async () => {
    const sql = at(noon2030, "set local role clock_reader; insert into stamped (n) values (1) returning at");
    expect(value(await connection.run(sql), 3)).toBe(noon2030us);
  });

  it("lets the planner use an index, and estimate by the value", async () => {
    const plan = text(
      await connection.run(at("2029-12-31 05:00:00+00", "explain select * from due where at <= now()")),
      2,
    );
    expect(plan).toMatch(/Index Scan using due_at on due {2}\(cost=.* rows=\d{1,2} /);
    expect(plan).toMatch(/Index Cond: \(at <= COALESCE/);
  });

  it("is read anew by a generic plan", async () => {
    await connection.run(
      "set plan_cache_mode = force_generic_plan; prepare due_now as select count(*) from due where at <= now()",
    );
    expect(value(await connection.run(at("2029-12-31 03:00:00+00", "execute due_now")), 2)).toBe(3);
    expect(value(await connection.run(at("2029-12-31 07:00:00+00", "execute due_now")), 2)).toBe(7);
    const generic = text(await connection.run(at(noon2030, "explain execute due_now")), 2);
    expect(generic).toContain("Index Cond");
    await connection.run("deallocate due_now; reset plan_cache_mode");
  });

  it("is known to parallel workers", async () => {
    const forced = server.versionNumber >= 160000 ? "debug_parallel_query" : "force_parallel_mode";
    const query = "select min(now()), max(now()) from due";
    const sql = at(noon2030, `set local ${forced} = on; explain ${query}; ${query}`);
    const results = await connection.run(sql);
    expect(text(results, 3)).toContain("Gather");
    expect(results[4]?.rows).toEqual([{ min: noon2030us, max: noon2030us }]);
  });

  it("set by SET LOCAL takes no snapshot; by set_config() it does", async () => {
    for (const [set, sees] of [
      [`set local sim.now = '${noon2030}'`, true],
      [`select set_config('sim.now', '${noon2030}', true)`, false],
    ] as const) {
      await other.run("delete from stamped");
      await connection.run(`begin isolation level repeatable read; ${set}`);
      await other.run("insert into stamped (n) values (2)");
      expect(value(await connection.run("select count(*) = 1 from stamped; commit"), 0)).toBe(sees);
    }
  });

  it("works in one message without BEGIN, with an isolation level and a role, and no warning", async () => {
    const notices: string[] = [];
    connection.onNotice(({ message }) => notices.push(message));
    const sql = `set transaction isolation level repeatable read; set local sim.now = '${noon2030}';
      set local role clock_reader; select now() as now, current_user::text as who, current_setting('transaction_isolation') as level`;
    expect((await connection.run(sql))[3]?.rows).toEqual([
      { now: noon2030us, who: "clock_reader", level: "repeatable read" },
    ]);
    const after = await connection.run("select current_setting('sim.now') as now, current_user::text as who");
    expect(after[0]?.rows).toEqual([{ now: "", who: "counterpoint" }]);
    expect(notices).toEqual([]);
  });

  it("is gone from that message's transaction when a statement of it fails", async () => {
    await expect(connection.run(`set local sim.now = '${noon2030}'; select 1/0`)).rejects.toThrow(
      "division by zero",
    );
    expect(
      value(
        await connection.run("select now() < '2030-01-01'::timestamptz or current_setting('sim.now') = ''"),
        0,
      ),
    ).toBe(true);
  });
});

function text(results: readonly Result[], index: number): string {
  return (results[index]?.rows ?? []).map((row) => String(Object.values(row)[0])).join("\n");
}

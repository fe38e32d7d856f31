import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Connection } from "../database/connection.ts";
import { type EmbeddedServer, embeddedProvider } from "../database/embedded/provider.ts";
import { makeTemplate } from "../database/template.ts";
import { Session, type Signal } from "../session.ts";
import { currentWaits } from "../waits.ts";
import { Gates } from "./gates.ts";
import { type Instrumentation, installYields } from "./install.ts";

/** Loops, handlers that undo what was done, settings that a function has for itself, and what a statement leaves behind. */
const subject = `
  create schema app;
  create role yields_tester;
  grant usage on schema app to yields_tester;
  create table app.t (n int primary key, m int not null default 0);
  create function app.undone(rounds int) returns int language plpgsql
    set client_min_messages = error set deadlock_timeout = '1ms' as $$
  declare
    caught int := 0;
  begin
    for i in 1 .. rounds loop
      begin
        insert into app.t values (1); insert into app.t values (1);
      exception when unique_violation then
        caught := caught + 1;
      end;
    end loop;
    return caught;
  end $$;
  create function app.leftovers() returns text language plpgsql as $$
  declare
    rows int;
    said text := '';
  begin
    insert into app.t values (1), (2);
    get diagnostics rows = row_count;
    update app.t set m = 1 where n > 5;
    if not found then said := said || 'none '; end if;
    perform from app.t;
    if found then said := said || 'some '; end if;
    begin
      raise sqlstate 'P7001' using message = 'it said';
    exception when others then
      said := said || sqlstate || ' ' || sqlerrm;
    end;
    return rows || ' ' || said;
  end $$;
  create procedure app.halves() language plpgsql as $$
  begin
    insert into app.t values (10); commit; insert into app.t values (11); rollback; insert into app.t values (12);
  end $$;
  create function app.change(a int) returns void language plpgsql as $$
  begin
    update app.t set m = m + 1 where n = a;
    perform 1;
  end $$;
  create function app.in_sql() returns int language sql return 1;
  create function app.everywhere() returns int language plpgsql parallel safe as $$ begin return 1; end $$;
  create function app.twice(a int) returns int language plpgsql as $$ begin return a; end $$;
  create function app.twice(a text) returns text language plpgsql as $$ begin return a; end $$;
`;

let server: EmbeddedServer;
let dispose: () => Promise<unknown>;
let observer: Connection;
let gates: Gates;
let sessions: Session[];
let instrumentation: Instrumentation;

beforeAll(async () => {
  server = await embeddedProvider().start();
  const template = await makeTemplate(server, async (connection) => {
    await connection.run(subject);
    instrumentation = await installYields(connection);
  });
  dispose = () => template.dispose();
  const database = await template.clone();
  observer = await database.connect();
  gates = await Gates.forSessions(observer, instrumentation.points, 3);
  const open = async (number: number) => Session.open(() => database.connect(), null, number);
  sessions = [await open(0), await open(1), await open(2)];
});

afterAll(async () => {
  for (const session of sessions) await session.close();
  await observer.close();
  await dispose();
  await server.stop();
});

beforeEach(() => observer.run("delete from app.t"));

const session = (number: number): Session => {
  const found = sessions[number];
  if (found === undefined) throw new RangeError(`no session ${number}`);
  return found;
};

/** Starts the SQL, parks at every yield point, and tells them and the answer. */
async function stepThrough(number: number, sql: string): Promise<string[]> {
  const told: string[] = [];
  await start(number, sql, 1);
  for (;;) {
    const signal = await session(number).next();
    told.push(tell(signal));
    if (signal === "may wait" || !("parkedAt" in signal)) break;
    await goOn(number, 1);
  }
  await openAll(number);
  return told;
}

async function start(number: number, sql: string, ahead: number): Promise<void> {
  session(number).parkAt = await gates.close(number, ahead);
  session(number).start(sql);
}

async function goOn(number: number, ahead: number): Promise<void> {
  const parkedAt = session(number).parkAt ?? 0;
  session(number).parkAt = parkedAt + ahead;
  await gates.passOn(number, parkedAt, ahead);
}

async function through(number: number): Promise<string> {
  await openAll(number);
  return tell(await session(number).next());
}

/** Opens the gate at which the session parks, or would park next. */
async function openAll(number: number): Promise<void> {
  await gates.open(number, session(number).parkAt ?? 0);
  session(number).parkAt = null;
}

function tell(signal: Signal): string {
  if (signal === "may wait") return signal;
  if ("error" in signal) return signal.error.sqlstate;
  if ("lost" in signal) return "lost";
  if ("parkedAt" in signal) return gates.point(signal.parkedAt).statement;
  return JSON.stringify(signal.results.at(-1)?.rows.map((row) => Object.values(row).at(0)));
}

const waits = (number: number) =>
  currentWaits(
    observer,
    [session(number).pid],
    sessions.map(({ pid }) => pid),
  );

describe("a session under control", () => {
  test("parks before every statement, through loops and handlers, whatever was undone", async () => {
    const round = [
      "begin",
      "insert into app.t values (1)",
      "insert into app.t values (1)",
      "caught := caught + 1",
    ];
    const told = await stepThrough(0, "select app.undone(3)");
    expect(told).toEqual(["for i in 1 .. rounds loop", ...round, ...round, ...round, "return caught", "[3]"]);
  });

  test("runs thousands of steps without an error", async () => {
    const told = await stepThrough(0, "select app.undone(500)");
    expect(told).toHaveLength(1 + 500 * 4 + 1 + 1);
    expect(told.at(-1)).toBe("[500]");
  });

  test("parks where it is told, and runs through when it is let go", async () => {
    await start(0, "select app.undone(2)", 4);
    expect(tell(await session(0).next())).toBe("insert into app.t values (1)");
    await goOn(0, 5);
    expect(tell(await session(0).next())).toBe("caught := caught + 1");
    expect(await through(0)).toBe("[2]");
  });

  test("does not park in what ends before, nor in what comes after", async () => {
    await start(0, "select app.change(1)", 9);
    expect(tell(await session(0).next())).toBe('[""]');
    await openAll(0);
    session(0).start("select app.undone(5)");
    expect(tell(await session(0).next())).toBe("[5]");
  });

  test("goes on after COMMIT and ROLLBACK inside a procedure", async () => {
    const told = await stepThrough(0, "call app.halves()");
    expect(told.slice(0, -1)).toHaveLength(5);
    const { rows } = await observer.query("select n from app.t order by n", []);
    expect(rows.map(({ n }) => n)).toEqual([10, 12]);
  });
});

describe("while a session is parked", () => {
  test("it waits for no other session, and says so to nobody", async () => {
    await observer.run("insert into app.t values (1)");
    await start(0, "select app.change(1)", 2);
    expect(tell(await session(0).next())).toBe("perform 1");
    await until(async () => (await locksWaitedFor()).length > 0);
    expect(await locksWaitedFor()).toEqual(["advisory"]);
    expect(await waits(0)).toEqual([]);
    expect(await through(0)).toBe('[""]');
  });

  test("one that wants its row waits for it, and is no deadlock's victim", async () => {
    await observer.run("insert into app.t values (1), (2)");
    session(1).start("begin; select app.change(2)");
    await session(1).next();
    await start(0, "select app.change(1)", 2);
    await session(0).next();
    session(1).start("select app.change(1)");
    expect(await session(1).next()).toBe("may wait");
    expect(await waits(1)).toMatchObject([{ blockedBy: [session(0).pid] }]);
    await through(0);
    expect(tell(await session(1).next())).toBe('[""]');
    session(1).start("rollback");
    await session(1).next();
  });

  test("a cancel ends its wait", async () => {
    await start(0, "select app.change(1)", 1);
    await session(0).next();
    await observer.query("select pg_cancel_backend($1)", [session(0).pid]);
    expect(tell(await session(0).next())).toBe("57014");
    await openAll(0);
  });

  test("no lock_timeout of the caller ends it", async () => {
    await start(0, "set lock_timeout = '1ms'; select app.change(1)", 1);
    await session(0).next();
    // Other round trips meanwhile: it would have been ended by then.
    for (let time = 0; time < 50; time += 1) await observer.query("select pg_sleep(0.001)", []);
    expect(await through(0)).toBe('[""]');
    session(0).start("reset lock_timeout");
    await session(0).next();
  });
});

async function locksWaitedFor(): Promise<unknown[]> {
  const { rows } = await observer.query("select locktype from pg_locks where not granted", []);
  return rows.map(({ locktype }) => locktype);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}

test("FOUND, ROW_COUNT, SQLSTATE and SQLERRM are what they are without yields", async () => {
  session(0).start("select app.leftovers()");
  const whole = tell(await session(0).next());
  expect(whole).toBe('["2 none some P7001 it said"]');
  await observer.run("delete from app.t");
  expect((await stepThrough(0, "select app.leftovers()")).at(-1)).toBe(whole);
});

test("a role without a right on anything of ours passes", async () => {
  session(0).start("set role yields_tester; select app.twice(7)");
  expect(tell(await session(0).next())).toBe("[7]");
  session(0).start("reset role");
  await session(0).next();
});

test("functions that differ by their arguments alone have names of their own", () => {
  const names = new Set(instrumentation.points.map((point) => point.function));
  expect([...names].filter((name) => name.includes("twice"))).toEqual([
    "app.twice(a integer)",
    "app.twice(a text)",
  ]);
});

test("what has no yield points is told, with the reason", () => {
  expect(instrumentation.refused).toEqual([
    { function: "app.everywhere", reason: "it may run in a parallel plan" },
    { function: "app.in_sql", reason: "it is written in sql" },
  ]);
});

test("numbers are 1..n", () => {
  const numbers = instrumentation.points.map(({ number }) => number);
  expect(numbers).toEqual(numbers.map((_, index) => index + 1));
});

import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { readMigrations } from "./migrations.ts";
import { loadParser, statementsOf } from "./sql-text.ts";
import { findVirtualSyntax } from "./virtual-syntax.ts";

beforeAll(loadParser);

/** "line form" of each finding. */
function find(text: string): string[] {
  const statements = statementsOf(text);
  const file = { version: "0001_a.sql", number: 1, checksum: "", text, transactional: true, statements };
  return findVirtualSyntax([file]).map(({ line, form }) => `${String(line)} ${form}`);
}

test("finds each keyword in a default, with file and line", () => {
  const text = `-- é
create table t (
  a timestamptz default CURRENT_TIMESTAMP,
  b date default current_date, c timetz default Current_Time(3),
  d time default localtime,
  e timestamp default (localtimestamp(0))
);`;
  expect(find(text)).toEqual([
    "3 CURRENT_TIMESTAMP",
    "4 CURRENT_DATE",
    "4 CURRENT_TIME",
    "5 LOCALTIME",
    "6 LOCALTIMESTAMP",
  ]);
  const statements = statementsOf("alter table t alter a set default current_date");
  const file = { version: "0042_x.sql", number: 42, checksum: "", text: "", transactional: true, statements };
  expect(findVirtualSyntax([file])).toEqual([{ file: "0042_x.sql", line: 1, form: "CURRENT_DATE" }]);
});

test.each([
  ["'now'::timestamptz", "'now'::timestamptz"],
  ["'NOW' :: pg_catalog.timestamptz", "'NOW'::timestamptz"],
  [`'now'::"timestamptz"`, "'now'::timestamptz"],
  ["'now'::text::timestamptz", "'now'::timestamptz"],
  ["E'now'::timestamp(3) without time zone", "'now'::timestamp"],
  ["$$today$$::date", "'today'::date"],
  ["'tomorrow 10:00'::timestamp with time zone", "'tomorrow 10:00'::timestamp"],
  ["timestamptz 'yesterday'", "'yesterday'::timestamptz"],
  ["date /* c */ 'today'", "'today'::date"],
  ["timestamp with time zone 'now'", "'now'::timestamp"],
  ["timestamp(3) with time zone 'now'", "'now'::timestamp"],
  ["time 'now'", "'now'::time"],
  ["cast('now' as timestamptz)", "'now'::timestamptz"],
  ["cast('now' as pg_catalog.timetz)", "'now'::timetz"],
  ["date('now')", "'now'::date"],
])("finds the constant %s", (expression, form) => {
  expect(find(`create view v as select ${expression} as a`)).toEqual([`1 ${form}`]);
});

test("finds a string that the type of its column or variable makes a time", () => {
  expect(find("create table t (a timestamptz not null default 'now', b text default 'now')")).toEqual([
    "1 'now'::timestamptz",
  ]);
  expect(find("do $$ declare a date := 'today'; b text := 'today'; begin null; end $$")).toEqual([
    "1 'today'::date",
  ]);
});

test.each([
  ["dollar-quoted", "$body$", "$body$", "'now'"],
  ["quoted", "'", "'", "''now''"],
  ["escape-quoted", "E'", "'", "\\'now\\'"],
])("finds forms in a %s body, with the line in the file", (_, open, close, now) => {
  const text = `create table t (a int);
create function f() returns timestamptz
language plpgsql as ${open}
begin
  -- CURRENT_DATE
  perform current_date;
  return ${now}::timestamptz;
end
${close};`;
  expect(find(text)).toEqual(["6 CURRENT_DATE", "7 'now'::timestamptz"]);
});

test("finds forms in a body in SQL, atomic or not, in a procedure and in a DO", () => {
  expect(find("create function f() returns date language sql as 'select current_date'")).toEqual([
    "1 CURRENT_DATE",
  ]);
  expect(find("create function f() returns date\nbegin atomic\nselect current_date; end")).toEqual([
    "3 CURRENT_DATE",
  ]);
  expect(find("create procedure p() language 'plpgsql' as $$ begin\nperform localtime; end $$")).toEqual([
    "2 LOCALTIME",
  ]);
  expect(find("do language 'plpgsql' $$ begin\nperform localtime; end $$")).toEqual(["2 LOCALTIME"]);
});

test("passes over comments, ordinary strings, names, other languages and what runs only once", () => {
  expect(
    find(`
      -- CURRENT_TIMESTAMP, 'now'::timestamptz
      /* CURRENT_DATE */
      create table t (a text default 'now', b text default 'CURRENT_DATE'::text, "current_date" int, localtimes int,
        c date default '2020-01-01'::date, d text default 'knowledge'::text, e timestamptz default now());
      comment on table t is 'CURRENT_DATE and ''now''::timestamptz';
      create function f() returns text language plpgsql as $$ begin return 'current_date'; end $$;
      create function g() returns text language c as 'current_date', 'current_date';
      insert into t values (current_date, 'now'::timestamptz);
      select current_timestamp;`),
  ).toEqual([]);
});

test("the project's own migrations have none", async () => {
  const own = fileURLToPath(new URL("../../schema/migrations", import.meta.url));
  expect(findVirtualSyntax(await readMigrations(own))).toEqual([]);
});

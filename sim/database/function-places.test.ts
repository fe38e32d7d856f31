import { beforeAll, expect, test } from "vitest";
import { functionPlaces } from "./function-places.ts";
import { parseMigration } from "./migrations.ts";
import { loadParser } from "./sql-text.ts";

beforeAll(loadParser);

const places = (...texts: readonly string[]) =>
  Object.fromEntries(
    functionPlaces(
      texts.map((text, index) => parseMigration(`000${index + 1}_m.sql`, index + 1, Buffer.from(text))),
    ),
  );

const body = "RETURNS int LANGUAGE sql AS";

test("a function is where its CREATE stands, past what comes before, in bytes and not in characters", () => {
  const text = `-- größer: ünïcödé\nSELECT 'ä';\n\n-- CREATE FUNCTION g()\nCREATE FUNCTION\n  public.f() ${body}\n$x$\n  SELECT 1\n$x$;`;
  expect(places(text)).toEqual({ f: { file: "0001_m.sql", line: 5, bodyLine: 7 } });
});

test("of several definitions the last counts", () => {
  const first = `CREATE FUNCTION f() ${body} 'SELECT 1';`;
  const last = `\n\nCREATE OR REPLACE FUNCTION PUBLIC.F() ${body} 'SELECT 2';`;
  expect(places(first, last)).toEqual({ f: { file: "0002_m.sql", line: 3, bodyLine: 3 } });
});

test("another schema and quotes belong to the name; a procedure is one too; BEGIN ATOMIC has no quote", () => {
  expect(
    Object.keys(
      places(
        `CREATE FUNCTION app."Odd ""f"() ${body} 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN END';`,
      ),
    ),
  ).toEqual(['app.Odd "f', "p"]);
  expect(
    places("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END;")["f"]?.bodyLine,
  ).toBeNull();
});

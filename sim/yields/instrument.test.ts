import { beforeAll, describe, expect, test } from "vitest";
import { loadParser } from "../database/sql-text.ts";
import { instrument } from "./instrument.ts";

beforeAll(loadParser);

const define = (body: string, header = "f(a int) RETURNS int"): string =>
  `CREATE OR REPLACE FUNCTION public.${header}\n LANGUAGE plpgsql\nAS $function$${body}$function$\n`;

/** Fails where the function cannot be instrumented. */
function points(definition: string, first = 1) {
  const result = instrument(definition, "f", first);
  if ("refused" in result) throw new Error(result.refused);
  expect(withoutYields(result.text)).toBe(definition);
  return result;
}

/** By another way than the one that put them there. */
const withoutYields = (text: string): string => text.replaceAll(/IF sim\.yield\(\d+\) THEN END IF; /g, "");

const statements = (definition: string): string[] =>
  points(definition).points.map(({ statement }) => statement);

function refusal(definition: string): string | null {
  const result = instrument(definition, "f", 1);
  return "refused" in result ? result.refused : null;
}

describe("a yield stands before every statement", () => {
  test("of blocks, branches, loops and handlers", () => {
    const body = `
DECLARE
  x int := 1;
BEGIN
  IF a = 1 THEN
    x := 2;
  ELSIF a = 2 THEN
    x := 3;
  ELSEIF a = 3 THEN
    NULL;
  ELSE
    x := 4;
  END IF;
  CASE a WHEN 1, 2 THEN x := 5; WHEN 3 THEN NULL; ELSE PERFORM 6; END CASE;
  CASE WHEN a > 1 THEN x := 7; END CASE;
  <<outer>>
  LOOP
    EXIT outer WHEN x > 8;
    CONTINUE;
  END LOOP outer;
  WHILE x < 9 LOOP x := x + 1; END LOOP;
  FOR i IN REVERSE 9 .. 1 BY 2 LOOP x := i; END LOOP;
  FOR x IN SELECT 1 LOOP NULL; END LOOP;
  FOR x IN EXECUTE 'SELECT $1' USING a LOOP NULL; END LOOP;
  FOREACH x IN ARRAY ARRAY[1, 2] LOOP NULL; END LOOP;
  <<inner>>
  DECLARE
    y int;
  BEGIN
    INSERT INTO t VALUES (1) RETURNING b INTO y;
  EXCEPTION
    WHEN unique_violation OR SQLSTATE '40001' THEN
      NULL;
    WHEN others THEN
      RAISE;
  END inner;
  RETURN x;
END;
`;
    expect(statements(define(body))).toEqual([
      "IF a = 1 THEN",
      "x := 2",
      "x := 3",
      "NULL",
      "x := 4",
      "CASE a",
      "x := 5",
      "NULL",
      "PERFORM 6",
      "CASE",
      "x := 7",
      "<<outer>> LOOP",
      "EXIT outer WHEN x > 8",
      "CONTINUE",
      "WHILE x < 9 LOOP",
      "x := x + 1",
      "FOR i IN REVERSE 9 .. 1 BY 2 LOOP",
      "x := i",
      "FOR x IN SELECT 1 LOOP",
      "NULL",
      "FOR x IN EXECUTE 'SELECT $1' USING a LOOP",
      "NULL",
      "FOREACH x IN ARRAY ARRAY[1, 2] LOOP",
      "NULL",
      "<<inner>> DECLARE",
      "INSERT INTO t VALUES (1) RETURNING b INTO y",
      "NULL",
      "RAISE",
      "RETURN x",
    ]);
  });

  test("where several stand on one line, with the parser's line", () => {
    const { points: found } = points(
      define("BEGIN\n  a := 1; a := 2;\n\n  IF true THEN a := 3; END IF; RETURN a; END"),
    );
    expect(found.map(({ line, statement }) => `${line} ${statement}`)).toEqual([
      "2 a := 1",
      "2 a := 2",
      "4 IF true THEN",
      "4 a := 3",
      "4 RETURN a",
    ]);
  });

  test("numbered from where it is told", () => {
    const { text, points: found } = points(define("BEGIN a := 1; RETURN a; END"), 41);
    expect(found.map(({ number }) => number)).toEqual([41, 42]);
    expect(text).toContain(
      "BEGIN IF sim.yield(41) THEN END IF; a := 1; IF sim.yield(42) THEN END IF; RETURN a; END",
    );
  });

  test("of a trigger's function, and of a procedure that commits", () => {
    expect(statements(define("BEGIN NEW.a := TG_OP; RETURN NEW; END", "f() RETURNS trigger"))).toHaveLength(
      2,
    );
    const procedure =
      "CREATE OR REPLACE PROCEDURE public.p()\n LANGUAGE plpgsql\nAS $procedure$BEGIN COMMIT; END$procedure$\n";
    expect(statements(procedure)).toEqual(["COMMIT"]);
  });
});

describe("text that looks like something else", () => {
  test("comments, strings, dollar quotes and quoted names", () => {
    const body = `
#variable_conflict use_column
-- BEGIN; LOOP
/* ; /* BEGIN */ ; */
DECLARE
  "BEGIN" int; -- ;
  text text := 'BEGIN; x := 1; END';
  more text := E'\\'; LOOP';
  body text := $q$BEGIN; IF $x$ THEN ; END$q$;
BEGIN /* ; */ "BEGIN" := 1; -- "BEGIN" := 2;
  more := 'it''s; THEN' || $$;$$; more := $q$;$q$;
  RETURN a;
END
-- ;
`;
    expect(statements(define(body))).toEqual([
      '"BEGIN" := 1',
      "more := 'it''s; THEN' || $$;$$",
      "more := $q$;$q$",
      "RETURN a",
    ]);
  });

  test("text of several bytes before, in and after a statement", () => {
    const body = "BEGIN\n  -- é €\n  é := '𝄞; €'; ö := é; RETURN 'ß';\nEND";
    expect(statements(define(`DECLARE é text; ö text; ${body}`, "g() RETURNS text"))).toEqual([
      "é := '𝄞; €'",
      "ö := é",
      "RETURN 'ß'",
    ]);
  });

  test("keywords inside parentheses, CASE in an expression, a cursor with parameters", () => {
    const body = `
DECLARE
  c CURSOR (k int, l int) FOR SELECT 1 FROM t WHERE (SELECT true); r record; s int[];
BEGIN
  IF (CASE WHEN a = 1 THEN true ELSE false END) THEN a := CASE WHEN true THEN 1 END; END IF;
  WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x ON CONFLICT (a) DO UPDATE SET a = CASE WHEN true THEN 1 ELSE 2 END;
  s[(CASE WHEN true THEN 1 END)] := 2;
  FOR r IN c(k := 1, l := 2) LOOP FETCH c INTO r; END LOOP;
  RETURN QUERY SELECT a FROM t FOR UPDATE SKIP LOCKED;
  RETURN;
END`;
    expect(statements(define(body, "f(a int) RETURNS SETOF int"))).toHaveLength(8);
  });

  test("a dollar quote of the body that is not the usual one", () => {
    const definition = define("BEGIN RETURN $function$;$function$; END").replaceAll(
      /AS \$function\$|\$function\$\n$/g,
      (quote) => quote.replace("$function$", "$functionx$"),
    );
    expect(statements(definition)).toEqual(["RETURN $function$;$function$"]);
  });
});

test("the statement in one line is cut at a character, not inside one", () => {
  const [statement = ""] = statements(define(`BEGIN\n  PERFORM '${"𝄞".repeat(100)}'; RETURN a; END`));
  expect(statement).toBe(`PERFORM '${"𝄞".repeat(63)}...`);
});

describe("what cannot be instrumented is refused, with a reason", () => {
  test.each([
    [
      "functions in SQL",
      "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql RETURN 1\n",
      "no body in dollar quotes",
    ],
    ["what the parser refuses", define("BEGIN IF THEN NULL; END IF; RETURN 1; END"), "the parser refuses it"],
    [
      "what speaks of the yield itself",
      define("BEGIN IF sim.yield(1) THEN END IF; RETURN 1; END"),
      "sim.yield",
    ],
    [
      "a statement that holds others of another kind",
      define("BEGIN IF a THEN CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; END; END IF; END"),
      "; in place of IF",
    ],
  ])("%s", (_, definition, reason) => {
    expect(refusal(definition)).toContain(reason);
  });
});

import { quoteLiteral } from "../../../sim/database/quote.ts";
import type { SubjectOf } from "../subject.ts";
import { operation, openSchema, owner, type Operation } from "./operation.ts";

/** An enum or a domain. A value of it in a query needs no USAGE on it, only on its schema; that is PostgreSQL's rule. */
export function onType({ sql, firstLabel }: SubjectOf<"type">): readonly Operation[] {
  const kind = firstLabel === null ? "DOMAIN" : "TYPE";
  return [
    operation("cast", [], `SELECT NULL::${sql}`),
    operation("column", ["USAGE"], `CREATE TEMP TABLE x (c ${sql})`),
    operation("column of arrays", ["USAGE"], `CREATE TEMP TABLE x (c ${sql}[])`),
    operation("domain over it", ["USAGE"], `CREATE DOMAIN pg_temp.x AS ${sql}`),
    operation("argument", ["USAGE"], `CREATE FUNCTION pg_temp.x(${sql}) RETURNS int LANGUAGE sql RETURN 1`),
    operation("rename", owner, `ALTER ${kind} ${sql} RENAME TO x`),
    operation("own", owner, `ALTER ${kind} ${sql} OWNER TO CURRENT_USER`),
    operation("drop", owner, `DROP ${kind} ${sql} CASCADE`),
    operation("comment", owner, `COMMENT ON ${kind} ${sql} IS 'x'`),
    operation("grant", owner, `GRANT USAGE ON TYPE ${sql} TO PUBLIC`),
    ...(firstLabel === null
      ? [operation("add a constraint", owner, `ALTER DOMAIN ${sql} ADD CHECK (value IS NOT NULL)`)]
      : [
          operation("add a value", owner, `ALTER TYPE ${sql} ADD VALUE 'x'`),
          operation(
            "rename a value",
            owner,
            `ALTER TYPE ${sql} RENAME VALUE ${quoteLiteral(firstLabel)} TO 'x'`,
          ),
        ]),
  ];
}

export function onSequence({ sql }: SubjectOf<"sequence">): readonly Operation[] {
  const name = quoteLiteral(sql);
  return [
    operation("last_value", ["SELECT"], `SELECT last_value FROM ${sql}`),
    operation("setval", ["UPDATE"], `SELECT pg_catalog.setval(${name}, 5)`),
    operation("restart", owner, `ALTER SEQUENCE ${sql} RESTART`),
    operation("drop", owner, `DROP SEQUENCE ${sql} CASCADE`),
    operation("grant", owner, `GRANT ALL ON SEQUENCE ${sql} TO PUBLIC`),
    // USAGE or UPDATE would do; nobody has either.
    operation("nextval", ["USAGE"], `SELECT pg_catalog.nextval(${name})`),
  ];
}

/** What can be created in schema public, and what can be done to the schema. */
export function onSchema(): readonly Operation[] {
  const created: readonly (readonly [what: string, sql: string])[] = [
    ["table", "CREATE TABLE public.x (c int)"],
    ["table as", "CREATE TABLE public.x AS SELECT 1 AS c"],
    ["view", "CREATE VIEW public.x AS SELECT 1 AS c"],
    ["materialized view", "CREATE MATERIALIZED VIEW public.x AS SELECT 1 AS c"],
    ["sequence", "CREATE SEQUENCE public.x"],
    ["function", "CREATE FUNCTION public.x() RETURNS int LANGUAGE sql RETURN 1"],
    ["procedure", "CREATE PROCEDURE public.x() LANGUAGE sql BEGIN ATOMIC END"],
    ["aggregate", "CREATE AGGREGATE public.x(int) (SFUNC = int4larger, STYPE = int)"],
    ["enum", "CREATE TYPE public.x AS ENUM ('x')"],
    ["domain", "CREATE DOMAIN public.x AS int"],
    ["row type", "CREATE TYPE public.x AS (c int)"],
    ["operator", "CREATE OPERATOR public.## (FUNCTION = int4pl, LEFTARG = int, RIGHTARG = int)"],
    ["collation", `CREATE COLLATION public.x FROM "C"`],
    ["table moved in", `CREATE TABLE ${openSchema}.x (); ALTER TABLE ${openSchema}.x SET SCHEMA public`],
    [
      "function moved in",
      `CREATE FUNCTION ${openSchema}.x() RETURNS int LANGUAGE sql RETURN 1; ALTER FUNCTION ${openSchema}.x() SET SCHEMA public`,
    ],
  ];
  return [
    ...created.map(([what, sql]) => operation(`create ${what}`, ["CREATE"], sql)),
    operation("rename", owner, "ALTER SCHEMA public RENAME TO x"),
    operation("own", owner, "ALTER SCHEMA public OWNER TO CURRENT_USER"),
    operation("drop", owner, "DROP SCHEMA public CASCADE"),
    operation("comment", owner, "COMMENT ON SCHEMA public IS 'x'"),
    operation("grant", owner, "GRANT ALL ON SCHEMA public TO PUBLIC"),
    operation("grant all tables", owner, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC"),
  ];
}

import { quoteLiteral } from "../../../sim/database/quote.ts";
import { openSchema } from "../operations/operation.ts";
import type { Disguise } from "./disguise.ts";
import { argumentSql } from "./preparation-sql.ts";
import type { ScriptCall } from "./script.ts";

/** Whether the caller sees what the function returns. */
export const showsAnswer = ({ calling }: Disguise): boolean => calling !== "block" && calling !== "explain";

/** The call in its disguise: the last statement gives the answer, a row a JSON text. `unique` names what it has to
 *  create. Every name of the caller's own statement is written with its schema, or its own shadows would bend itself. */
export function disguisedSql(call: ScriptCall, disguise: Disguise, unique: string): string {
  const select = `SELECT pg_catalog.to_jsonb(r)::pg_catalog.text AS answer FROM ${sourceSql(call, disguise)} AS r`;
  const temporary = `pg_temp.${unique}`;
  const permanent = `${openSchema}.${unique}`;
  switch (disguise.calling) {
    case "plain":
      return select;
    case "prepared":
      return `PREPARE ${unique} AS ${select}; EXECUTE ${unique}`;
    case "cursor":
      return `DECLARE ${unique} CURSOR FOR ${select}; FETCH ALL FROM ${unique}`;
    case "block":
      return `DO ${quoteLiteral(`BEGIN PERFORM answer FROM (${select}) AS s; END`)}`;
    case "function":
      return viaFunction(temporary, "INVOKER", select);
    case "function with its owner's rights":
      return viaFunction(temporary, "DEFINER", select);
    case "view":
      return `CREATE VIEW ${permanent} AS ${select}; SELECT answer FROM ${permanent}`;
    case "table as":
      return `CREATE TEMP TABLE ${unique} AS ${select}; SELECT answer FROM ${temporary}`;
    case "explain":
      return `EXPLAIN (ANALYZE) ${select}`;
  }
}

function viaFunction(name: string, security: "INVOKER" | "DEFINER", select: string): string {
  return `CREATE FUNCTION ${name}() RETURNS SETOF pg_catalog.text LANGUAGE plpgsql SECURITY ${security}
      AS ${quoteLiteral(`BEGIN RETURN QUERY ${select}; END`)};
    SELECT answer FROM ${name}() AS s (answer)`;
}

function sourceSql({ object, arguments: given }: ScriptCall, { argument }: Disguise): string {
  if (given === null) return `public.${object.name}`;
  const written = given.map((each) => ("sql" in each ? each.sql : argumentSql(argument, each.text)));
  return `public.${object.name.replace(/\(.*/, "")}(${written.join(", ")})`;
}

import type { Connection } from "../database/connection.ts";
import { loadParser } from "../database/sql-text.ts";
import { instrument } from "./instrument.ts";
import type { YieldPoint } from "./yield-point.ts";
import { yieldFunctionSql } from "./yield-sql.ts";

/** What became of a database's functions. */
export interface Instrumentation {
  readonly points: readonly YieldPoint[];
  /** The functions that have them, as CREATE OR REPLACE. */
  readonly definitions: readonly string[];
  /** Functions without yield points, and why. */
  readonly refused: readonly { readonly function: string; readonly reason: string }[];
}

/** Every function and procedure that is neither the server's, nor ours, nor an extension's. Which of them the operations
 *  reach cannot be told from their text; which were reached, the yields tell. */
const functionsSql = `
  select case when n.nspname = 'public' then '' else n.nspname || '.' end || p.proname as name,
         '(' || pg_get_function_identity_arguments(p.oid) || ')' as arguments,
         l.lanname as language, p.proparallel as parallel,
         case when l.lanname = 'plpgsql' then pg_get_functiondef(p.oid) end as definition
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_language l on l.oid = p.prolang
   where p.prokind in ('f', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'sim')
     and not exists (select from pg_depend d
                      where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
   order by 1, 2`;

/** Puts yield points into the functions of a throw-away database, sim.yield() with them. Owners, rights and everything that
 *  refers to a function stay. Needs a superuser; all or nothing. */
export async function installYields(connection: Connection): Promise<Instrumentation> {
  await loadParser();
  const { rows } = await connection.query(functionsSql, []);
  const found = rows.map(functionRow);
  const points: YieldPoint[] = [];
  const refused: { function: string; reason: string }[] = [];
  const definitions: string[] = [];
  for (const row of found) {
    const overloaded = found.filter(({ name }) => name === row.name).length > 1;
    const name = overloaded ? row.name + row.arguments : row.name;
    const result = refusal(row) ?? instrument(row.definition, name, points.length + 1);
    if ("refused" in result) {
      refused.push({ function: name, reason: result.refused });
    } else {
      points.push(...result.points);
      definitions.push(result.text);
    }
  }
  await connection.run(`begin; ${[yieldFunctionSql, ...definitions].join(";\n")}; commit`);
  return { points, definitions, refused };
}

interface FunctionRow {
  readonly name: string;
  readonly arguments: string;
  readonly language: string;
  readonly parallel: string;
  readonly definition: string;
}

function functionRow(row: Record<string, unknown>): FunctionRow {
  const text = (name: string): string => (row[name] ?? "") as string;
  return {
    name: text("name"),
    arguments: text("arguments"),
    language: text("language"),
    parallel: text("parallel"),
    definition: text("definition"),
  };
}

/** The count of arrivals is refused wherever a parallel plan may be under way. */
function refusal({ language, parallel }: FunctionRow): { readonly refused: string } | null {
  if (language !== "plpgsql") return { refused: `it is written in ${language}` };
  return parallel === "u" ? null : { refused: "it may run in a parallel plan" };
}

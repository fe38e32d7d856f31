import type { Scene } from "./scene.ts";
import { rowsOf } from "./target.ts";
import { violation, type PrivilegeViolation } from "./violation.ts";

/** Functions with their owner's rights whose search_path does not end with pg_temp (contract 3): left out, pg_temp comes
 *  first, and a caller's types and tables are taken for the ones that were meant. Today's body may have no name that can
 *  be taken, so that no attack shows it; the next one may. */
export async function* definitionViolations({ connection }: Scene): AsyncGenerator<PrivilegeViolation> {
  const rows = await rowsOf(connection, functionsSql);
  for (const { name, path } of rows) {
    if (/^search_path=(?:.*, )?pg_temp$/.test(String(path))) continue;
    yield violation(
      { object: { kind: "function", name: String(name) } },
      "a function with its owner's rights looks names up in the caller's schema first",
      ["search_path ends with pg_temp"],
      String(path),
    );
  }
}

const functionsSql = `
  select p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' as name,
         coalesce((select entry from pg_catalog.unnest(p.proconfig) as entry where entry like 'search_path=%'),
           'no search_path') as path
    from pg_catalog.pg_proc p
   where p.pronamespace = 'public'::regnamespace and p.prosecdef
   order by 1`;

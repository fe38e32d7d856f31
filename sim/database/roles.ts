import { SqlError, type Connection } from "./connection.ts";
import { quoteIdentifier } from "./quote.ts";

/** The cluster's roles by name. */
export async function roleNames(connection: Connection): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query("select rolname::text as name from pg_catalog.pg_roles", []);
  return new Set(rows.map((row) => String(row["name"])));
}

/** The roles that something in the connection's database depends on: owners and grantees. */
export async function rolesUsedHere(connection: Connection): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query(
    `select distinct r.rolname::text as name
       from pg_catalog.pg_shdepend s
       join pg_catalog.pg_database d on d.oid = s.dbid and d.datname = pg_catalog.current_database()
       join pg_catalog.pg_roles r on r.oid = s.refobjid and s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass`,
    [],
  );
  return new Set(rows.map((row) => String(row["name"])));
}

/** Drops roles. Returns those that are still needed elsewhere (2BP01), which stay. */
export async function dropRoles(connection: Connection, roles: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const role of roles) {
    try {
      await connection.run(`drop role if exists ${quoteIdentifier(role)}`);
    } catch (error) {
      if (!(error instanceof SqlError && error.sqlstate === "2BP01")) throw error;
      left.push(role);
    }
  }
  return left;
}

import { roles } from "../../../model/roles.ts";
import { quoteIdentifier } from "../../../sim/database/quote.ts";
import type { SubjectOf } from "../subject.ts";
import { operation, openSchema, owner, type Operation } from "./operation.ts";

/** What one can try with the database as a whole, with roles, and with the server behind it. `superuser` made it all. */
export function onDatabase({ sql }: SubjectOf<"database">, superuser: string): readonly Operation[] {
  return [...objects(sql), ...ofRoles(quoteIdentifier(superuser)), ...ofServer];
}

function objects(database: string): readonly Operation[] {
  return [
    operation("create temporary table", ["TEMPORARY"], "CREATE TEMP TABLE x (c int)"),
    operation("create temporary sequence", ["TEMPORARY"], "CREATE TEMP SEQUENCE x"),
    operation(
      "create temporary function",
      ["TEMPORARY"],
      "CREATE FUNCTION pg_temp.x() RETURNS int LANGUAGE sql RETURN 1",
    ),
    operation("create schema", ["CREATE"], "CREATE SCHEMA x"),
    operation(
      "set the ceiling",
      owner,
      `ALTER DATABASE ${database} SET symphony.outbox_retry_ceiling = 1000`,
    ),
    operation("reset settings", owner, `ALTER DATABASE ${database} RESET ALL`),
    operation("own", owner, `ALTER DATABASE ${database} OWNER TO CURRENT_USER`),
    operation("comment", owner, `COMMENT ON DATABASE ${database} IS 'x'`),
    operation("grant", owner, `GRANT ALL ON DATABASE ${database} TO PUBLIC`),
  ];
}

function ofRoles(superuser: string): readonly Operation[] {
  return [
    operation("create role", owner, "CREATE ROLE counterpoint_new_role"),
    operation("become the owner", owner, `SET ROLE ${superuser}`),
    operation("be the owner", owner, `SET SESSION AUTHORIZATION ${superuser}`),
    operation("reassign the owner's", owner, `REASSIGN OWNED BY ${superuser} TO CURRENT_USER`),
    operation("drop the owner's", owner, `DROP OWNED BY ${superuser}`),
    operation(
      "the owner's default privileges",
      owner,
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${superuser} GRANT EXECUTE ON FUNCTIONS TO PUBLIC`,
    ),
    ...roles.flatMap((role) => [
      operation(`become ${role}`, { only: [role] }, `SET ROLE ${role}`),
      operation(`let ${role} log in`, owner, `ALTER ROLE ${role} LOGIN`),
      operation(`be granted ${role}`, owner, `GRANT ${role} TO pg_monitor`),
    ]),
  ];
}

/** What would be a way round every right in the database. */
const ofServer: readonly Operation[] = [
  operation("switch triggers off", owner, "SET session_replication_role = replica"),
  operation("change the catalog", owner, "DELETE FROM pg_catalog.pg_proc WHERE false"),
  operation("read passwords", owner, "SELECT FROM pg_catalog.pg_authid"),
  operation("run a program", owner, "COPY (SELECT 1) TO PROGRAM 'cat >/dev/null'"),
  operation("read a file", owner, "SELECT pg_catalog.pg_read_file('PG_VERSION')"),
  operation("list files", owner, "SELECT pg_catalog.pg_ls_dir('.')"),
  operation("grant a setting", owner, "GRANT SET ON PARAMETER symphony.outbox_retry_ceiling TO PUBLIC"),
  operation(
    "internal function",
    owner,
    `CREATE FUNCTION ${openSchema}.x() RETURNS void LANGUAGE internal AS 'pg_backend_pid'`,
  ),
  operation(
    "event trigger",
    owner,
    `CREATE FUNCTION pg_temp.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION pg_temp.f()`,
  ),
  operation("foreign data wrapper", owner, "CREATE FOREIGN DATA WRAPPER x"),
  operation("cast of built-in types", owner, "CREATE CAST (uuid AS jsonb) WITH INOUT AS IMPLICIT"),
  operation(
    "operator class",
    owner,
    `CREATE OPERATOR CLASS ${openSchema}.x FOR TYPE int USING btree AS STORAGE int`,
  ),
];

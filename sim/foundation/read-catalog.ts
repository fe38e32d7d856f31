import { columnPrivileges, objectKinds, privilegesOn } from "../../model/privilege-table.ts";
import { SqlError, type Connection } from "../database/connection.ts";
import type { Migration } from "../database/migrations.ts";
import type { Catalog, CeilingFacts, Column, LedgerEntry, Part, ServerFacts, UuidFacts } from "./catalog.ts";
import * as sql from "./catalog-sql.ts";
import { part, rows } from "./parts.ts";
import { readSamples } from "./read-samples.ts";

/** Reads all that the checks judge, in one read-only transaction that sees one moment, and rolls it back. */
export async function readCatalog(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<Catalog> {
  // The deparser names what is not on the search path with its schema: with pg_catalog alone, everything of public.
  await connection.run(
    "begin isolation level repeatable read read only; set local search_path = pg_catalog, pg_temp",
  );
  try {
    return await readParts(connection, migrations);
  } finally {
    await connection.run("rollback");
  }
}

async function readParts(connection: Connection, migrations: readonly Migration[]): Promise<Catalog> {
  const all = <T>(text: string): Promise<Part<readonly T[]>> =>
    part(connection, () => rows<T>(connection, text));
  const server = await part(connection, async () => one(await rows<ServerFacts>(connection, sql.serverSql)));
  const columns = await all<Column>(sql.columnsSql);
  return {
    server,
    columns,
    migrations,
    tables: await all(sql.tablesSql),
    constraints: await all(sql.constraintsSql),
    indexes: await all(sql.indexesSql),
    enums: await all(sql.enumsSql),
    triggers: await all(sql.triggersSql),
    functions: await all(sql.routinesSql),
    objects: await all(sql.objectsSql),
    grantOptions: await all(sql.grantOptionsSql),
    held: "unread" in server ? server : await all(heldSql(server.read.majorVersion)),
    defaultPrivileges: await all(sql.defaultPrivilegesSql),
    roles: await all(sql.rolesSql),
    memberships: await all(sql.membershipsSql),
    ledger: await part(connection, () => readLedger(connection)),
    uuids: await part(connection, async () => one(await rows<UuidFacts>(connection, sql.uuidsSql))),
    ceiling: await part(connection, () => readCeiling(connection)),
    samples: "unread" in columns ? new Map() : await readSamples(connection, columns.read),
  };
}

function heldSql(majorVersion: number): string {
  const byKind = objectKinds.map((kind) => [kind, privilegesOn(kind, majorVersion)] as const);
  return sql.heldSql(Object.fromEntries(byKind), columnPrivileges);
}

async function readLedger(connection: Connection): Promise<readonly LedgerEntry[] | null> {
  const { found } = one(await rows<{ readonly found: boolean }>(connection, sql.ledgerExistsSql));
  return found ? rows<LedgerEntry>(connection, sql.ledgerSql) : null;
}

async function readCeiling(connection: Connection): Promise<CeilingFacts> {
  const [row] = await rows<{ readonly setting: string }>(connection, sql.ceilingSettingSql);
  return { setting: row?.setting ?? null, answer: await ceilingAnswer(connection) };
}

/** A bad setting is an answer too; that there is no such function, or no right to call it, is none. */
async function ceilingAnswer(connection: Connection): Promise<CeilingFacts["answer"]> {
  await connection.run("savepoint ceiling");
  try {
    return one(await rows<{ readonly value: number }>(connection, sql.ceilingSql));
  } catch (error) {
    if (!(error instanceof SqlError) || error.sqlstate.startsWith("42")) throw error;
    await connection.run("rollback to savepoint ceiling");
    return { sqlstate: error.sqlstate };
  }
}

function one<T>([row]: readonly T[]): T {
  if (row === undefined) throw new Error("a query that always has a row had none");
  return row;
}

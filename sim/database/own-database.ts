import { randomBytes } from "node:crypto";
import type { Connection } from "./connection.ts";
import { formatMark, newMark, parseMark, type Mark } from "./mark.ts";
import { quoteIdentifier, quoteLiteral } from "./quote.ts";
import { EnvironmentFault, type Server } from "./server.ts";

/** A database that this process made, the only kind that the harness writes to. */
export interface OwnDatabase {
  readonly name: string;
  readonly mark: Mark;
  /** The command that joins it with psql. */
  readonly psql: string;
  /** Opens a connection and checks on it, before it is handed out, that it leads to this database and no other.
   *  Rejects with an EnvironmentFault where the mark is missing or another's. */
  connect(): Promise<Connection>;
  /** Drops the database, whoever is connected to it. Nothing where it is gone already; an EnvironmentFault where the
   *  database of that name does not carry our mark. */
  drop(): Promise<void>;
}

/** An empty database, the same on every server: from template0, UTF8, sorted by bytes. */
export const createOwnDatabase = (server: Server): Promise<OwnDatabase> =>
  create(server, "template template0 encoding 'UTF8' locale_provider libc locale 'C'");

/** A copy of one of our databases. Nobody may be connected to the original. The copy has a mark of its own. */
export const copyOwnDatabase = (server: Server, original: OwnDatabase): Promise<OwnDatabase> =>
  create(server, `template ${quoteIdentifier(original.name)}${copyStrategy(server)}`);

/** Copying files takes 40 ms, by the WAL 55 ms. But it makes the server write a checkpoint, which on somebody else's is
 *  not ours to ask for. */
const copyStrategy = (server: Server): string =>
  server.provider === "embedded" ? " strategy file_copy" : "";

async function create(server: Server, how: string): Promise<OwnDatabase> {
  const name = `counterpoint_${randomBytes(8).toString("hex")}`;
  const mark = newMark();
  await onServer(server, async (connection) => {
    await connection.run(`create database ${quoteIdentifier(name)} ${how}`);
    await connection.run(commentSql(name, mark));
  });
  return handle(server, name, mark);
}

/** Writes other roles into a database's mark. */
export async function recordRoles(
  server: Server,
  database: OwnDatabase,
  roles: readonly string[],
): Promise<OwnDatabase> {
  const mark = { ...database.mark, roles };
  await onServer(server, async (connection) => {
    await checkMark(connection, database.name, mark);
    await connection.run(commentSql(database.name, mark));
  });
  return handle(server, database.name, mark);
}

/** Drops a database if it still carries that mark. */
export async function dropMarked(connection: Connection, name: string, mark: Mark): Promise<void> {
  if (!(await exists(connection, name))) return;
  await checkMark(connection, name, mark);
  await connection.run(`drop database if exists ${quoteIdentifier(name)} with (force)`);
}

/** Does something on a connection of its own to the database. */
export async function onDatabase<T>(
  database: OwnDatabase,
  action: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await database.connect();
  try {
    return await action(connection);
  } finally {
    await connection.close();
  }
}

/** Does something on a connection to the maintenance database. */
export async function onServer<T>(
  server: Server,
  action: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await server.connect(null);
  try {
    return await action(connection);
  } finally {
    await connection.close();
  }
}

function handle(server: Server, name: string, mark: Mark): OwnDatabase {
  return {
    name,
    mark,
    psql: server.psql(name),
    connect: async () => {
      const connection = await server.connect(name);
      try {
        await checkMark(connection, null, mark);
        return connection;
      } catch (error) {
        await connection.close();
        throw error;
      }
    },
    drop: () => onServer(server, (connection) => dropMarked(connection, name, mark)),
  };
}

const commentSql = (name: string, mark: Mark): string =>
  `comment on database ${quoteIdentifier(name)} is ${quoteLiteral(formatMark(mark))}`;

/** Null: the connection's own database. */
async function checkMark(connection: Connection, name: string | null, mark: Mark): Promise<void> {
  const { rows } = await connection.query(
    `select datname as name, pg_catalog.shobj_description(oid, 'pg_database') as comment
       from pg_catalog.pg_database where datname = coalesce($1, pg_catalog.current_database())`,
    [name],
  );
  if (parseMark(rows[0]?.["comment"])?.nonce !== mark.nonce) {
    const found = rows[0]?.["name"] as string | undefined;
    throw new EnvironmentFault(`database ${found ?? String(name)} was not made by this run: left untouched`);
  }
}

async function exists(connection: Connection, name: string): Promise<boolean> {
  const { rows } = await connection.query("select from pg_catalog.pg_database where datname = $1", [name]);
  return rows.length > 0;
}

import { fileURLToPath } from "node:url";
import { SqlError, type Connection } from "../sim/database/connection.ts";
import { embeddedProvider } from "../sim/database/embedded/provider.ts";
import { readMigrations } from "../sim/database/migrations.ts";
import { migrate } from "../sim/database/migrator.ts";

/** For the tests of this room: a server of their own with the migrations applied. */
export interface MigratedServer {
  /** The name of a new copy of the migrated database. */
  copy(): Promise<string>;
  connect(database: string): Promise<Connection>;
  stop(): Promise<void>;
}

export async function startMigratedServer(): Promise<MigratedServer> {
  const server = await embeddedProvider().start();
  const maintenance = await server.connect(null);
  await maintenance.run("create database migrated");
  const connection = await server.connect("migrated");
  const files = await readMigrations(fileURLToPath(new URL("migrations", import.meta.url)));
  await migrate(connection, files, { wait: () => Promise.resolve() });
  await connection.close();
  let copies = 0;
  return {
    copy: async () => {
      const name = `copy_${String(++copies)}`;
      await maintenance.run(`create database ${name} template migrated`);
      return name;
    },
    connect: (database) => server.connect(database),
    stop: async () => {
      await maintenance.close();
      await server.stop();
    },
  };
}

/** The SQLSTATE that a statement is refused with, "ok" where it is not refused. */
export async function sqlstateOf(connection: Connection, sql: string): Promise<string> {
  try {
    await connection.run(sql);
    return "ok";
  } catch (error) {
    if (error instanceof SqlError) return error.sqlstate;
    throw error;
  }
}

/** The rows of one statement. */
export async function rowsOf(
  connection: Connection,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  return (await connection.query(sql, [])).rows;
}

/** The one value of one statement. */
export async function valueOf(connection: Connection, sql: string): Promise<unknown> {
  const [row] = await rowsOf(connection, sql);
  return row === undefined ? undefined : Object.values(row)[0];
}

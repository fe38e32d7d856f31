import type { Connection } from "../connection.ts";
import type { Migration } from "../migrations.ts";
import { migrate, type MigrationOutcome } from "../migrator.ts";
import { createOwnDatabase, onDatabase, onServer, type OwnDatabase } from "../own-database.ts";
import { dropRoles, roleNames } from "../roles.ts";
import { describeLedger, describeSchema } from "../schema-description.ts";
import type { Server } from "../server.ts";

/** A runner that waits gives way to the others; each of its tries is a round trip to the server anyway. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs the action with a database made by `make`, and drops it. */
export async function withDatabase<T>(
  make: Promise<OwnDatabase>,
  action: (database: OwnDatabase) => Promise<T>,
): Promise<T> {
  const database = await make;
  try {
    return await action(database);
  } finally {
    await database.drop();
  }
}

/** One run of the runner. */
export const run = (database: OwnDatabase, files: readonly Migration[]): Promise<MigrationOutcome> =>
  onDatabase(database, (connection) => migrate(connection, files, { wait: nextTurn }));

/** All that INV-19 compares: schema and ledger. */
export const look = (database: OwnDatabase): Promise<readonly string[]> => onDatabase(database, lookOn);

export const lookOn = async (connection: Connection): Promise<readonly string[]> => [
  ...(await describeSchema(connection)),
  ...(await describeLedger(connection)),
];

/** Schema and ledger of one clean run in a database of its own. */
export const cleanRun = (server: Server, files: readonly Migration[]): Promise<readonly string[]> =>
  withDatabase(createOwnDatabase(server), async (database) => {
    await run(database, files);
    return look(database);
  });

/** Drops the runtime roles, which outlive every database: for the next run they have to be made again.
 *  Throws where a database still has grants to them. */
export const forgetRoles = (server: Server): Promise<void> =>
  onServer(server, async (connection) => {
    const ours = [...(await roleNames(connection))].filter((name) => name.startsWith("symphony_"));
    const left = await dropRoles(connection, ours);
    if (left.length > 0) throw new Error(`still needed: ${left.join(", ")}`);
  });

/** Ends a backend and returns when it is gone, and with it its locks. */
export async function terminate(maintenance: Connection, pid: number): Promise<void> {
  await maintenance.query("select pg_terminate_backend($1, 10000)", [pid]);
}

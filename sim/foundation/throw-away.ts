import type { Connection } from "../database/connection.ts";
import type { Migration } from "../database/migrations.ts";
import { migrate } from "../database/migrator.ts";
import { createOwnDatabase, type OwnDatabase } from "../database/own-database.ts";
import type { EmbeddedServer } from "../database/embedded/provider.ts";

/** Does something on a new database that the migrations made. On a server of our own only: the roles that they add to the
 *  cluster go with the server. */
export async function onMigratedDatabase<T>(
  server: EmbeddedServer,
  migrations: readonly Migration[],
  wait: () => Promise<void>,
  action: (connection: Connection, database: OwnDatabase) => Promise<T>,
): Promise<T> {
  const database = await createOwnDatabase(server);
  const connection = await database.connect();
  try {
    await migrate(connection, migrations, { wait });
    return await action(connection, database);
  } finally {
    await connection.close();
    await database.drop();
  }
}

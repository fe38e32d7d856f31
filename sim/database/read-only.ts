import { SqlError, type Connection } from "./connection.ts";
import { connect } from "./pg-connection.ts";
import { EnvironmentFault } from "./server.ts";
import type { settingsFromUrl } from "./url-settings.ts";
import { readVersion } from "./version.ts";

/** A database that is not ours, and stays as it is. */
export interface GivenDatabase {
  /** user@host:port/database, never a password. */
  readonly description: string;
  readonly version: string;
  readonly versionNumber: number;
  readonly connection: Connection;
}

/** Opens a connection on which every transaction is read-only unless it asks for more. Needs no superuser. Rejects with an
 *  EnvironmentFault where no server answers or it is too old. */
export async function openReadOnly(settings: ReturnType<typeof settingsFromUrl>): Promise<GivenDatabase> {
  const { user, host, port, database } = settings;
  const description = `${user ?? ""}@${host ?? ""}:${String(port ?? 5432)}/${database ?? ""}`;
  const open = (): Promise<Connection> =>
    connect({ ...settings, options: "-c default_transaction_read_only=on" }).catch((error: unknown) => {
      const reason =
        error instanceof SqlError ? `${error.message} (${error.sqlstate})` : (error as Error).message;
      throw new EnvironmentFault(`cannot connect to ${description}: ${reason}`);
    });
  const version = await readVersion(await open());
  if (version.versionNumber < 150000)
    throw new EnvironmentFault(`${description} is PostgreSQL ${version.version}: 15 is the oldest`);
  return { description, ...version, connection: await open() };
}

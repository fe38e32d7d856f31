import type pg from "pg";
import { SqlError, type Connection } from "./connection.ts";
import { connect } from "./pg-connection.ts";
import { EnvironmentFault, type Server } from "./server.ts";
import { sweepOwnDatabases } from "./sweep.ts";
import { readVersion } from "./version.ts";

export interface RemoteOptions {
  readonly provider: "url" | "container";
  readonly settings: Omit<pg.ClientConfig, "connectionString">;
  /** Ends what was begun for this server; nothing for somebody else's. */
  readonly stop: () => Promise<void>;
}

/** A server that is reached over its address. Checks that the harness can work there, and drops what dead runs of this
 *  machine left on it. Rejects with an EnvironmentFault. */
export async function remoteServer({ provider, settings, stop }: RemoteOptions): Promise<Server> {
  const description = describe(settings);
  await check(settings, description);
  // The waits that the harness listens for come in the language of this setting. Only a superuser may set it, so after
  // the check.
  const options = [settings.options, "-c lc_messages=C"].filter(Boolean).join(" ");
  const open = (database: string | null): Promise<Connection> =>
    connect({ ...settings, options, ...(database === null ? {} : { database }) });
  const server: Server = {
    provider,
    description,
    ...(await readVersion(await open(null))),
    backends: null,
    crashable: null,
    connect: open,
    psql: (database) => psqlCommand(settings, database),
    stop,
  };
  await sweepOwnDatabases(server);
  return server;
}

const describe = ({ user, host, port, database }: RemoteOptions["settings"]): string =>
  `${user ?? ""}@${host ?? ""}:${String(port ?? 5432)}/${database ?? ""}`;

function psqlCommand({ user, host, port }: RemoteOptions["settings"], database: string): string {
  return `psql -h ${host ?? "localhost"} -p ${String(port ?? 5432)} -U ${user ?? ""} -d ${database}`;
}

async function check(settings: RemoteOptions["settings"], description: string): Promise<void> {
  const connection = await connect(settings).catch((error: unknown) => {
    const reason =
      error instanceof SqlError ? `${error.message} (${error.sqlstate})` : (error as Error).message;
    throw new EnvironmentFault(`cannot connect to ${description}: ${reason}`);
  });
  try {
    const { rows } = await connection.query(
      `select current_setting('server_version_num')::int as version, rolsuper as superuser,
              pg_is_in_recovery() as standby
         from pg_catalog.pg_roles where rolname = current_user`,
      [],
    );
    const { version, superuser, standby } = rows[0] as {
      version: number;
      superuser: boolean;
      standby: boolean;
    };
    if (version < 150000) throw new EnvironmentFault(`${description} is older than PostgreSQL 15`);
    if (standby) throw new EnvironmentFault(`${description} is a standby: databases cannot be made there`);
    if (!superuser) {
      throw new EnvironmentFault(
        `the user of ${description} is no superuser: virtual time replaces pg_catalog.now() in databases that the ` +
          "harness makes for itself, which needs one. Give a superuser's URL, or none to use the embedded server",
      );
    }
  } finally {
    await connection.close();
  }
}

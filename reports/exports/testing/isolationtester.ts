import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { packagedBinaries } from "../../../sim/database/embedded/binaries.ts";
import type { EmbeddedServer } from "../../../sim/database/embedded/provider.ts";
import { superuser } from "../../../sim/database/embedded/cluster.ts";
import type { Migration } from "../../../sim/database/migrations.ts";
import { migrate } from "../../../sim/database/migrator.ts";
import { createOwnDatabase, onDatabase, type OwnDatabase } from "../../../sim/database/own-database.ts";

/** Gives the action a database that is migrated and nothing else, as a user has one. */
export async function withMigrated<T>(
  server: EmbeddedServer,
  migrations: readonly Migration[],
  action: (database: OwnDatabase) => Promise<T> | T,
): Promise<T> {
  const database = await createOwnDatabase(server);
  try {
    await onDatabase(database, (connection) =>
      migrate(connection, migrations, { wait: () => setTimeout(10) }),
    );
    return await action(database);
  } finally {
    await database.drop();
  }
}

/** What it printed. */
export interface Tested {
  readonly stdout: string;
  readonly stderr: string;
  /** Null where it was ended before its end. */
  readonly code: number | null;
}

/** What PostgreSQL's own isolationtester, which comes with the embedded server, prints of a spec. It gives up a step after
 *  `stepSeconds`. */
export async function runIsolationtester(
  { socketFolder }: EmbeddedServer,
  database: string,
  spec: string,
  stepSeconds = 30,
): Promise<Tested> {
  const native = await packagedBinaries();
  const program = join(native, "lib/postgresql/pgxs/src/test/isolation/isolationtester");
  const args = [`host=${socketFolder} port=5432 user=${superuser} dbname=${database}`];
  const env = {
    LD_LIBRARY_PATH: join(native, "lib"),
    DYLD_LIBRARY_PATH: join(native, "lib"),
    PGISOLATIONTIMEOUT: String(stepSeconds),
  };
  return new Promise((resolve) => {
    const child = execFile(program, args, { env, timeout: 60_000 }, (_, stdout, stderr) => {
      resolve({ stdout, stderr, code: child.exitCode });
    });
    child.stdin?.end(spec);
  });
}

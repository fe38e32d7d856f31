import { spawnSync } from "node:child_process";
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

/** What PostgreSQL's own isolationtester, which comes with the embedded server, prints of a spec. */
export async function runIsolationtester(
  { socketFolder }: EmbeddedServer,
  database: string,
  spec: string,
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number | null }> {
  const native = await packagedBinaries();
  const program = join(native, "lib/postgresql/pgxs/src/test/isolation/isolationtester");
  const { stdout, stderr, status } = spawnSync(
    program,
    [`host=${socketFolder} port=5432 user=${superuser} dbname=${database}`],
    {
      input: spec,
      encoding: "utf8",
      env: {
        LD_LIBRARY_PATH: join(native, "lib"),
        DYLD_LIBRARY_PATH: join(native, "lib"),
        PGISOLATIONTIMEOUT: "30",
      },
      timeout: 20_000,
    },
  );
  return { stdout, stderr, code: status };
}

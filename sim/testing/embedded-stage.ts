import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type EmbeddedServer, embeddedProvider } from "../database/embedded/provider.ts";
import { type Migration, parseMigration, readMigrations } from "../database/migrations.ts";
import type { Server } from "../database/server.ts";
import { buildStage, type Stage } from "../stage.ts";

export const ownMigrationsDirectory = fileURLToPath(new URL("../../schema/migrations", import.meta.url));

/** Our own migrations, some files with another text. */
export async function migrationsWith(edited: ReadonlyMap<string, string>): Promise<readonly Migration[]> {
  const own = await readMigrations(ownMigrationsDirectory);
  return own.map((migration) => {
    const text = edited.get(migration.version);
    return text === undefined
      ? migration
      : parseMigration(migration.version, migration.number, Buffer.from(text));
  });
}

/** Runs the action on a stage with these migrations on the server, and takes the stage down again. */
export async function withStage<T>(
  server: Server,
  migrations: readonly Migration[],
  action: (stage: Stage) => Promise<T>,
): Promise<T> {
  const stage = await buildStage(server, migrations, () => setTimeout(10));
  try {
    return await action(stage);
  } finally {
    await stage.dispose();
  }
}

/** Runs the action with an embedded server, and stops it again. */
export async function withEmbeddedServer<T>(action: (server: EmbeddedServer) => Promise<T>): Promise<T> {
  const server = await embeddedProvider().start();
  try {
    return await action(server);
  } finally {
    await server.stop();
  }
}

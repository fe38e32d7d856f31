import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type EmbeddedServer, embeddedProvider } from "../database/embedded/provider.ts";
import { type Migration, readMigrations, withTexts } from "../database/migrations.ts";
import type { Server } from "../database/server.ts";
import type { Lane } from "../lane.ts";
import type { LaneKind } from "../lane-slot.ts";
import { buildStage, onStage, type Stage } from "../stage.ts";

export const ownMigrationsDirectory = fileURLToPath(new URL("../../schema/migrations", import.meta.url));

/** Our own migrations, some files with another text. */
export async function migrationsWith(edited: ReadonlyMap<string, string>): Promise<readonly Migration[]> {
  return withTexts(await readMigrations(ownMigrationsDirectory), edited);
}

const wait = (): Promise<void> => setTimeout(10);

/** Runs the action on a stage with these migrations on the server, and takes the stage down again. */
export function withStage<T>(
  server: Server,
  migrations: readonly Migration[],
  action: (stage: Stage) => Promise<T>,
): Promise<T> {
  return onStage(server, migrations, wait, action);
}

export interface OwnStage {
  readonly stage: Stage;
  /** Close its lanes first. */
  stop(): Promise<void>;
}

/** A stage with our own migrations, on a server of its own, for the tests of a file. */
export async function startOwnStage(): Promise<OwnStage> {
  const server = await embeddedProvider().start();
  const stage = await buildStage(server, await migrationsWith(new Map()), wait);
  return {
    stage,
    stop: async () => {
      await stage.dispose();
      await server.stop();
    },
  };
}

export interface OwnLane {
  readonly stage: Stage;
  readonly lane: Lane;
  stop(): Promise<void>;
}

/** A lane of that kind on a stage of its own, for the tests of a file. */
export async function startOwnLane(sessions: number, kind?: LaneKind): Promise<OwnLane> {
  const own = await startOwnStage();
  const lane = await own.stage.openLane(sessions, kind);
  return {
    stage: own.stage,
    lane,
    stop: async () => {
      await lane.close();
      await own.stop();
    },
  };
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

import type { Migration } from "./database/migrations.ts";
import { migrate } from "./database/migrator.ts";
import { installReset, reset } from "./database/reset.ts";
import type { Server } from "./database/server.ts";
import { makeTemplate, type Template } from "./database/template.ts";
import { setWorldClock } from "./database/virtual-time.ts";
import type { LaneDatabase } from "./lane.ts";
import { checkNames } from "./subject-names.ts";
import { type Instrumentation, installYields } from "./yields/install.ts";

/** A migrated template on one server, with virtual time in it, and what is cloned from it. */
export interface Ground extends Pick<Template, "unclearRoles" | "dispose"> {
  /** A clone whose functions have yield points, or are as they were migrated. */
  clone(yields: boolean): Promise<Clone>;
  instrumentation(): Promise<Instrumentation>;
}

export interface Clone {
  readonly database: Omit<LaneDatabase, "crash">;
  readonly points: Instrumentation["points"] | null;
}

export async function buildGround(
  server: Server,
  migrations: readonly Migration[],
  wait: () => Promise<void>,
): Promise<Ground> {
  const template = await makeTemplate(server, async (connection) => {
    await migrate(connection, migrations, { wait });
    await checkNames(connection);
    await installReset(connection);
  });
  const instrumented = once(() => instrumentedVariant(template));
  return {
    unclearRoles: template.unclearRoles,
    clone: async (yields) => {
      const instrumentation = yields ? await instrumented() : null;
      const database = await (instrumentation ?? template).clone();
      return {
        database: { ...database, reset, setClock: setWorldClock },
        points: instrumentation?.points ?? null,
      };
    },
    instrumentation: instrumented,
    dispose: () => template.dispose(),
  };
}

type Instrumented = Instrumentation & Pick<Template, "clone">;

async function instrumentedVariant(template: Template): Promise<Instrumented> {
  let instrumentation: Instrumentation = { points: [], definitions: [], refused: [] };
  const { clone } = await template.variant(async (connection) => {
    instrumentation = await installYields(connection);
  });
  return { ...instrumentation, clone };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

import { type Migration, MigrationRefused } from "./database/migrations.ts";
import { migrate } from "./database/migrator.ts";
import { installReset, reset } from "./database/reset.ts";
import type { Server } from "./database/server.ts";
import { type Disposal, makeTemplate, type Template } from "./database/template.ts";
import { findVirtualSyntax } from "./database/virtual-syntax.ts";
import { setWorldClock } from "./database/virtual-time.ts";
import { Lane } from "./lane.ts";
import { checkNames } from "./subject-names.ts";
import { type Instrumentation, installYields } from "./yields/install.ts";

/** Where a subject is played: a migrated template on a server, and the lanes that are cloned from it. */
export interface Stage {
  readonly server: Server;
  readonly migrations: readonly Migration[];
  /** Roles that came since the template was begun, without a sign that it made them: they stay. */
  readonly unclearRoles: readonly string[];
  /** A lane on a fresh clone; with yields, on one whose functions are instrumented. */
  openLane(sessions: number, yields?: boolean): Promise<Lane>;
  /** The yield points of the functions. Instruments a copy of the template when it is first wanted. */
  instrumentation(): Promise<Instrumentation>;
  /** Drops what the stage made; close its lanes first. */
  dispose(): Promise<Disposal>;
}

/** Builds the stage for a directory's migrations. Rejects with MigrationRefused where they can't be played in virtual
 *  time, with MigrationFailed where the server refuses them, with SubjectIncomplete where they lack what every case needs. */
export async function buildStage(
  server: Server,
  migrations: readonly Migration[],
  wait: () => Promise<void>,
): Promise<Stage> {
  refuseRealTime(migrations);
  const template = await makeTemplate(server, async (connection) => {
    await migrate(connection, migrations, { wait });
    await checkNames(connection);
    await installReset(connection);
  });
  const instrumented = once(() => instrumentedVariant(template));
  return {
    server,
    migrations,
    unclearRoles: template.unclearRoles,
    openLane: async (sessions, yields = false) => {
      const instrumentation = yields ? await instrumented() : null;
      const database = await (instrumentation ?? template).clone();
      const points = instrumentation?.points ?? null;
      return Lane.open({ ...database, reset, setClock: setWorldClock }, sessions, server.backends, points);
    },
    instrumentation: instrumented,
    dispose: () => template.dispose(),
  };
}

/** Runs the action on a stage (buildStage), and takes it down again. */
export async function onStage<T>(
  server: Server,
  migrations: readonly Migration[],
  wait: () => Promise<void>,
  action: (stage: Stage) => Promise<T>,
): Promise<T> {
  const stage = await buildStage(server, migrations, wait);
  try {
    return await action(stage);
  } finally {
    await stage.dispose();
  }
}

type Instrumented = Instrumentation & Pick<Template, "clone">;

async function instrumentedVariant(template: Template): Promise<Instrumented> {
  let instrumentation: Instrumentation = { points: [], refused: [] };
  const { clone } = await template.variant(async (connection) => {
    instrumentation = await installYields(connection);
  });
  return { ...instrumentation, clone };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

/** These forms are syntax, not calls of now(): they would read the real clock (architecture, Virtual time). */
function refuseRealTime(migrations: readonly Migration[]): void {
  const [first, ...rest] = findVirtualSyntax(migrations);
  if (first === undefined) return;
  const others = rest.map(({ file, line, form }) => `; ${file}:${line}: ${form}`).join("");
  throw new MigrationRefused(
    `${first.file}:${first.line}`,
    `${first.form} reads the real clock, past virtual time; write now()${others}`,
  );
}

import { type Migration, MigrationRefused } from "./database/migrations.ts";
import { EnvironmentFault, type Server } from "./database/server.ts";
import type { Disposal } from "./database/template.ts";
import { findVirtualSyntax } from "./database/virtual-syntax.ts";
import { buildGround, type Ground } from "./ground.ts";
import { Lane } from "./lane.ts";
import { LaneServers } from "./lane-servers.ts";
import { type LaneKind, plainLane } from "./lane-slot.ts";
import type { Instrumentation } from "./yields/install.ts";

/** Where a subject is played: a migrated template on a server, and the lanes that are cloned from it. */
export interface Stage {
  readonly server: Server;
  readonly migrations: readonly Migration[];
  /** Roles that came since the template was begun, without a sign that it made them: they stay. */
  readonly unclearRoles: readonly string[];
  /** A lane on a fresh clone; one that crashes is on a server of its own, like the stage's. Rejects with EnvironmentFault
   *  where there is none to start. */
  openLane(sessions: number, kind?: LaneKind): Promise<Lane>;
  /** The yield points of the functions. Instruments a copy of the template when it is first wanted. */
  instrumentation(): Promise<Instrumentation>;
  /** Drops what the stage made, and stops the servers that it started; close its lanes first. */
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
  const ground = await buildGround(server, migrations, wait);
  const laneServers =
    server.crashable && new LaneServers(server.crashable, (own) => buildGround(own, migrations, wait));
  return {
    server,
    migrations,
    unclearRoles: ground.unclearRoles,
    openLane: async (sessions, { yields, crashes } = plainLane) => {
      if (!crashes) return openLane(server, ground, sessions, yields);
      if (laneServers === null) throw new EnvironmentFault("only an embedded server can be crashed");
      return laneServers.openLane(sessions, yields);
    },
    instrumentation: () => ground.instrumentation(),
    dispose: async () => {
      await laneServers?.stop();
      return ground.dispose();
    },
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

async function openLane(server: Server, ground: Ground, sessions: number, yields: boolean): Promise<Lane> {
  const { database, points } = await ground.clone(yields);
  return Lane.open({ ...database, crash: null }, sessions, server.backends, points);
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

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import { ConnectionLost, SqlError, type Connection } from "./connection.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { readMigrations } from "./migrations.ts";
import { migrate } from "./migrator.ts";
import { createOwnDatabase, type OwnDatabase, onDatabase } from "./own-database.ts";
import { cleanRun, forgetRoles, look, nextTurn, run, terminate, withDatabase } from "./testing/migrated.ts";
import { startMigrate } from "./testing/migrate-command.ts";
import { stands, waitingBackend, type Stand } from "./testing/stands.ts";

/** INV-19: the runner's process, its backend or the whole server ends while a run stands still at a chosen place; the
 *  next run must end in the schema and the ledger of one clean run. */

const files = await readMigrations(ownMigrationsDirectory);
let server: EmbeddedServer;
let maintenance: Connection;
let clean: readonly string[];

beforeAll(async () => {
  server = await embeddedProvider().start();
  maintenance = await server.connect(null);
  clean = await cleanRun(server, files);
});
afterEach(() => forgetRoles(server));
afterAll(async () => {
  await maintenance.close();
  await server.stop();
});

/** Runs the action with a database in which the next run will stand still, until `release`. */
const atStand = (
  { applied, prepare, hold }: Stand,
  action: (database: OwnDatabase, release: () => Promise<unknown>) => Promise<void>,
): Promise<void> =>
  withDatabase(createOwnDatabase(server), async (database) => {
    if (applied > 0) await run(database, files.slice(0, applied));
    if (prepare !== "") await onDatabase(database, (connection) => connection.run(prepare));
    const holder = await database.connect();
    try {
      await holder.run(hold);
      await action(database, () => holder.run("rollback"));
    } finally {
      await holder.close();
    }
  });

const each = stands.map((stand) => [stand.name, stand] as const);

describe("the process is killed", () => {
  test.each(each)("%s: its backend works on, and a run that begins meanwhile ends well", async (_, stand) => {
    await atStand(stand, async (database, release) => {
      const doomed = startMigrate(server, database);
      const backend = await waitingBackend(maintenance, database, doomed.isRunning);
      doomed.kill();
      expect((await doomed.ended).signal).toBe("SIGKILL");
      let polls = 0;
      const next = await database.connect();
      const outcome = migrate(next, files, {
        wait: async () => {
          polls += 1;
          // The dead process's backend has the lock as long as its statement lasts.
          if (polls === 3) await release();
          await maintenance.run("select 1");
        },
      });
      const { applied, already } = await outcome;
      await next.close();
      expect(polls).toBeGreaterThanOrEqual(3);
      expect(applied.length + already).toBe(files.length);
      expect(await look(database)).toEqual(clean);
      await terminate(maintenance, backend);
    });
  });

  test("and the command line itself mends it, and says what it did", async () => {
    const [stand] = stands;
    if (stand === undefined) throw new Error("no stand");
    await atStand(stand, async (database, release) => {
      const doomed = startMigrate(server, database);
      await waitingBackend(maintenance, database, doomed.isRunning);
      doomed.kill();
      await doomed.ended;
      await release();
      const { code, output } = await startMigrate(server, database).ended;
      expect(output).toContain("13 applied, 0 were applied before");
      expect(code).toBe(0);
      expect(await look(database)).toEqual(clean);
    });
  });
});

describe("the backend", () => {
  test.each(each)("is terminated %s", async (_, stand) => {
    await endBackend(stand, "pg_terminate_backend", (error) => error instanceof ConnectionLost);
  });
  test.each(each)("is told to cancel %s", async (_, stand) => {
    const isCancelled = (error: unknown): boolean =>
      String(error).includes("57014") || (error instanceof SqlError && error.sqlstate === "57014");
    await endBackend(stand, "pg_cancel_backend", isCancelled);
  });
});

const endBackend = (stand: Stand, how: string, isExpected: (error: unknown) => boolean): Promise<void> =>
  atStand(stand, async (database, release) => {
    const outcome = run(database, files).catch((error: unknown) => error);
    const pid = await waitingBackend(maintenance, database);
    await maintenance.query(`select ${how}($1)`, [pid]);
    expect(await outcome).toSatisfy(isExpected);
    // Before this a look might wait too.
    await release();
    expect(await look(database)).not.toEqual(clean);
    await run(database, files);
    expect(await look(database)).toEqual(clean);
  });

describe("the server crashes", () => {
  test.each(each)("%s", async (_, stand) => {
    await withDatabase(createOwnDatabase(server), async (database) => {
      if (stand.applied > 0) await run(database, files.slice(0, stand.applied));
      if (stand.prepare !== "") await onDatabase(database, (connection) => connection.run(stand.prepare));
      const holder = await database.connect();
      await holder.run(stand.hold);
      const doomed = await database.connect();
      const outcome = migrate(doomed, files, { wait: nextTurn }).catch((error: unknown) => error);
      await waitingBackend(maintenance, database);
      await server.crash();
      expect(await outcome).toBeInstanceOf(ConnectionLost);
      for (const connection of [holder, doomed, maintenance]) await connection.close().catch(() => undefined);
      maintenance = await server.connect(null);
      await run(database, files);
      expect(await look(database)).toEqual(clean);
    });
  });
});

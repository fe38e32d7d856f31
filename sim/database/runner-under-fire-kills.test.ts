import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import { ConnectionLost, SqlError, type Connection } from "./connection.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { readMigrations } from "./migrations.ts";
import { migrate } from "./migrator.ts";
import { copyOwnDatabase, createOwnDatabase, type OwnDatabase, onDatabase } from "./own-database.ts";
import { cleanRun, forgetRoles, look, run, terminate, withDatabase } from "./testing/migrated.ts";
import { startMigrate } from "./testing/migrate-command.ts";
import { insideRoles, stands, statementOf, waitingBackend, type Stand } from "./testing/stands.ts";
import { standsInside } from "./testing/stands-inside.ts";

/** INV-19: the runner's process, its backend or the whole server ends while a run stands still at a chosen place; the
 *  next run must end in the schema and the ledger of one clean run. */

const files = await readMigrations(ownMigrationsDirectory);
const statements = files.at(-1)?.statements ?? [];
const all = [...stands, ...standsInside];
const builds = standsInside.filter(({ name }) => name.endsWith("phase of the build of due claim"));
const some = [...stands, ...builds].map((stand) => [stand.name, stand] as const);

let server: EmbeddedServer;
let maintenance: Connection;
let clean: readonly string[];
/** Databases with so many files applied, to be copied. */
const starts = new Map<number, OwnDatabase>();

beforeAll(async () => {
  server = await embeddedProvider().start();
  maintenance = await server.connect(null);
  clean = await cleanRun(server, files);
});
afterAll(async () => {
  await maintenance.close();
  await server.stop();
});

async function startWith(applied: number): Promise<OwnDatabase> {
  const known = starts.get(applied);
  if (known !== undefined) return known;
  const start = await createOwnDatabase(server);
  if (applied > 0) await run(start, files.slice(0, applied));
  starts.set(applied, start);
  return start;
}

/** Runs the action with a database in which the next run will stand still, until `release`. */
const atStand = async (
  { applied, prepare, hold }: Stand,
  action: (database: OwnDatabase, release: () => Promise<unknown>) => Promise<void>,
): Promise<void> =>
  withDatabase(copyOwnDatabase(server, await startWith(applied)), async (database) => {
    if (prepare !== "") await onDatabase(database, (connection) => connection.run(prepare));
    const holder = await database.connect();
    try {
      await holder.run(hold);
      await action(database, () => holder.run("rollback"));
    } finally {
      await holder.close().catch(() => undefined);
    }
  });

/** The backend that stands still, and does so in the statement that the stand means. */
async function standing({ statement, name }: Stand, database: OwnDatabase): Promise<number> {
  const pid = await waitingBackend(maintenance, database);
  if (statement !== null)
    expect((await statementOf(maintenance, pid)).trim(), name).toBe(statements[statement]?.sql.trim());
  return pid;
}

test("there is a stand inside every statement of the file without transaction, and inside both phases of a build", () => {
  expect(statements).toHaveLength(8);
  expect(standsInside.map(({ statement }) => statement)).toEqual([0, 1, 2, 3, 3, 4, 5, 6, 7, 7]);
});

// The first, for the copies' grants keep the roles from then on.
test("the backend is terminated in the block that makes the roles", async () => {
  await forgetRoles(server);
  await endBackend(insideRoles, "pg_terminate_backend", (error) => error instanceof ConnectionLost);
});

describe("the process is killed", () => {
  test.each(some)("%s: its backend works on, and a run that begins meanwhile ends well", async (_, stand) => {
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
  test.each(all.map((stand) => [stand.name, stand] as const))("is terminated %s", async (_, stand) => {
    await endBackend(stand, "pg_terminate_backend", (error) => error instanceof ConnectionLost);
  });
  test.each(some)("is told to cancel %s", async (_, stand) => {
    const isCancelled = (error: unknown): boolean =>
      String(error).includes("57014") || (error instanceof SqlError && error.sqlstate === "57014");
    await endBackend(stand, "pg_cancel_backend", isCancelled);
  });
});

const endBackend = (stand: Stand, how: string, isExpected: (error: unknown) => boolean): Promise<void> =>
  atStand(stand, async (database, release) => {
    const outcome = run(database, files).catch((error: unknown) => error);
    const pid = await standing(stand, database);
    await maintenance.query(`select ${how}($1)`, [pid]);
    expect(await outcome).toSatisfy(isExpected);
    // Before this a look might wait too.
    await release();
    expect(await look(database)).not.toEqual(clean);
    await run(database, files);
    expect(await look(database)).toEqual(clean);
  });

test("the server crashes, while runs of as many databases stand still at all of these places", async () => {
  const crashed: OwnDatabase[] = [];
  /** Each stand inside the one before it, so that all of them are held when the server ends. */
  const next = async ([stand, ...others]: readonly Stand[]): Promise<void> => {
    if (stand === undefined) return crashUnderAll();
    await atStand(stand, async (database) => {
      crashed.push(database);
      const outcome = run(database, files).catch((error: unknown) => error);
      await standing(stand, database);
      await next(others);
      expect(await outcome, stand.name).toBeInstanceOf(ConnectionLost);
      expect(await look(database), stand.name).not.toEqual(clean);
      await run(database, files);
      expect(await look(database), stand.name).toEqual(clean);
    });
  };
  await next(all);
  expect(crashed).toHaveLength(14);
});

async function crashUnderAll(): Promise<void> {
  await server.crash();
  await maintenance.close().catch(() => undefined);
  maintenance = await server.connect(null);
}

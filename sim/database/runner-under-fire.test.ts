import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import { ConnectionLost, type Connection } from "./connection.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { readMigrations, type Migration } from "./migrations.ts";
import { migrate } from "./migrator.ts";
import { copyOwnDatabase, createOwnDatabase, type OwnDatabase, onDatabase } from "./own-database.ts";
import { crashPoints, dyingAt, recording, type CrashPoint, type RoundTrip } from "./testing/crash-points.ts";
import { invalidIndexes, leaveInvalidIndexes } from "./testing/invalid-indexes.ts";
import { cleanRun, forgetRoles, look, nextTurn, run, terminate, withDatabase } from "./testing/migrated.ts";

/** INV-19: the backend dies before every statement of every file, the runner's own statements included; the next run
 *  must end in the schema and the ledger of one clean run. */

const files = await readMigrations(ownMigrationsDirectory);
/** Until this file no database has grants to the roles, so each of its points can meet a server without them. */
const lastFileWithoutGrants = 3;

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

/** What a healthy run of the files up to one does from a starting point, and where that ends. */
interface Healthy {
  readonly trips: readonly RoundTrip[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const healthyRun = (start: OwnDatabase, upTo: readonly Migration[]): Promise<Healthy> =>
  withDatabase(copyOwnDatabase(server, start), async (database) => {
    const trips: RoundTrip[] = [];
    const before = await look(database);
    await onDatabase(database, (connection) =>
      migrate(recording(connection, trips), upTo, { wait: nextTurn }),
    );
    return { trips, before, after: await look(database) };
  });

/** Lets the backend die at the point. Returns what is left then, and what the next run makes of it. */
const crashAndResume = (
  start: OwnDatabase,
  upTo: readonly Migration[],
  point: CrashPoint,
): Promise<{ readonly left: readonly string[]; readonly resumed: readonly string[] }> =>
  withDatabase(copyOwnDatabase(server, start), async (database) => {
    await onDatabase(database, async (connection) => {
      const doomed = dyingAt(point, connection, (pid) => terminate(maintenance, pid));
      const outcome = await migrate(doomed, upTo, { wait: nextTurn }).catch((error: unknown) => error);
      await expect(connection.run("select 1"), `${point.name} was reached`).rejects.toThrow(ConnectionLost);
      // Only a death after the last commit is none of the runner's business.
      if (!isUnlock(point)) expect(outcome, point.name).toBeInstanceOf(ConnectionLost);
      await terminate(maintenance, connection.pid);
    });
    const left = await look(database);
    await run(database, files);
    return { left, resumed: await look(database) };
  });

const isUnlock = ({ sql }: CrashPoint): boolean => sql.includes("pg_advisory_unlock");

/** A death before a statement that only reads, or only changes the session, leaves what the one before it left: done for
 *  the first file alone. */
const matters = ({ sql, statement }: CrashPoint): boolean =>
  !/^\s*(select|begin|reset|discard)\b/i.test(sql) || (statement === 0 && /^\s*reset\b/i.test(sql));

/** Every point of the run that applies one file. Returns how many there were. */
async function crashEverywhere(start: OwnDatabase, file: Migration): Promise<number> {
  const upTo = files.slice(0, files.indexOf(file) + 1);
  const { trips, before, after } = await healthyRun(start, upTo);
  const points = crashPoints(trips).filter((point) => file === files[0] || matters(point));
  const rolesMayGo = file.number <= lastFileWithoutGrants;
  for (const point of points) {
    if (rolesMayGo) await forgetRoles(server);
    const { left, resumed } = await crashAndResume(start, upTo, point);
    expect(resumed, point.name).toEqual(clean);
    // The ledger's own creation is a step of its own.
    const isWhole = file.transactional && file !== files[0];
    if (isWhole) expect([before, after], `all or nothing ${point.name}`).toContainEqual(left);
  }
  return points.length;
}

/** A database up to the file, without it. */
const upToBefore = async (file: Migration): Promise<OwnDatabase> => {
  const database = await createOwnDatabase(server);
  const earlier = files.slice(0, files.indexOf(file));
  if (earlier.length > 0) await run(database, earlier);
  return database;
};

describe("the backend dies before every statement, and the next run gives what one clean run gives:", () => {
  test.each(files.map((file) => [file.version, file] as const))("%s", async (_, file) => {
    await withDatabase(upToBefore(file), async (start) => {
      if (file.number <= lastFileWithoutGrants) await forgetRoles(server);
      const points = await crashEverywhere(start, file);
      // The statements, the ledger's row, and what follows the last commit.
      expect(points).toBeGreaterThanOrEqual(file.statements.length + 2);
    });
  });

  const last = files.at(-1);
  test("the file without transaction, where an earlier run left every index invalid", async () => {
    if (last === undefined) throw new Error("no migration");
    await withDatabase(upToBefore(last), async (start) => {
      await onDatabase(start, leaveInvalidIndexes);
      expect(await onDatabase(start, invalidIndexes)).toHaveLength(4);
      await crashEverywhere(start, last);
    });
  });
});

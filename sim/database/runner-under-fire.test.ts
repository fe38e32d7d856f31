import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import type { Connection } from "./connection.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { readMigrations, type Migration } from "./migrations.ts";
import { migrate } from "./migrator.ts";
import { copyOwnDatabase, createOwnDatabase, type OwnDatabase, onDatabase } from "./own-database.ts";
import {
  dieAt,
  healthyRun,
  pointsOf,
  pointsThatMatter,
  statementsOfAllFiles,
} from "./testing/crash-matrix.ts";
import { crashPoints, type CrashPoint } from "./testing/crash-points.ts";
import { invalidIndexes, leaveInvalidIndexes } from "./testing/invalid-indexes.ts";
import { cleanRun, forgetRoles, look, lookOn, nextTurn, run, withDatabase } from "./testing/migrated.ts";

/** INV-19: the backend dies before every statement of every file, the runner's own statements included; the next run
 *  must end in the schema and the ledger of one clean run. */

const files = await readMigrations(ownMigrationsDirectory);
/** Until this file no database has grants to the roles, so each of its points can meet a server without them. */
const lastFileWithoutGrants = 3;
/** The first run's own questions, lock and ledger, and the rest of what ends a file: told by hand, for none may get lost. */
const pointsBesides = 10;

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

/** Lets the backend die at the point. Returns what is left then, and what the next run makes of it. */
const crashAndResume = (
  start: OwnDatabase,
  upTo: readonly Migration[],
  point: CrashPoint,
): Promise<{ readonly left: readonly string[]; readonly resumed: readonly string[] }> =>
  withDatabase(copyOwnDatabase(server, start), async (database) => {
    await dieAt(maintenance, database, upTo, point);
    return onDatabase(database, async (connection) => {
      const left = await lookOn(connection);
      await migrate(connection, upTo, { wait: nextTurn });
      return { left, resumed: await lookOn(connection) };
    });
  });

/** Every point of the run that applies one file. Returns how many there were. The next run goes as far as the first one
 *  should have: from the same schema and ledger the files after it make the same. */
async function crashEverywhere(start: OwnDatabase, file: Migration): Promise<number> {
  const upTo = files.slice(0, files.indexOf(file) + 1);
  const healthy = await withDatabase(copyOwnDatabase(server, start), (database) =>
    healthyRun(database, upTo),
  );
  const { before, after } = healthy;
  // Of the first file every point: a death before a question too, and the ledger's own creation is a step of its own.
  const isFirst = file === files[0];
  const points = isFirst ? crashPoints(healthy.trips) : pointsThatMatter(healthy);
  const rolesMayGo = file.number <= lastFileWithoutGrants;
  for (const point of points) {
    if (rolesMayGo) await forgetRoles(server);
    const { left, resumed } = await crashAndResume(start, upTo, point);
    expect(resumed, point.name).toEqual(after);
    const isWhole = file.transactional && !isFirst;
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
      const more = file === files[0] ? pointsBesides : 0;
      expect(await crashEverywhere(start, file)).toBe(pointsOf(file) + more);
      // And from there to the end, as one clean run does.
      await run(start, files);
      expect(await look(start)).toEqual(clean);
    });
  });

  test("no statement is lost", () => {
    expect(files.flatMap(({ statements }) => statements)).toHaveLength(statementsOfAllFiles);
  });

  const last = files.at(-1);
  test("the file without transaction, where an earlier run left every index invalid", async () => {
    if (last === undefined) throw new Error("no migration");
    await withDatabase(upToBefore(last), async (start) => {
      await onDatabase(start, leaveInvalidIndexes);
      expect(await onDatabase(start, invalidIndexes)).toHaveLength(4);
      expect(await crashEverywhere(start, last)).toBe(pointsOf(last));
    });
  });
});

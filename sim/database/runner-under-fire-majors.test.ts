import { expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import { majors } from "./embedded/binaries.ts";
import { embeddedProvider } from "./embedded/provider.ts";
import { readMigrations, type Migration } from "./migrations.ts";
import { createOwnDatabase, onServer, type OwnDatabase } from "./own-database.ts";
import type { Server } from "./server.ts";
import {
  dieAt,
  type Healthy,
  healthyRun,
  pointsOf,
  pointsThatMatter,
  statementsOfAllFiles,
} from "./testing/crash-matrix.ts";
import { forgetRoles, look, run, withDatabase } from "./testing/migrated.ts";

/** INV-19 on the other majors, the whole matrix in a cheaper form: in one database the backend dies before each statement
 *  in turn, so that every run but the first is the one after a crash. */

const files = await readMigrations(ownMigrationsDirectory);
const [, ...others] = majors;

/** Each file's own run in a database without a crash. It begins with the ledger, as the other one does. */
const healthyRuns = (server: Server): Promise<readonly Healthy[]> =>
  withDatabase(createOwnDatabase(server), async (database) => {
    await run(database, []);
    const runs: Healthy[] = [];
    for (const [index] of files.entries()) runs.push(await healthyRun(database, files.slice(0, index + 1)));
    return runs;
  });

/** Dies before each statement of the file, then applies it. Returns how often it died. */
async function crashOnAndOn(
  server: Server,
  database: OwnDatabase,
  file: Migration,
  healthy: Healthy,
): Promise<number> {
  const upTo = files.slice(0, files.indexOf(file) + 1);
  const points = pointsThatMatter(healthy);
  await onServer(server, async (maintenance) => {
    for (const point of points) {
      await dieAt(maintenance, database, upTo, point);
      if (file.transactional)
        expect([healthy.before, healthy.after], point.name).toContainEqual(await look(database));
    }
  });
  await run(database, upTo);
  expect(await look(database), file.version).toEqual(healthy.after);
  return points.length;
}

test.concurrent.each(others)(
  "PostgreSQL %i: the backend dies before every statement of every file",
  async (major) => {
    const server = await embeddedProvider({ major }).start();
    try {
      const healthy = await healthyRuns(server);
      await forgetRoles(server);
      await withDatabase(createOwnDatabase(server), async (database) => {
        await run(database, []);
        let died = 0;
        for (const [index, file] of files.entries()) {
          const own = healthy[index];
          if (own === undefined) throw new Error(`${file.version} was not run`);
          const points = await crashOnAndOn(server, database, file, own);
          expect(points, file.version).toBe(pointsOf(file));
          died += points;
        }
        expect(died).toBe(statementsOfAllFiles + 3 * files.length - 1);
      });
    } finally {
      await server.stop();
    }
  },
);

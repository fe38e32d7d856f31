import { expect } from "vitest";
import { ConnectionLost, type Connection } from "../connection.ts";
import type { Migration } from "../migrations.ts";
import { migrate } from "../migrator.ts";
import { type OwnDatabase, onDatabase } from "../own-database.ts";
import { crashPoints, dyingAt, recording, type CrashPoint, type RoundTrip } from "./crash-points.ts";
import { lookOn, nextTurn, terminate } from "./migrated.ts";

/** What a healthy run of the files does from a database's present state, and where that ends. */
export interface Healthy {
  readonly trips: readonly RoundTrip[];
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export const healthyRun = (database: OwnDatabase, files: readonly Migration[]): Promise<Healthy> =>
  onDatabase(database, async (connection) => {
    const trips: RoundTrip[] = [];
    const before = await lookOn(connection);
    await migrate(recording(connection, trips), files, { wait: nextTurn });
    return { trips, before, after: await lookOn(connection) };
  });

/** The points of a run at which a death can leave something else than at the point before. */
export const pointsThatMatter = ({ trips }: Healthy): readonly CrashPoint[] =>
  crashPoints(trips).filter(matters);

/** A death before a statement that only reads, or only changes the session, leaves what the one before it left. */
const matters = ({ sql, statement }: CrashPoint): boolean =>
  !/^\s*(select|begin|reset|discard)\b/i.test(sql) || (statement === 0 && /^\s*reset\b/i.test(sql));

/** How many of them a file has: its statements, its row in the ledger, its commit, and the session that is forgotten. */
export const pointsOf = ({ statements, transactional }: Migration): number =>
  statements.length + (transactional ? 3 : 2);

/** Statements of all files together. Told here, so that none is lost from the matrix by being lost from its file's list:
 *  a new migration changes it on purpose. */
export const statementsOfAllFiles = 76;

/** A run whose backend dies at the point. Returns when it is gone, and with it its locks. */
export const dieAt = (
  maintenance: Connection,
  database: OwnDatabase,
  files: readonly Migration[],
  point: CrashPoint,
): Promise<void> =>
  onDatabase(database, async (connection) => {
    const doomed = dyingAt(point, connection, (pid) => terminate(maintenance, pid));
    const outcome = await migrate(doomed, files, { wait: nextTurn }).catch((error: unknown) => error);
    await expect(connection.run("select 1"), `${point.name} was reached`).rejects.toThrow(ConnectionLost);
    // Only a death after the last commit is none of the runner's business.
    if (!isUnlock(point)) expect(outcome, point.name).toBeInstanceOf(ConnectionLost);
    await terminate(maintenance, connection.pid);
  });

const isUnlock = ({ sql }: CrashPoint): boolean => sql.includes("pg_advisory_unlock");

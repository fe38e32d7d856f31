import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../sim/database/connection.ts";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import { createOwnDatabase, onDatabase } from "../../sim/database/own-database.ts";
import { cleanRun, look, run, terminate, withDatabase } from "../../sim/database/testing/migrated.ts";
import { oldSnapshot, waitingBackend } from "../../sim/database/testing/stands.ts";
import { migrationsWith, ownMigrationsDirectory } from "../../sim/testing/embedded-stage.ts";
import { plant } from "./planted-bug.ts";
import { runnerBugs } from "./runner-bugs.ts";

const read = (file: string) => readFileSync(join(ownMigrationsDirectory, file), "utf8");
let server: EmbeddedServer;
let maintenance: Connection;

beforeAll(async () => {
  server = await embeddedProvider().start();
  maintenance = await server.connect(null);
});
afterAll(async () => {
  await maintenance.close();
  await server.stop();
});

/** Ends the runner's backend in the last phase of the last build, runs it again, and compares with a clean run (INV-19).
 *  Returns null where all is as it should be. */
async function differenceAfterACrash(files: readonly Migration[]): Promise<unknown> {
  const clean = await cleanRun(server, files);
  return withDatabase(createOwnDatabase(server), async (database) => {
    await run(database, files.slice(0, 12));
    // So the build of the first index is over, and the run stands still in that of the second.
    await onDatabase(database, (connection) =>
      connection.run("drop index if exists idx_payment_outbox_pending_expired_lease"),
    );
    const holder = await database.connect();
    await holder.run(oldSnapshot);
    const doomed = run(database, files).catch((error: unknown) => error);
    await terminate(maintenance, await waitingBackend(maintenance, database));
    expect(await doomed).toBeInstanceOf(Error);
    await holder.run("rollback");
    await holder.close();

    const failure = await run(database, files).catch((error: unknown) => error);
    if (failure instanceof Error) return failure;
    const found = await look(database);
    return JSON.stringify(found) === JSON.stringify(clean)
      ? null
      : found.filter((line) => !clean.includes(line));
  });
}

test("our own migrations are mended by the next run", async () => {
  expect(await differenceAfterACrash(await migrationsWith(new Map()))).toBeNull();
});

test.each(runnerBugs.map((bug) => [bug.id, bug] as const))("%s is seen after a crash", async (_, bug) => {
  expect(await differenceAfterACrash(await migrationsWith(plant(bug, read)))).not.toBeNull();
});

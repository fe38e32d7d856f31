import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import { ConnectionLost, type Connection } from "./connection.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { readMigrations } from "./migrations.ts";
import { migrate } from "./migrator.ts";
import { createOwnDatabase, onDatabase } from "./own-database.ts";
import { dyingAt } from "./testing/crash-points.ts";
import { cleanRun, forgetRoles, look, nextTurn, run, terminate, withDatabase } from "./testing/migrated.ts";

/** Many runners at once: each ends well, each file is applied once, and the schema is that of one clean run. */

const files = await readMigrations(ownMigrationsDirectory);
const versions = files.map(({ version }) => version);
let server: EmbeddedServer;
let maintenance: Connection;
let clean: readonly string[];

beforeAll(async () => {
  server = await embeddedProvider().start();
  maintenance = await server.connect(null);
  clean = await cleanRun(server, files);
});
// Each test makes the cluster's roles again.
afterEach(() => forgetRoles(server));
afterAll(async () => {
  await maintenance.close();
  await server.stop();
});

test.each([2, 3, 8])("%i runners of one database", async (count) => {
  await forgetRoles(server);
  await withDatabase(createOwnDatabase(server), async (database) => {
    const outcomes = await Promise.all(Array.from({ length: count }, () => run(database, files)));
    expect(outcomes.flatMap(({ applied }) => applied).sort()).toEqual(versions);
    for (const { applied, already } of outcomes) expect(applied.length + already).toBe(files.length);
    expect(await look(database)).toEqual(clean);
    const locks = "select from pg_locks where locktype = 'advisory'";
    expect(await onDatabase(database, async (each) => (await each.query(locks, [])).rowCount)).toBe(0);
  });
});

test("two runners of each of two databases, whose roles are the same ones", async () => {
  await forgetRoles(server);
  await withDatabase(createOwnDatabase(server), (one) =>
    withDatabase(createOwnDatabase(server), async (other) => {
      const outcomes = await Promise.all([one, other, one, other].map((each) => run(each, files)));
      expect(outcomes.flatMap(({ applied }) => applied).sort()).toEqual([...versions, ...versions].sort());
      expect(await look(one)).toEqual(clean);
      expect(await look(other)).toEqual(clean);
    }),
  );
});

test("of three runners the one that has the lock dies, and the others finish its work", async () => {
  await withDatabase(createOwnDatabase(server), async (database) => {
    const applied: string[] = [];
    const doomed = await database.connect();
    // Far enough in that the first files are committed: four questions, the ledger, five round trips a file.
    const point = { roundTrip: 23, statement: 0, sql: "", name: "" };
    const dying = dyingAt(point, doomed, (pid) => terminate(maintenance, pid));
    let others: Promise<unknown>[] = [];
    const first = migrate(dying, files, {
      wait: nextTurn,
      onApplied: (version) => {
        applied.push(version);
        if (others.length === 0) others = [run(database, files), run(database, files)];
      },
    });
    await expect(first).rejects.toThrow(ConnectionLost);
    await doomed.close();
    expect(applied.length).toBeGreaterThan(1);
    expect(applied.length).toBeLessThan(files.length);
    expect(others).toHaveLength(2);
    await Promise.all(others);
    expect(await look(database)).toEqual(clean);
  });
});

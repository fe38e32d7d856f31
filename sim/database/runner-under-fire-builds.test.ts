import { afterAll, beforeAll, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import type { Connection } from "./connection.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { parseMigration, readMigrations, type Migration } from "./migrations.ts";
import { MigrationFailed } from "./migrator.ts";
import { createOwnDatabase, type OwnDatabase, onDatabase } from "./own-database.ts";
import { invalidIndexes } from "./testing/invalid-indexes.ts";
import { cleanRun, look, run, withDatabase } from "./testing/migrated.ts";
import { openWriter, waitingBackend } from "./testing/stands.ts";
import { leasedRows, writeInLoop } from "./testing/writers.ts";

/** The file without transaction: beside sessions that write, and where its build fails for a reason in the data. */

const files = await readMigrations(ownMigrationsDirectory);
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

const fillPending = `
  select enqueue_payment_outbox('row-' || n, 'filler', 'k', 'rail', '{}') from generate_series(1, 500) n;
  select count(*) from claim_outbox_batch(200, 'filler', 60)`;

test("0013 over rows, beside writers: no writer fails or waits for it, the indexes are valid and complete", async () => {
  const clean = await cleanRun(server, files);
  await withDatabase(createOwnDatabase(server), async (database) => {
    await run(database, files.slice(0, 12));
    await onDatabase(database, (connection) => connection.run(fillPending));
    await buildBesideWriters(database);
    expect(await look(database)).toEqual(clean);
    expect(await onDatabase(database, invalidIndexes)).toEqual([]);
    const [byIndex, byTable] = await onDatabase(database, leasedRows);
    expect(byTable).toBeGreaterThan(200);
    expect(byIndex).toBe(byTable);
  });
});

/** An open writer holds the build up until every other writer has made its calls: they do not wait for the build. */
async function buildBesideWriters(database: OwnDatabase): Promise<void> {
  const holder = await database.connect();
  await holder.run(openWriter);
  let over = false;
  const migration = run(database, files).finally(() => (over = true));
  await waitingBackend(maintenance, database, () => !over);
  const write = (name: string, least: number): Promise<unknown> =>
    onDatabase(database, (connection) =>
      writeInLoop(connection, name, { least, most: 2000 }, () => over || least > 0),
    );
  await Promise.all(["a", "b", "c"].map((name) => write(name, 20)));
  expect(over).toBe(false);
  const others = Promise.all(["d", "e", "f"].map((name) => write(name, 0)));
  await holder.run("commit");
  await holder.close();
  expect((await migration).applied).toHaveLength(1);
  await others;
}

/** A build as 0013 makes them, unique. */
const uniqueBuild = `-- symphony:no_tx
drop index concurrently if exists public.ux_invalid;
do $$ begin
  if exists (select from pg_index where indexrelid = to_regclass('public.ux') and not indisvalid) then
    alter index public.ux rename to ux_invalid;
  end if;
end $$;
drop index concurrently if exists public.ux_invalid;
create unique index concurrently if not exists ux on public.twins (x);`;

const twins: readonly Migration[] = [
  ["0001_twins.sql", "create table public.twins (x int); insert into twins values (1), (1)"] as const,
  ["0002_unique.sql", uniqueBuild] as const,
].map(([version, text], index) => parseMigration(version, index + 1, Buffer.from(text)));

test("a build that the data refuse fails as often as it is run, and once they are mended the file is applied", async () => {
  await withDatabase(createOwnDatabase(server), async (database) => {
    for (const already of [0, 1]) {
      const failure = await run(database, twins).catch((error: unknown) => error);
      expect(failure, `run ${already}`).toBeInstanceOf(MigrationFailed);
      expect(failure).toMatchObject({ version: "0002_unique.sql", line: 9, cause: { sqlstate: "23505" } });
      expect(await onDatabase(database, invalidIndexes)).toEqual(["ux"]);
    }
    await onDatabase(database, (connection) => connection.run("delete from twins where ctid = '(0,1)'"));
    expect(await run(database, twins)).toEqual({ applied: ["0002_unique.sql"], already: 1 });
    expect(await onDatabase(database, invalidIndexes)).toEqual([]);
    expect((await look(database)).some((line) => line.startsWith("index ux "))).toBe(true);
  });
});

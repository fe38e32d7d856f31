import { cp, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import { embeddedProvider, type EmbeddedServer } from "./embedded/provider.ts";
import { MigrationRefused, readMigrations } from "./migrations.ts";
import { MigrationFailed, type MigrationOutcome } from "./migrator.ts";
import { copyOwnDatabase, createOwnDatabase, type OwnDatabase } from "./own-database.ts";
import { look, run } from "./testing/migrated.ts";

/** Bad files beside our own, on a database that has ours: refused by name, and not even the good new file that comes
 *  before the bad one is applied. What needs no database is in migrations.test.ts. */

let server: EmbeddedServer;
let migrated: OwnDatabase;
let database: OwnDatabase;
let directory = "";

beforeAll(async () => {
  server = await embeddedProvider().start();
  migrated = await createOwnDatabase(server);
  await run(migrated, await readMigrations(ownMigrationsDirectory));
});
beforeEach(async () => {
  database = await copyOwnDatabase(server, migrated);
  directory = await mkdtemp(join(tmpdir(), "under-fire-"));
  await cp(ownMigrationsDirectory, directory, { recursive: true });
});
afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});
afterAll(() => server.stop());

const path = (name: string): string => join(directory, name);
const write = (name: string, content: string | Buffer): Promise<void> => writeFile(path(name), content);
const edit = async (name: string, change: (text: string) => string): Promise<void> =>
  writeFile(path(name), change(await readFile(path(name), "utf8")));
const runDirectory = async (): Promise<MigrationOutcome> => run(database, await readMigrations(directory));

const good = "create table never (x int);";
const badFiles: readonly (readonly [string, () => Promise<void>, RegExp])[] = [
  [
    "an applied file, one blank longer",
    () => edit("0005_policy_versions.sql", (text) => `${text} `),
    /^0005_policy_versions\.sql: has changed/,
  ],
  [
    "an applied file with other line ends",
    () => edit("0007_outbox_pending_indexes.sql", (text) => text.replaceAll("\n", "\r\n")),
    /^0007_outbox_pending_indexes\.sql: has changed/,
  ],
  [
    "an applied file with a byte order mark",
    () => edit("0003_roles.sql", (text) => `\uFEFF${text}`),
    /^0003_roles\.sql: begins with a byte order mark/,
  ],
  [
    "an applied file that is empty now",
    () => write("0013_outbox_pending_indexes_concurrently.sql", ""),
    /^0013_outbox_pending_indexes_concurrently\.sql: has changed/,
  ],
  ["an applied file that is gone", () => rm(path("0001_init.sql")), /^0001_init\.sql: .* its file is gone/],
  [
    "an applied file with a new number",
    () =>
      rename(
        path("0013_outbox_pending_indexes_concurrently.sql"),
        path("0020_outbox_pending_indexes_concurrently.sql"),
      ),
    /^0013_.*its file is gone/,
  ],
  [
    "a new file with a number below",
    () => write("0000_early.sql", "select 1"),
    /^0000_early\.sql: lies below number 13/,
  ],
  [
    "a new file with an applied one's number",
    () => write("0009_twin.sql", "select 1"),
    /^0009_twin\.sql: has the number of 0009_pending_fillfactor\.sql/,
  ],
  [
    "a new file that is no UTF-8",
    () => write("0015_bad.sql", Buffer.from("select '\xe9'", "latin1")),
    /^0015_bad\.sql: is not UTF-8/,
  ],
  [
    "a new file with a byte 0",
    () => write("0015_bad.sql", "select 1;\0"),
    /^0015_bad\.sql: line 1: holds a byte 0/,
  ],
  [
    "a new file with a syntax error",
    () => write("0015_bad.sql", "select 1;\r\nselec 2;\r\n"),
    /^0015_bad\.sql: line 2: syntax error/,
  ],
  [
    "a new file that commits",
    () => write("0015_bad.sql", "select 1;\nCoMMit;"),
    /^0015_bad\.sql: line 2: transaction command CoMMit/,
  ],
  [
    "a new file with a byte order mark before the marker",
    () => write("0015_bad.sql", "\uFEFF-- symphony:no_tx\nselect 1;"),
    /^0015_bad\.sql: begins with a byte order mark/,
  ],
];

test.each(badFiles)("refused, nothing changed: %s", async (_, spoil, message) => {
  await write("0014_good.sql", good);
  await spoil();
  const before = await look(database);
  const outcome = await runDirectory().catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(MigrationRefused);
  expect((outcome as MigrationRefused).message).toMatch(message);
  expect(await look(database)).toEqual(before);
});

test("an empty file and one with the line ends of Windows are applied, once", async () => {
  await write("0014_empty.sql", "");
  await write("0015_windows.sql", "create table windows (\r\n  x text default 'a\r\nb'\r\n);\r\n");
  expect((await runDirectory()).applied).toEqual(["0014_empty.sql", "0015_windows.sql"]);
  const after = await look(database);
  expect(after.some((line) => line.startsWith("relation windows "))).toBe(true);
  expect(await runDirectory()).toEqual({ applied: [], already: 15 });
  expect(await look(database)).toEqual(after);
});

test.each([
  ["transactional", "", 3],
  ["without transaction", "-- symphony:no_tx\r\n", 4],
])("a file that the server refuses, %s, with its line", async (_, head, line) => {
  await write("0014_bad.sql", `${head}select 'é';\r\n\r\nselect nonsense;\r\n`);
  const before = await look(database);
  const outcome = await runDirectory().catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(MigrationFailed);
  expect(outcome).toMatchObject({ version: "0014_bad.sql", line });
  expect(await look(database)).toEqual(before);
});

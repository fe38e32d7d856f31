import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { type Migration, parseMigration } from "../../sim/database/migrations.ts";
import { onMigratedDatabase } from "../../sim/foundation/throw-away.ts";
import { verifyFoundation } from "../../sim/foundation/verify.ts";
import { migrationsWith, ownMigrationsDirectory } from "../../sim/testing/embedded-stage.ts";
import { foundationBugs, type FoundationBug } from "./foundation-bugs.ts";
import { plant } from "./planted-bug.ts";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

const read = (file: string): string => readFileSync(join(ownMigrationsDirectory, file), "utf8");
const wait = (): Promise<void> => setTimeout(10);

async function migrationsOf(bug: FoundationBug): Promise<readonly Migration[]> {
  const own = await migrationsWith(plant(bug, read));
  if (bug.later === null) return own;
  return [...own, parseMigration("0014_later.sql", 14, Buffer.from(bug.later))];
}

async function violatedBy(bug: FoundationBug): Promise<readonly string[]> {
  const migrations = await migrationsOf(bug);
  return onMigratedDatabase(server, migrations, wait, async (connection) => {
    if (bug.afterwards !== null) await connection.run(bug.afterwards);
    const results = await verifyFoundation(connection, migrations);
    return results.filter(({ status }) => status !== "ok").map(({ id }) => id);
  });
}

describe("verify calls each wrong change by name, and nothing else", () => {
  test.each(foundationBugs.map((bug) => [bug.description, bug] as const))("%s", async (_, bug) => {
    try {
      expect(await violatedBy(bug)).toEqual(bug.violates);
    } finally {
      const connection = await server.connect(null);
      await connection.run("ALTER ROLE symphony_readonly NOLOGIN; DROP ROLE IF EXISTS foundation_bug_maker");
      await connection.close();
    }
  });
});

test("a later function of the same role is closed by the default privileges: nothing to call", async () => {
  const later = "CREATE FUNCTION public.later() RETURNS int LANGUAGE sql RETURN 1;";
  const bug = { id: "none", description: "", edits: [], later, afterwards: null, violates: [] };
  expect(await violatedBy(bug)).toEqual([]);
});

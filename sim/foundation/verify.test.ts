import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Connection } from "../database/connection.ts";
import { type EmbeddedServer, embeddedProvider } from "../database/embedded/provider.ts";
import { type Migration, readMigrations } from "../database/migrations.ts";
import { migrate } from "../database/migrator.ts";
import { copyOwnDatabase, createOwnDatabase, type OwnDatabase } from "../database/own-database.ts";
import { ownMigrationsDirectory } from "../testing/embedded-stage.ts";
import { changes } from "./changes.fixture.ts";
import type { CheckResult } from "./check.ts";
import { foundationChecks, verifyFoundation } from "./verify.ts";

let server: EmbeddedServer;
let migrations: readonly Migration[];
let original: OwnDatabase;

beforeAll(async () => {
  server = await embeddedProvider().start();
  migrations = await readMigrations(ownMigrationsDirectory);
  original = await createOwnDatabase(server);
  const connection = await original.connect();
  await migrate(connection, migrations, { wait: () => setTimeout(10) });
  await connection.close();
});
afterAll(() => server.stop());

async function onCopy<T>(action: (connection: Connection) => Promise<T>): Promise<T> {
  const copy = await copyOwnDatabase(server, original);
  const connection = await copy.connect();
  try {
    return await action(connection);
  } finally {
    await connection.close();
    await copy.drop();
  }
}

const broken = (results: readonly CheckResult[]): readonly string[] =>
  results
    .filter(({ status }) => status !== "ok")
    .map(({ id, status }) => (status === "unknown" ? `${id}?` : id));

test("a good database passes every check", async () => {
  await onCopy(async (connection) => {
    expect(broken(await verifyFoundation(connection, migrations))).toEqual([]);
  });
});

test("ids are unique, and each check has a change below that it sees", () => {
  const ids = foundationChecks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const seen = new Set(changes.flatMap(({ violates }) => violates));
  expect(ids.filter((id) => !seen.has(id))).toEqual([]);
});

describe("a wrong change violates its checks and no others", () => {
  test.each(changes.map((change) => [change.sql, change] as const))("%s", async (_, change) => {
    const { sql, violates, undo } = change;
    await onCopy(async (connection) => {
      await connection.run(sql);
      try {
        const results = await verifyFoundation(connection, migrations);
        expect(broken(results)).toEqual(violates);
        for (const { status, problems, reason } of results) {
          if (status === "violated")
            for (const { sql: mend, advice } of problems) expect(mend ?? advice).toBeTruthy();
          if (status === "unknown") expect(reason).toBeTruthy();
        }
      } finally {
        if (undo !== undefined) await connection.run(undo);
      }
    });
  });
});

describe("what is said mends it", () => {
  const mendable = [
    "ALTER TABLE payment_outbox_pending RESET (fillfactor)",
    "ALTER TABLE payment_outbox_attempts ENABLE TRIGGER trg_deny_outbox_attempts_mutation",
    "DROP INDEX idx_payment_outbox_pending_due_claim",
    "GRANT SELECT (payload_hash) ON ingress_attestations TO symphony_readonly",
    "GRANT EXECUTE ON FUNCTION claim_outbox_batch TO PUBLIC",
    "ALTER FUNCTION claim_outbox_batch SET search_path = pg_catalog, public",
    "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
    "ALTER TABLE payment_outbox_pending DROP CONSTRAINT payment_outbox_pending_lease_whole",
    "ALTER ROLE symphony_readonly LOGIN",
    "DROP TRIGGER trg_deny_revoked_tokens_mutation ON revoked_tokens",
  ];
  test.each(mendable)("%s", async (sql) => {
    await onCopy(async (connection) => {
      await connection.run(sql);
      const found = await verifyFoundation(connection, migrations);
      expect(broken(found)).not.toEqual([]);
      const mends = new Set(found.flatMap(({ problems }) => problems.map((problem) => problem.sql ?? "")));
      // CONCURRENTLY refuses to be one of several in a round trip.
      for (const mend of mends) for (const statement of mend.split("; ")) await connection.run(statement);
      expect(broken(await verifyFoundation(connection, migrations))).toEqual([]);
    });
  });
});

test("it only reads: the transaction is read-only and is rolled back", async () => {
  await onCopy(async (connection) => {
    await connection.run(
      "CREATE TABLE traces (x int); REVOKE ALL ON traces FROM PUBLIC; " +
        "CREATE OR REPLACE FUNCTION uuid_strategy() RETURNS text LANGUAGE plpgsql AS " +
        "$$ BEGIN INSERT INTO public.traces VALUES (1); RETURN 'uuidv7'; END $$",
    );
    expect(broken(await verifyFoundation(connection, migrations))).toEqual(["uuid.strategy?"]);
    expect((await connection.query("SELECT FROM traces", [])).rowCount).toBe(0);
  });
});

test("whoever may not read the ledger learns the rest", async () => {
  await onCopy(async (connection) => {
    await connection.run("CREATE ROLE stranger; SET ROLE stranger");
    const found = broken(await verifyFoundation(connection, migrations));
    await connection.run("RESET ROLE; DROP ROLE stranger");
    // Without USAGE on the schema the expressions that name its enums can't be tried.
    expect(found).toEqual([
      "rules.payment_outbox_attempts?",
      "rules.policy_versions?",
      "index.ux_outbox_attempts_one_terminal_per_outbox?",
      "index.ux_policy_versions_single_active?",
      "ledger.files?",
      "ledger.order?",
      "uuid.strategy?",
      "ceiling.setting?",
    ]);
  });
});

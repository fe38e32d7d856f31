import { afterAll, beforeAll, expect, test } from "vitest";
import { claim, enqueue, repair } from "../model/fixtures.ts";
import { preparedCallSql } from "./call-sql.ts";
import type { Connection } from "./database/connection.ts";
import { type EmbeddedServer, embeddedProvider } from "./database/embedded/provider.ts";
import { readMigrations } from "./database/migrations.ts";
import { migrate } from "./database/migrator.ts";
import { onDatabase, createOwnDatabase } from "./database/own-database.ts";
import { nextTurn, withDatabase } from "./database/testing/migrated.ts";
import { prepareSql } from "./prepared-calls.ts";
import { ownMigrationsDirectory } from "./testing/embedded-stage.ts";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

const lastRows = async (connection: Connection, sql: string) => (await connection.run(sql)).at(-1)?.rows;

test("what was prepared before a migration does after it what the migrated functions do", async () => {
  const files = await readMigrations(ownMigrationsDirectory);
  // Without the wake-up, and without repair's ceiling; 0006 and 0010 replace the functions.
  const before = files.filter(({ number }) => number <= 5);
  await withDatabase(createOwnDatabase(server), (database) =>
    onDatabase(database, async (runner) => {
      await migrate(runner, before, { wait: nextTurn });
      await onDatabase(database, async (session) => {
        const heard: string[] = [];
        session.onNotification(({ channel }) => heard.push(channel));
        await session.run(`LISTEN symphony_outbox; ${prepareSql}`);
        const lease = async () => {
          await session.run(preparedCallSql(claim({ leaseSeconds: 1 })));
          await runner.run(
            "UPDATE payment_outbox_pending SET lease_expires_at = now() - interval '1 s' WHERE lease_token IS NOT NULL",
          );
        };
        await session.run(preparedCallSql(enqueue()));
        await lease();
        await session.run(preparedCallSql(repair()));
        expect(heard).toEqual([]);

        await migrate(runner, files, { wait: nextTurn });
        await runner.run(
          "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET symphony.outbox_retry_ceiling = 2', current_database()); END $$",
        );
        await session.run(preparedCallSql(enqueue({ idempotencyKey: "2" })));
        expect(heard).toEqual(["symphony_outbox"]);
        await runner.run("UPDATE payment_outbox_pending SET next_attempt_at = now()");
        await lease();
        await session.run(preparedCallSql(repair({ batchSize: 2 })));
        expect(
          await lastRows(
            runner,
            "SELECT attempt_no, state::text FROM payment_outbox_attempts WHERE idempotency_key = '1' ORDER BY 1",
          ),
        ).toEqual([
          { attempt_no: 1, state: "ZOMBIE_REQUEUE" },
          { attempt_no: 2, state: "FAILED" },
        ]);
        // A plan from before knows nothing of a column that came, and asks for the same ones.
        await runner.run("ALTER TABLE payment_outbox_pending ADD COLUMN note text");
        expect(await lastRows(session, preparedCallSql(claim({ batchSize: 5 })))).toHaveLength(1);
        expect(await lastRows(session, preparedCallSql({ kind: "ceiling" }))).toEqual([{ ceiling: 2 }]);
      });
    }),
  );
});

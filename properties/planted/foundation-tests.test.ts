import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { buildBench } from "../../sim/foundation/suites/bench.ts";
import { suites } from "../../sim/foundation/suites/index.ts";
import { runSuite, type TestResult } from "../../sim/foundation/suites/run-suite.ts";
import { migrationsWith, ownMigrationsDirectory } from "../../sim/testing/embedded-stage.ts";
import { type Edit, plant } from "./planted-bug.ts";

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const policies = "0005_policy_versions.sql";
const repair = "0006_repair_expired_leases_retry_ceiling.sql";
const notify = "0010_outbox_notify.sql";
const concurrently = "0013_outbox_pending_indexes_concurrently.sql";

const edit = (file: string, find: string, replace: string): Edit => ({ file, find, replace });
const lastLine = "WHERE lease_expires_at IS NOT NULL;";
const invalid = (index: string): Edit =>
  edit(
    concurrently,
    lastLine,
    `${lastLine}\nUPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = 'public.${index}'::regclass;`,
  );
const neverSeenInvalid = (index: string): Edit =>
  edit(
    concurrently,
    `to_regclass('public.${index}')\n               AND NOT (i.indisvalid AND i.indisready)`,
    `to_regclass('public.${index}')\n               AND false`,
  );
const sorted = "ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id";
const unsortable = edit(
  functions,
  sorted,
  `ORDER BY p.next_attempt_at + interval '0', p.created_at, p.participant_id, p.sequence_id`,
);

/** For each of the foundation's tests a wrong change that it sees. Those of the runner are not here: no migration can
 *  make them fail, only the runner. */
const wrongChanges: Readonly<Record<string, Edit>> = {
  "db-functions.uuid-wrapper": edit(
    init,
    "RETURN pg_catalog.uuidv7();",
    "RETURN pg_catalog.gen_random_uuid();",
  ),
  "db-functions.uuid-strategy": edit(init, "RETURN 'uuidv7';", "RETURN 'gen_random_uuid';"),
  "db-functions.allocator": edit(
    functions,
    "SET next_sequence_id = s.next_sequence_id + 1",
    "SET next_sequence_id = s.next_sequence_id + 2",
  ),
  "db-functions.ceiling": edit(functions, "v_text::int BETWEEN 1 AND 1000", "v_text::int BETWEEN 0 AND 1000"),
  "db-functions.append-only": edit(
    "0012_revocation_tables.sql",
    "BEFORE UPDATE OR DELETE OR TRUNCATE ON public.revoked_tokens",
    "BEFORE UPDATE OR DELETE ON public.revoked_tokens",
  ),
  "db-functions.policy": edit(policies, " CHECK (octet_length(checksum) > 0)", ""),
  "db-functions.single-active": edit(policies, "CREATE UNIQUE INDEX", "CREATE INDEX"),
  "db-functions.terminal-uniqueness": edit(
    "0008_outbox_terminal_uniqueness.sql",
    "WHERE state IN ('DISPATCHED', 'FAILED')",
    "WHERE state = 'DISPATCHED'",
  ),
  "db-functions.notify": edit(
    notify,
    "    RETURN NEXT;\n    RETURN;",
    "    PERFORM pg_notify('symphony_outbox', '');\n    RETURN NEXT;\n    RETURN;",
  ),
  "db-functions.no-public-privilege": edit(
    policies,
    "GRANT INSERT, UPDATE ON",
    "GRANT SELECT ON public.policy_versions TO PUBLIC;\nGRANT INSERT, UPDATE ON",
  ),
  "idempotency.enqueue-twice": edit(
    notify,
    "    RETURN NEXT;\n    RETURN;",
    "    created_at := now();\n    RETURN NEXT;\n    RETURN;",
  ),
  "zombie.lease-is-exclusive": edit(
    functions,
    "WHERE p.lease_expires_at IS NULL AND p.next_attempt_at <= now()",
    "WHERE (p.lease_expires_at IS NULL OR p.lease_expires_at <= now()) AND p.next_attempt_at <= now()",
  ),
  "zombie.repair-records": edit(repair, "'ZOMBIE_REQUEUE', now(), now(),", "'RETRYABLE', now(), now(),"),
  "zombie.completion-refused": edit(
    functions,
    ' AND p.lease_token = p_lease_token AND p.claimed_by = p_worker_id COLLATE "C"\n    AND p.lease_expires_at > now()',
    "",
  ),
  "zombie.completion-refused-before-repair": edit(
    functions,
    "AND p.lease_expires_at > now()",
    "AND p.lease_expires_at >= now()",
  ),
  "idempotency.re-enqueue": edit(notify, "ORDER BY a.attempt_no DESC", "ORDER BY a.attempt_no"),
  "no-tx.built-valid": invalid("idx_payment_outbox_pending_expired_lease"),
  "no-tx.failed-build-of-repair-index": neverSeenInvalid("idx_payment_outbox_pending_expired_lease"),
  "no-tx.failed-build-of-claim-index": neverSeenInvalid("idx_payment_outbox_pending_due_claim"),
  "outbox-pending-indexes.name-and-columns": edit(
    "0007_outbox_pending_indexes.sql",
    "(next_attempt_at, lease_expires_at, created_at)",
    "(next_attempt_at, created_at)",
  ),
  "outbox-pending-indexes.valid": invalid("idx_payment_outbox_pending_due_claim"),
  "outbox-pending-indexes.plan-of-call-1": unsortable,
  "outbox-pending-indexes.plan-of-call-10": unsortable,
};
const ofTheRunner = ["no-tx.marker", "no-tx.marker-alone", "no-tx.second-run"];
const tests = suites.flatMap((suite) => suite.tests);

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

const read = (file: string): string => readFileSync(join(ownMigrationsDirectory, file), "utf8");

test("each test has a wrong change below, or is the runner's", () => {
  expect(tests.map(({ id }) => id).filter((id) => !ofTheRunner.includes(id))).toEqual(
    Object.keys(wrongChanges),
  );
});

describe("a wrong change makes its test fail, by what it is about and not by accident", () => {
  test.each(Object.entries(wrongChanges))("%s", async (id, change) => {
    const migrations = await migrationsWith(plant({ id, edits: [change] }, read));
    const built = await buildBench(server, migrations, () => setTimeout(10));
    try {
      const results: TestResult[] = [];
      const chosen = { name: "one", tests: tests.filter((each) => each.id === id) };
      await runSuite(chosen, built.bench, (result) => results.push(result));
      expect(results).toMatchObject([{ id, status: "failed" }]);
      // NotAsPromised names what was promised or what is missing; a bare SQLSTATE would be an accident.
      expect(results[0]?.details).not.toMatch(/\(SQLSTATE \w{5}\)$/);
    } finally {
      await built.dispose();
    }
  });
});

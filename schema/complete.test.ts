import { beforeEach, describe, expect, test } from "vitest";
import { sqlstateOf } from "./migrated-server.ts";
import {
  dueAll,
  copiedColumns,
  badArgument,
  blocked,
  claimSql,
  completeSql,
  enqueueSql,
  expireAll,
  outboxDatabase,
} from "./outbox-calls.ts";

const own = outboxDatabase();

describe("complete", () => {
  let lease: Record<string, unknown> | undefined;
  beforeEach(async () => {
    await own.db.run(enqueueSql("a"));
    lease = (await own.rows(claimSql()))[0];
  });

  test.each(["DISPATCHED", "FAILED"])("records %s whole and ends the row", async (state) => {
    await own.db.run("begin");
    const [answer] = await own.rows(completeSql(lease, state, ", 'ref', 'rc', 'ec', 'em', 12, 99"));
    const now = await own.value("select now()");
    await own.db.run("commit");
    expect(answer).toEqual({ attempt_no: 1, state });
    expect(await own.pending()).toEqual([]);
    const [recorded] = await own.attempts();
    expect(recorded).toEqual({
      attempt_id: recorded?.["attempt_id"],
      outbox_id: lease?.["outbox_id"],
      ...copiedColumns,
      attempt_no: 1,
      state,
      claimed_at: now,
      completed_at: now,
      rail_reference: "ref",
      rail_code: "rc",
      error_code: "ec",
      error_message: "em",
      latency_ms: 12,
      worker_id: "w",
      created_at: now,
    });
  });

  test.each([
    ["", 1],
    [", null, null, null, null, null, 90", 90],
    [", null, null, null, null, null, 0", 1],
    [", null, null, null, null, null, -5", 1],
    [", null, null, null, null, null, null", 1],
    [", null, null, null, null, null, 2147483647", 2147483647],
  ])("RETRYABLE%s comes back after %i seconds", async (rest, seconds) => {
    await own.db.run("begin");
    expect(await own.rows(completeSql(lease, "RETRYABLE", rest))).toEqual([
      { attempt_no: 1, state: "RETRYABLE" },
    ]);
    const due = await own.value(`select now() + interval '${String(seconds)} seconds'`);
    await own.db.run("commit");
    expect(await own.pending()).toMatchObject([
      { attempt_count: 1, next_attempt_at: due, claimed_by: null, lease_token: null, lease_expires_at: null },
    ]);
    expect(await own.attempts()).toMatchObject([{ state: "RETRYABLE", completed_at: null }]);
  });

  test.each([
    ["the end of the lease, exactly", expireAll],
    ["another token", "update payment_outbox_pending set lease_token = gen_random_uuid()"],
    ["another worker", "update payment_outbox_pending set claimed_by = 'W'"],
    ["a completion before", "delete from payment_outbox_pending"],
  ])("P7002 after %s, and nothing changes", async (_, change) => {
    await own.db.run(`begin; ${change}`);
    const before = await own.pending();
    await own.db.run("savepoint s");
    const answer = await own.db.run(completeSql(lease)).catch((error: unknown) => error);
    expect(answer).toMatchObject({ sqlstate: "P7002", message: "LEASE_LOST" });
    await own.db.run("rollback to s");
    expect([await own.pending(), await own.attempts()]).toEqual([before, []]);
    await own.db.run("rollback");
  });

  test("P7002 for a null id, token or worker, and for a row without a lease", async () => {
    const call = (id: unknown, token: unknown, worker: string): Promise<string> =>
      own.outcome(`select complete_outbox_attempt(${String(id)}, ${String(token)}, ${worker}, 'DISPATCHED')`);
    const id = `'${String(lease?.["outbox_id"])}'`;
    const token = `'${String(lease?.["lease_token"])}'`;
    expect(await call("null", token, "'w'")).toBe("P7002");
    expect(await call(id, "null", "'w'")).toBe("P7002");
    expect(await call(id, token, "null")).toBe("P7002");
    await own.db.run(
      "update payment_outbox_pending set claimed_by = null, lease_token = null, lease_expires_at = null",
    );
    expect(await call(id, "null", "null")).toBe("P7002");
  });

  test("a lease that ends one microsecond later is live", async () => {
    await own.db.run(
      "begin; update payment_outbox_pending set lease_expires_at = now() + interval '1 microsecond'",
    );
    expect(await own.outcome(completeSql(lease))).toBe("ok");
    await own.db.run("commit");
  });

  test("P7003 for another state or none; a negative latency is a bad argument", async () => {
    for (const state of ["DISPATCHING", "ZOMBIE_REQUEUE"])
      expect(await own.outcome(completeSql(lease, state))).toBe("P7003");
    expect(await own.outcome(completeSql(lease).replace("'DISPATCHED'", "null"))).toBe("P7003");
    expect(await own.outcome(completeSql(lease, "FAILED", ", null, null, null, null, -1"))).toMatch(
      badArgument,
    );
    expect(await own.attempts()).toEqual([]);
  });

  test("RETRYABLE at the ceiling is FAILED, its arguments still as given", async () => {
    await own.db.run(`alter database ${own.name} set symphony.outbox_retry_ceiling = 2`);
    expect(await own.rows(completeSql(lease, "RETRYABLE"))).toEqual([{ attempt_no: 1, state: "RETRYABLE" }]);
    await own.db.run(dueAll);
    lease = (await own.rows(claimSql()))[0];
    expect(lease).toMatchObject({ attempt_count: 1 });
    expect(await own.rows(completeSql(lease, "RETRYABLE", ", null, null, 'E7'"))).toEqual([
      { attempt_no: 2, state: "FAILED" },
    ]);
    expect(await own.pending()).toEqual([]);
    const [, second] = await own.attempts();
    expect(second).toMatchObject({ attempt_no: 2, error_code: "E7", completed_at: second?.["created_at"] });
  });

  test("numbers go on from what the ledger holds, not from the row's count", async () => {
    await own.db
      .run(`insert into payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id, idempotency_key,
      rail_type, payload, attempt_no, state) select outbox_id, 'a', 'p', 1, 'k', 'r', '{}', 5, 'RETRYABLE' from payment_outbox_pending`);
    expect(await own.rows(completeSql(lease))).toMatchObject([{ attempt_no: 6 }]);
  });

  test("two completions at once: the second waits, then has lost its lease", async () => {
    const other = await own.another();
    const third = await own.another();
    await other.run(`begin; ${completeSql(lease)}`);
    const second = sqlstateOf(third, completeSql(lease));
    await blocked(third, other);
    await other.run("commit");
    expect(await second).toBe("P7002");
    expect(await own.attempts()).toHaveLength(1);
  });

  test("a stranger waits for nobody", async () => {
    const other = await own.another();
    await other.run(`begin; ${completeSql(lease)}`);
    await own.db.run("set lock_timeout = '1s'");
    expect(await own.outcome(completeSql({ ...lease, lease_token: lease?.["outbox_id"] }))).toBe("P7002");
  });
});

import { describe, expect, test } from "vitest";
import { sqlstateOf } from "./migrated-server.ts";
import {
  copiedColumns,
  badArgument,
  claimSql,
  enqueueSql,
  expireAll,
  outboxDatabase,
  repairSql,
} from "./outbox-calls.ts";

const own = outboxDatabase();

describe("repair", () => {
  test("takes the first expired leases in order, from their exact end on, and hands them back", async () => {
    for (const key of ["a", "b", "c", "d"]) await own.db.run(enqueueSql(key));
    await own.db.run(claimSql(3));
    await own.db
      .run(`begin; update payment_outbox_pending set lease_expires_at = case instruction_id when 'a' then now()
      when 'b' then now() - interval '1 second' else now() + interval '1 microsecond' end where claimed_by is not null`);
    const [a, b] = await own.pending();
    expect(await own.rows(repairSql(1))).toEqual([{ outbox_id: b?.["outbox_id"], attempt_no: 1 }]);
    expect(await own.rows(repairSql())).toEqual([{ outbox_id: a?.["outbox_id"], attempt_no: 1 }]);
    expect(await own.rows(repairSql())).toEqual([]);
    const now = await own.value("select now()");
    const due = await own.value("select now() + interval '1 second'");
    await own.db.run("commit");
    const [first, , third, fourth] = await own.pending();
    expect(first).toMatchObject({
      attempt_count: 1,
      next_attempt_at: due,
      claimed_by: null,
      lease_token: null,
      lease_expires_at: null,
    });
    expect(third).toMatchObject({ claimed_by: "w", attempt_count: 0 });
    expect(fourth).toMatchObject({ claimed_by: null, attempt_count: 0 });
    const recorded = (await own.attempts()).find((row) => row["outbox_id"] === a?.["outbox_id"]);
    expect(recorded).toEqual({
      attempt_id: recorded?.["attempt_id"],
      outbox_id: a?.["outbox_id"],
      ...copiedColumns,
      attempt_no: 1,
      state: "ZOMBIE_REQUEUE",
      claimed_at: now,
      completed_at: now,
      rail_reference: null,
      rail_code: null,
      error_code: null,
      error_message: null,
      latency_ms: null,
      worker_id: "repairer",
      created_at: now,
    });
  });

  test("at the ceiling the row ends as FAILED", async () => {
    await own.db.run(`alter database ${own.name} set symphony.outbox_retry_ceiling = 1`);
    await own.db.run(enqueueSql("a"));
    await own.db.run(claimSql());
    await own.db.run(expireAll);
    expect(await own.rows(repairSql())).toMatchObject([{ attempt_no: 1 }]);
    expect(await own.pending()).toEqual([]);
    const [recorded] = await own.attempts();
    expect(recorded).toMatchObject({
      state: "FAILED",
      error_code: "RETRY_CEILING_EXCEEDED",
      worker_id: "repairer",
      completed_at: recorded?.["created_at"],
      rail_reference: null,
      rail_code: null,
      latency_ms: null,
    });
  });

  test("passes over a locked row and never waits", async () => {
    for (const key of ["a", "b"]) await own.db.run(enqueueSql(key));
    await own.db.run(claimSql());
    await own.db.run(expireAll);
    const [, b] = await own.pending();
    const other = await own.another();
    await other.run("begin; select 1 from payment_outbox_pending where instruction_id = 'a' for key share");
    await own.db.run("set lock_timeout = '1s'");
    expect(await own.rows(repairSql())).toEqual([{ outbox_id: b?.["outbox_id"], attempt_no: 1 }]);
  });

  test.each(["null, 'r'", "0, 'r'", "1, null", "1, ''"])("refuses (%s)", async (list) => {
    expect(await own.outcome(`select repair_expired_leases(${list})`)).toMatch(badArgument);
  });

  test("at REPEATABLE READ a row that changed after the snapshot is 40001, with no effect", async () => {
    await own.db.run(enqueueSql("a"));
    await own.db.run(claimSql());
    await own.db.run(expireAll);
    const other = await own.another();
    await other.run("begin isolation level repeatable read; select 1");
    await own.db.run(repairSql());
    expect(await sqlstateOf(other, repairSql())).toBe("40001");
    expect(await own.attempts()).toHaveLength(1);
  });
});

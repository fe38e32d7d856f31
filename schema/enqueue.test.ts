import { describe, expect, test } from "vitest";
import { rowsOf, sqlstateOf } from "./migrated-server.ts";
import {
  dueAll,
  copiedColumns,
  badArgument,
  blocked,
  claimSql,
  completeSql,
  enqueueSql,
  outboxDatabase,
  type Row,
} from "./outbox-calls.ts";

const own = outboxDatabase();
const enqueue = async (...call: Parameters<typeof enqueueSql>): Promise<Row | undefined> =>
  (await own.rows(enqueueSql(...call)))[0];

describe("enqueue", () => {
  test("gives a pending row, due from now, and numbers from 1 for each participant", async () => {
    await own.db.run("begin");
    const first = await enqueue("a");
    const now = await own.value("select now()");
    await own.db.run("commit");
    expect(first).toMatchObject({ sequence_id: 1, created_at: now, state: "PENDING" });
    expect(await enqueue("b")).toMatchObject({ sequence_id: 2 });
    expect(await enqueue("c", "k", "q")).toMatchObject({ sequence_id: 1 });
    expect((await own.pending()).filter((row) => row["instruction_id"] === "a")).toEqual([
      {
        outbox_id: first?.["outbox_id"],
        ...copiedColumns,
        attempt_count: 0,
        next_attempt_at: now,
        created_at: now,
        claimed_by: null,
        lease_token: null,
        lease_expires_at: null,
      },
    ]);
    expect(await own.rows("select * from participant_outbox_sequences order by 1")).toEqual([
      { participant_id: "p", next_sequence_id: 3 },
      { participant_id: "q", next_sequence_id: 2 },
    ]);
  });

  test("repeats the first answer for ever, whatever else the repeat says", async () => {
    const first = await enqueue("a");
    const repeat = "select * from enqueue_payment_outbox('a', 'other', 'k', 'other', '{}')";
    const again = async (): Promise<unknown> => (await own.rows(repeat))[0];
    expect(await again()).toEqual(first);
    const claim = (await own.rows(claimSql()))[0];
    expect(await again()).toEqual(first);
    await own.db.run(completeSql(claim, "RETRYABLE"));
    expect(await again()).toEqual(first);
    await own.db.run(dueAll);
    await own.db.run(completeSql((await own.rows(claimSql()))[0]));
    expect(await again()).toEqual({ ...first, state: "DISPATCHED" });
    expect(await own.rows("select * from participant_outbox_sequences")).toEqual([
      { participant_id: "p", next_sequence_id: 2 },
    ]);
    expect(await own.pending()).toEqual([]);
  });

  test("has no state for a row that an administrator deleted", async () => {
    const first = await enqueue("a");
    await own.db.run("delete from payment_outbox_pending");
    expect(await enqueue("a")).toEqual({ ...first, state: null });
  });

  test("takes a key that only attempts know as new, and keys that concatenate alike as two", async () => {
    await own.db
      .run(`insert into payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id,
      idempotency_key, rail_type, payload, attempt_no, state) values (gen_random_uuid(), 'a', 'p', 7, 'bc', 'r', '{}', 1, 'FAILED')`);
    expect(await enqueue("a", "bc")).toMatchObject({ sequence_id: 1, state: "PENDING" });
    expect(await enqueue("ab", "c")).toMatchObject({ sequence_id: 2, state: "PENDING" });
  });

  test.each([
    ["null", "'p', 'k', 'r', '{}'"],
    ["''", "'p', 'k', 'r', '{}'"],
    ["repeat('é', 257)", "'p', 'k', 'r', '{}'"],
    ["'i'", "null, 'k', 'r', '{}'"],
    ["'i'", "'', 'k', 'r', '{}'"],
    ["'i'", "repeat('é', 257), 'k', 'r', '{}'"],
    ["'i'", "'p', null, 'r', '{}'"],
    ["'i'", "'p', '', 'r', '{}'"],
    ["'i'", "'p', repeat('é', 257), 'r', '{}'"],
    ["'i'", "'p', 'k', null, '{}'"],
    ["'i'", "'p', 'k', '', '{}'"],
    ["'i'", "'p', 'k', 'r', null"],
    ["'i'", "'p', 'k', 'r', 'null'"],
    ["'i'", "'p', 'k', 'r', '[]'"],
  ])("refuses (%s, %s), also as a repeat", async (instruction, rest) => {
    await enqueue("i");
    expect(await own.outcome(`select enqueue_payment_outbox(${instruction}, ${rest})`)).toMatch(badArgument);
    expect(await own.value("select count(*) from payment_outbox_keys")).toBe(1);
  });

  test("takes texts of 512 bytes", async () => {
    const text = "repeat('é', 256)";
    expect(await own.outcome(`select enqueue_payment_outbox(${text}, ${text}, ${text}, 'r', '{}')`)).toBe(
      "ok",
    );
  });

  test("a rollback leaves no gap, no key and no wake-up", async () => {
    await own.db.run(
      `begin; ${enqueueSql("a")}; rollback; begin; savepoint s; ${enqueueSql("a")}; rollback to s; commit`,
    );
    expect(await enqueue("b")).toMatchObject({ sequence_id: 1 });
    expect(await enqueue("a")).toMatchObject({ sequence_id: 2 });
  });

  test("wakes on commit, once, with an empty payload; a repeat and a rollback wake nobody", async () => {
    const listener = await own.another();
    const heard: unknown[] = [];
    listener.onNotification(({ channel, payload, pid }) =>
      heard.push({ channel, payload, own: pid === own.db.pid }),
    );
    const hear = async (sql: string): Promise<unknown[]> => {
      heard.length = 0;
      await own.db.run(sql);
      await listener.run("select 1");
      return [...heard];
    };
    await listener.run("listen symphony_outbox");
    expect(await hear(`begin; ${enqueueSql("a")}`)).toEqual([]);
    expect(await hear("commit")).toEqual([{ channel: "symphony_outbox", payload: "", own: true }]);
    expect(await hear(enqueueSql("a"))).toEqual([]);
    expect(await hear(`begin; ${enqueueSql("b")}; rollback`)).toEqual([]);
    expect(await hear(`begin; savepoint s; ${enqueueSql("b")}; rollback to s; commit`)).toEqual([]);
  });
});

describe("concurrent calls with one key: one is first, the other waits", () => {
  test.each(["read committed", "repeatable read", "serializable"])("at %s", async (level) => {
    const other = await own.another();
    await other.run(`begin isolation level ${level}; ${enqueueSql("rolled back")}`);
    const waiting = enqueue("rolled back");
    await blocked(own.db, other);
    await other.run("rollback");
    expect(await waiting).toMatchObject({ sequence_id: 1, state: "PENDING" });

    await other.run(`begin isolation level ${level}`);
    const first = (await rowsOf(other, enqueueSql("kept")))[0];
    const repeat = enqueue("kept");
    await blocked(own.db, other);
    await other.run("commit");
    expect(await repeat).toEqual(first);
  });

  test.each(["repeatable read", "serializable"])(
    "at %s a key beyond the snapshot is 40001",
    async (level) => {
      const other = await own.another();
      await other.run(`begin isolation level ${level}; select 1 from payment_outbox_keys`);
      await enqueue("a");
      expect(await sqlstateOf(other, enqueueSql("a"))).toBe("40001");
      await other.run("rollback");
      expect((await rowsOf(other, enqueueSql("a")))[0]).toEqual(await enqueue("a"));
      expect(await own.value("select count(*) from payment_outbox_pending")).toBe(1);
    },
  );

  test("a repeat waits for no counter: another key of the participant may be open", async () => {
    await enqueue("a");
    const other = await own.another();
    await other.run(`begin; ${enqueueSql("b")}`);
    expect(await enqueue("a")).toMatchObject({ sequence_id: 1 });
  });
});

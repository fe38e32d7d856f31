import { describe, expect, test } from "vitest";
import {
  dueAll,
  copiedColumns,
  badArgument,
  claimSql,
  enqueueSql,
  expireAll,
  outboxDatabase,
  repairSql,
  type Row,
} from "./outbox-calls.ts";

const own = outboxDatabase();
const enqueue = async (...call: Parameters<typeof enqueueSql>): Promise<Row | undefined> =>
  (await own.rows(enqueueSql(...call)))[0];

describe("claim", () => {
  test("takes the first due rows by next_attempt_at and created_at, and no more", async () => {
    for (const key of ["a", "b", "c", "d", "e"]) await enqueue(key);
    // The last one enqueued is due first; of two due at one time the older one.
    await own.db.run(`update payment_outbox_pending as p
      set next_attempt_at = now() + hours * interval '1 hour',
          created_at = p.created_at - older * interval '1 hour'
      from (values ('e', -2, 0), ('c', -1, 0), ('d', -1, 1), ('b', 1, 1)) as v (key, hours, older)
      where instruction_id = key`);
    const claimed = async (batch: number): Promise<unknown[]> =>
      (await own.rows(claimSql(batch))).map((row) => row["instruction_id"]).sort();
    expect(await claimed(1)).toEqual(["e"]);
    expect(await claimed(1)).toEqual(["d"]);
    expect(await claimed(5)).toEqual(["a", "c"]);
    expect(await claimed(5)).toEqual([]);
  });

  test("answers with the row and a fresh lease that ends at now + lease seconds", async () => {
    const queued = await enqueue("a");
    await own.db.run("begin");
    const [row] = await own.rows(claimSql(1, 2147483647));
    const end = await own.value("select now() + interval '2147483647 seconds'");
    await own.db.run("commit");
    expect(row).toEqual({
      outbox_id: queued?.["outbox_id"],
      ...copiedColumns,
      attempt_count: 0,
      lease_token: row?.["lease_token"],
      lease_expires_at: end,
    });
    expect(await own.pending()).toMatchObject([
      { claimed_by: "w", lease_token: row?.["lease_token"], lease_expires_at: end },
    ]);
  });

  test("gives each row its own token, never one twice", async () => {
    for (const key of ["a", "b"]) await enqueue(key);
    const tokens = (await own.rows(claimSql())).map((row) => row["lease_token"]);
    await own.db.run(expireAll);
    await own.db.run(repairSql());
    await own.db.run(dueAll);
    tokens.push(...(await own.rows(claimSql())).map((row) => row["lease_token"]));
    expect(new Set(tokens).size).toBe(4);
  });

  test("passes over an expired lease and a locked row, and never waits", async () => {
    for (const key of ["a", "b", "c"]) await enqueue(key);
    await own.db.run(claimSql(1));
    await own.db.run(expireAll);
    const other = await own.another();
    await other.run("begin; select 1 from payment_outbox_pending where instruction_id = 'b' for key share");
    await own.db.run("set lock_timeout = '1s'");
    expect((await own.rows(claimSql(2))).map((row) => row["instruction_id"])).toEqual(["c"]);
  });

  test("never takes more than asked, under any plan", async () => {
    for (let n = 0; n < 20; n++) await enqueue(`i${String(n)}`);
    const ways = [
      "hashjoin",
      "mergejoin",
      "nestloop",
      "indexscan",
      "seqscan",
      "bitmapscan",
      "sort",
      "material",
    ];
    for (const off of ways) {
      await own.db.run(`set enable_${off} = off`);
      expect(await own.rows(claimSql(2)), off).toHaveLength(2);
    }
  });

  test.each([
    "null, 'w', 1",
    "0, 'w', 1",
    "-1, 'w', 1",
    "1, null, 1",
    "1, '', 1",
    "1, 'w', null",
    "1, 'w', 0",
  ])("refuses (%s)", async (list) => {
    await enqueue("a");
    expect(await own.outcome(`select claim_outbox_batch(${list})`)).toMatch(badArgument);
    expect(await own.pending()).toMatchObject([{ claimed_by: null }]);
  });
});

import { describe, expect, test } from "vitest";
import { valueOf } from "./migrated-server.ts";
import {
  badArgument,
  claimSql,
  completeSql,
  enqueueSql,
  expireAll,
  outboxDatabase,
  repairSql,
  type Row,
} from "./outbox-calls.ts";

const own = outboxDatabase();
const enqueue = async (...call: Parameters<typeof enqueueSql>): Promise<Row | undefined> =>
  (await own.rows(enqueueSql(...call)))[0];

describe("the retry ceiling", () => {
  const set = (value: string): Promise<unknown> =>
    own.db.run(`alter database ${own.name} set symphony.outbox_retry_ceiling = ${value}`);
  const ceiling = (): Promise<unknown> => own.value("select outbox_retry_ceiling()");

  test("is 20 without a setting, and then what ALTER DATABASE set, at once", async () => {
    expect(await ceiling()).toBe(20);
    for (const [value, expected] of [
      ["1", 1],
      ["1000", 1000],
      ["'0020'", 20],
    ] as const) {
      await set(value);
      expect(await ceiling()).toBe(expected);
    }
    await own.db.run(`alter database ${own.name} reset all`);
    expect(await ceiling()).toBe(20);
  });

  test("is not moved by a session's own setting, a role's, or another database's", async () => {
    await own.db.run("set symphony.outbox_retry_ceiling = 999");
    await own.db.run(
      `alter role current_user in database ${own.name} set symphony.outbox_retry_ceiling = 998`,
    );
    await own.db.run("alter role current_user set symphony.outbox_retry_ceiling = 997");
    await own.db.run("alter database postgres set symphony.outbox_retry_ceiling = 996");
    await own.db.run("alter role all set symphony.outbox_retry_ceiling = 995");
    expect(await ceiling()).toBe(20);
    const other = await own.another();
    expect(await valueOf(other, "select current_setting('symphony.outbox_retry_ceiling')")).toBe("998");
    expect(await valueOf(other, "select outbox_retry_ceiling()")).toBe(20);
    await own.db.run(
      "alter role all reset all; alter role current_user reset all; alter database postgres reset all",
    );
  });

  test("knows its name in any case, and which entry the server would apply", async () => {
    await own.db.run(`alter database ${own.name} set "Symphony.Outbox_Retry_Ceiling" = 7`);
    expect(await ceiling()).toBe(7);
  });

  test.each([
    "''",
    "0",
    "1001",
    "-1",
    "'+5'",
    "' 5'",
    "'5 '",
    "'1e2'",
    "'0x10'",
    "'1_0'",
    "'00005'",
    "E'5\\n'",
    "'٥'",
    "'abc'",
  ])("%s is refused where it is read, and everything else goes on", async (bad) => {
    for (const key of ["a", "b", "c", "d"]) await enqueue(key);
    const leases = await own.rows(claimSql(3));
    await set(bad);
    expect(await own.outcome("select outbox_retry_ceiling()")).toBe("22023");
    expect(await own.outcome(completeSql(leases[0], "RETRYABLE"))).toBe("22023");
    expect(
      await own.outcome(completeSql({ ...leases[0], lease_token: leases[1]?.["lease_token"] }, "RETRYABLE")),
    ).toBe("P7002");
    expect(await own.outcome(repairSql())).toBe("ok");
    expect(await own.outcome(completeSql(leases[0], "DISPATCHED"))).toBe("ok");
    expect(await own.outcome(completeSql(leases[1], "FAILED"))).toBe("ok");
    expect(await own.outcome(enqueueSql("e"))).toBe("ok");
    expect(await own.outcome(claimSql(1))).toBe("ok");
    await own.db.run(expireAll);
    expect(await own.outcome(repairSql())).toBe("22023");
  });
});

test("the allocator counts by itself and refuses a bad participant", async () => {
  for (const expected of [1, 2, 3])
    expect(await own.value("select bump_participant_outbox_seq('p')")).toBe(expected);
  expect(await enqueue("a")).toMatchObject({ sequence_id: 4 });
  for (const bad of ["null", "''", "repeat('x', 513)"])
    expect(await own.outcome(`select bump_participant_outbox_seq(${bad})`)).toMatch(badArgument);
});

test("the UUID wrapper does what uuid_strategy says: version 7 on this server", async () => {
  expect(await own.value("select uuid_strategy()")).toBe("uuidv7");
  expect(await own.value("select substr(uuid_v7_or_random()::text, 15, 1)")).toBe("7");
  expect(await own.value("select uuid_v7_or_random() <> uuid_v7_or_random()")).toBe(true);
});

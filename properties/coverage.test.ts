import { describe, expect, test } from "vitest";
import {
  claim,
  claimed,
  complete,
  enqueue,
  fail,
  leased,
  now,
  ok,
  pending,
  repair,
  second,
} from "../model/fixtures.ts";
import type { Operation } from "../model/operation.ts";
import type { Response } from "../model/response.ts";
import { addCoverage, coverageOf, emptyCoverage } from "./coverage.ts";
import { history, type HistoryBuilder } from "./history-builder.ts";
import { outcomeOf, outcomesOf } from "./outcome.ts";

const told = (state: "PENDING" | "FAILED" | null) =>
  ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state });

/** The outcome of the last call. */
function outcome(events: HistoryBuilder, ceiling: number | null = 3): string | undefined {
  const timeline = events.timeline(ceiling);
  const last = timeline.answered.at(-1);
  return last && outcomeOf(timeline, last);
}

describe("outcomeOf", () => {
  const ceilingCall = { kind: "ceiling" } as const;
  const retry = complete({ state: "RETRYABLE" });
  const rows = (n: number) => ok(...Array.from({ length: n }, (_, i) => claimed(pending(`r${i + 1}`))));
  const repaired = (attemptNo: number) => ok({ outboxId: "r1", attemptNo });
  const cases: readonly [Operation, Response, string][] = [
    [enqueue(), told("PENDING"), "first"],
    [enqueue(), fail("40P01"), "deadlock"],
    [claim(), rows(0), "no rows"],
    [claim(), rows(1), "one row"],
    [claim(), rows(2), "several rows"],
    [claim(), fail("22023"), "bad argument"],
    [claim(), fail("42501"), "permission denied"],
    [claim(), fail("25P02"), "transaction aborted"],
    [claim(), fail("40001"), "serialization failure"],
    [claim(), fail("XX000"), "XX000"],
    [complete(), ok({ attemptNo: 1, state: "DISPATCHED" }), "DISPATCHED"],
    [complete({ state: "FAILED" }), ok({ attemptNo: 1, state: "FAILED" }), "FAILED"],
    [retry, ok({ attemptNo: 1, state: "RETRYABLE" }), "RETRYABLE"],
    [retry, ok({ attemptNo: 3, state: "FAILED" }), "RETRYABLE at the ceiling"],
    [complete(), fail("P7002"), "LEASE_LOST"],
    [complete(), fail("P7003"), "bad state"],
    [repair(), ok(), "no rows"],
    [repair(), repaired(2), "requeued"],
    [repair(), repaired(3), "ended at the ceiling"],
    [ceilingCall, ok({ ceiling: 3 }), "a value"],
  ];
  for (const [operation, response, name] of cases) {
    test(`${operation.kind}: ${name}`, () => {
      expect(outcome(history().call(0, operation, response))).toBe(name);
    });
  }
  test("the first answer that tells an id is the first call's", () => {
    const twice = history().call(0, enqueue(), told("PENDING")).call(1, enqueue(), told("FAILED"));
    expect(outcome(twice)).toBe("repeat: FAILED");
    expect(outcome(twice.call(1, enqueue(), told(null)))).toBe("repeat: null");
  });
  test("22023 is the setting's fault only where the setting is read", () => {
    const of = (operation: Operation) => outcome(history().call(0, operation, fail("22023")), null);
    expect([retry, repair(), ceilingCall].map(of)).toEqual(["bad ceiling", "bad ceiling", "bad ceiling"]);
    const bad = [
      complete(),
      { ...retry, latencyMs: -1 },
      repair({ batchSize: 0 }),
      repair({ workerId: "" }),
      claim(),
      enqueue(),
    ];
    expect(new Set(bad.map(of))).toEqual(new Set(["bad argument"]));
  });
});

describe("coverage", () => {
  const group = (events: HistoryBuilder, name: string) => coverageOf(events.timeline())[name] ?? {};

  test("empty coverage names everything that a campaign should reach", () => {
    const empty = emptyCoverage();
    for (const [kind, names] of Object.entries(outcomesOf))
      expect(Object.keys(empty[kind] ?? {})).toEqual([...names]);
    expect(Object.keys(empty["isolation"] ?? {})).toEqual([
      "READ COMMITTED",
      "REPEATABLE READ",
      "SERIALIZABLE",
    ]);
    expect(
      Object.values(empty)
        .flatMap((counts) => Object.values(counts))
        .every((count) => count === 0),
    ).toBe(true);
  });
  test("adds up, whatever the order", () => {
    const [a, b] = [{ x: { one: 1, two: 2 } }, { x: { two: 3 }, y: { one: 1 } }];
    expect(addCoverage(a, b)).toEqual({ x: { one: 1, two: 5 }, y: { one: 1 } });
    expect(addCoverage(b, a)).toEqual(addCoverage(a, b));
    expect(a).toEqual({ x: { one: 1, two: 2 } });
  });
  test("counts outcomes, isolation levels and ends of transactions", () => {
    const events = history()
      .call(0, claim(), ok())
      .call(0, claim(), ok(), "SERIALIZABLE")
      .call(0, claim(), fail("22023"))
      .begin(0)
      .call(0, claim(), ok())
      .commit(0)
      .begin(0)
      .rollback(0);
    expect(group(events, "claim")).toEqual({ "no rows": 3, "bad argument": 1 });
    expect(group(events, "isolation")).toEqual({ "READ COMMITTED": 3, SERIALIZABLE: 1 });
    expect(group(events, "transactions")).toEqual({
      autocommit: 2,
      "autocommit failed": 1,
      committed: 1,
      "rolled back": 1,
    });
  });

  const granted = () => history().call(0, claim(), ok(claimed(pending("r1"), { leaseToken: "t" })));
  test("sees a zombie, but no stranger", () => {
    expect(group(granted().call(1, complete(), fail("P7002")), "landmarks")).toEqual({
      "zombie completion refused": 1,
    });
    expect(group(granted().call(1, complete({ leaseToken: "x" }), fail("P7002")), "landmarks")).toEqual({});
  });
  test("sees a lock that was got after the lease's end", () => {
    const waits = () => granted().invoke(1, complete()).wait(1, "tuple", 0);
    const late = waits()
      .advance(10 * second)
      .answer(1, ok({ attemptNo: 1, state: "DISPATCHED" }));
    expect(group(late, "landmarks")).toEqual({
      "lock wait": 1,
      "lock got after the lease's expiry": 1,
      "clock advance": 1,
    });
    const inTime = waits()
      .advance(10 * second - 1)
      .answer(1, ok({ attemptNo: 1, state: "DISPATCHED" }));
    expect(group(inTime, "landmarks")).toEqual({ "lock wait": 1, "clock advance": 1 });
  });
  test("does not take a lock got by whoever was late already for that", () => {
    const late = granted()
      .advance(10 * second)
      .invoke(1, complete())
      .wait(1, "tuple", 0)
      .advance(1);
    const refused = late.answer(1, fail("P7002"));
    expect(Object.keys(group(refused, "landmarks"))).not.toContain("lock got after the lease's expiry");
  });
  test("sees where faults hit", () => {
    const events = history()
      .fault("terminate", 0)
      .begin(0)
      .fault("terminate", 0)
      .invoke(0, enqueue())
      .fault("cancel", 0)
      .answer(0, fail("57014"))
      .invoke(0, enqueue())
      .fault("terminate", 0)
      .answer(0, fail("57P01"))
      .fault("lockTimeout", 0)
      .call(0, enqueue(), fail("55P03"))
      .lost(0, enqueue(), told("PENDING"))
      .begin(0)
      .lost(0, { kind: "commit" }, { kind: "ended", command: "COMMIT" })
      // Nothing was committed.
      .lost(0, claim(), fail("22023"))
      .begin(0)
      .lost(0, { kind: "commit" }, { kind: "ended", command: "ROLLBACK" });
    expect(group(events, "faults")).toEqual({
      "terminate: idle": 1,
      "terminate: in a transaction": 1,
      "terminate: blocked": 1,
      "cancel: blocked": 1,
      "lock timeout": 1,
      "lost answer: call": 1,
      "lost answer: COMMIT": 1,
    });
    expect(group(events, "enqueue")).toEqual({ first: 1, cancelled: 1, terminated: 1, "lock timeout": 1 });
  });
  test("sees where sessions are when the server crashes", () => {
    const events = history()
      .crash()
      .begin(0)
      .begin(1)
      .invoke(2, enqueue())
      .park(2)
      .invoke(3, enqueue())
      .wait(3, "transactionid", 0)
      .crash()
      .answer(2, fail("08006"))
      .answer(3, fail("08006"));
    expect(group(events, "server crash")).toEqual({ idle: 1, "in a transaction": 1, blocked: 1, parked: 1 });
    expect(group(events, "transactions")).toEqual({ "rolled back": 2, "autocommit failed": 2 });
  });
  test("names crashes and yields only where a campaign has them", () => {
    expect(emptyCoverage({ yields: false, crashes: false })).not.toHaveProperty("server crash");
    expect(emptyCoverage({ yields: false, crashes: true })["server crash"]).not.toHaveProperty("parked");
    expect(emptyCoverage()["server crash"]).toHaveProperty("parked");
  });
  test("sees repairs, notifications and skipped steps", () => {
    const events = history()
      .call(0, repair(), ok({ outboxId: "r1", attemptNo: 1 }))
      .skip()
      .lookAndHear([{ session: 0, payload: "" }], []);
    expect(group(events, "landmarks")).toEqual({
      "lease expired and repaired": 1,
      notification: 1,
      "skipped step": 1,
    });
  });
  test("sees whose wake-ups the listener misses, and that it is back", () => {
    const another = (outboxId: string) => ok({ outboxId, sequenceId: 2, createdAt: now, state: "PENDING" });
    const before = history().call(0, enqueue({ idempotencyKey: "0" }), another("r0"));
    const away = before.listener(false).call(0, enqueue(), told("PENDING"));
    expect(group(away, "landmarks")).toEqual({ "wake-up lost while nobody listened": 1 });
    // A repeat wakes nobody.
    const back = away.listener(true).call(1, enqueue(), told("PENDING"));
    const heard = back.call(1, enqueue({ idempotencyKey: "2" }), another("r2"));
    expect(group(heard, "landmarks")).toEqual({
      "wake-up lost while nobody listened": 1,
      "wake-up heard by a listener that came back": 1,
    });
  });
  test("sees what savepoints do", () => {
    const part = () => history().begin(0).savepoint(0, "savepoint");
    expect(group(part().savepoint(0, "release"), "landmarks")).toEqual({ "savepoint released": 1 });
    const failed = part().call(0, claim(), fail("22023")).savepoint(0, "rollbackTo");
    expect(group(failed.savepoint(0, "rollbackTo"), "landmarks")).toEqual({
      "savepoint rolled back": 2,
      "went on after an error": 1,
    });
    const wakes = part().invoke(1, enqueue()).wait(1, "transactionid", 0).savepoint(0, "rollbackTo");
    expect(group(wakes.answer(1, told("PENDING")), "landmarks")).toMatchObject({
      "lock got from a savepoint rolled back": 1,
    });
  });
  test("counts of the closing phase what it found to do, and not what it did", () => {
    const [free, held] = [pending("r1"), leased("r2")];
    const left = () => history().look([free, held]);
    const done = left()
      .closing()
      .call(0, repair(), ok({ outboxId: "r2", attemptNo: 1 }))
      .look([]);
    expect(coverageOf(done.timeline())).toEqual({
      landmarks: { "row ended by the closing phase": 2, "lease ended by the closing phase": 1 },
    });
    expect(group(left().closing("bad ceiling"), "landmarks")).toEqual({
      "closing phase omitted: bad ceiling": 1,
    });
    expect(group(history().look([]).closing("bad ceiling"), "landmarks")).toEqual({});
  });
});

import { describe, expect, test } from "vitest";
import {
  claim,
  claimed,
  complete,
  enqueue,
  fail,
  now,
  ok,
  pending,
  repair,
  second,
} from "../model/fixtures.ts";
import { history } from "./history-builder.ts";
import { lastLeaseEvent, leaseEvents } from "./lease-history.ts";
import { committedBefore, isCommitted, rowsOf } from "./timeline.ts";

describe("timelineOf", () => {
  test("lists what was answered, in the order of the answers, with its interval", () => {
    const { answered } = history()
      .invoke(0, enqueue())
      .call(1, claim(), ok())
      .answer(0, ok())
      .invoke(2, repair())
      .timeline();
    expect(
      answered.map((each) => [
        each.operation.kind,
        each.transaction.session,
        each.invokedAt,
        each.respondedAt,
      ]),
    ).toEqual([
      ["claim", 1, 1, 2],
      ["enqueue", 0, 0, 3],
    ]);
  });
  test("knows how each transaction ended", () => {
    const { fates } = history()
      .call(0, enqueue(), ok())
      .call(0, enqueue(), fail("22023"))
      .begin(0)
      .call(0, enqueue(), ok())
      .commit(0)
      .begin(0)
      .call(0, enqueue(), ok())
      .rollback(0)
      .begin(0)
      .call(0, enqueue(), fail("22023"))
      .commit(0, "ROLLBACK")
      .begin(0)
      .call(0, enqueue(), ok())
      .timeline();
    expect([...fates].map(([id, fate]) => [id, fate.committed])).toEqual([
      [0, true],
      [1, false],
      [2, true],
      [3, false],
      [4, false],
    ]);
  });
  test("a transaction whose COMMIT failed has not committed", () => {
    const timeline = history()
      .begin(0)
      .call(0, enqueue(), ok())
      .invoke(0, { kind: "commit" })
      .answer(0, fail("40001"))
      .timeline();
    expect(timeline.fates.get(0)).toEqual({ committed: false, endedAt: 5 });
  });
  test("what the server answered counts, also where its answer was lost", () => {
    const commit = { kind: "ended", command: "COMMIT" } as const;
    const explicit = history()
      .begin(0)
      .call(0, enqueue(), ok())
      .lost(0, { kind: "commit" }, commit)
      .timeline();
    expect(explicit.fates.get(0)).toEqual({ committed: true, endedAt: 5 });
    const failed = history().lost(0, enqueue(), fail("22023")).timeline();
    expect(failed.fates.get(0)).toEqual({ committed: false, endedAt: 1 });
    expect(failed.answered.map(({ response }) => response)).toEqual([fail("22023")]);
  });
  test("a transaction whose backend was terminated has not committed", () => {
    const idle = history().begin(0).call(0, enqueue(), ok()).fault("terminate", 0).timeline();
    expect(idle.fates.get(0)).toEqual({ committed: false, endedAt: 4 });
    const blocked = history().begin(0).invoke(0, enqueue()).fault("terminate", 0).answer(0, fail("57P01"));
    expect(blocked.timeline().fates.get(0)).toEqual({ committed: false, endedAt: 4 });
  });
  test("has committed from the answer on, not before", () => {
    const timeline = history().begin(0).call(0, enqueue(), ok()).commit(0).timeline();
    const [call] = timeline.answered;
    expect(call && [5, 6].map((event) => committedBefore(timeline, call, event))).toEqual([false, true]);
  });
  test("has not committed what it took back", () => {
    const timeline = history()
      .begin(0)
      .savepoint(0, "savepoint")
      .call(0, enqueue(), ok())
      .savepoint(0, "rollbackTo")
      .call(0, claim(), ok())
      .commit(0)
      .timeline();
    expect(timeline.answered.map((call) => [call.undoneAt, isCommitted(timeline, call)])).toEqual([
      [7, false],
      [null, true],
    ]);
    expect(timeline.answered.map((call) => committedBefore(timeline, call, 12))).toEqual([false, true]);
    expect(timeline.fates.get(0)).toEqual({ committed: true, endedAt: 11 });
  });
  test("lists looks and lock waits; the end of a transaction waits for no row", () => {
    const timeline = history()
      .invoke(0, claim())
      .wait(0, "tuple", 1)
      .begin(1)
      .invoke(1, { kind: "commit" })
      .wait(1, "object")
      .look([])
      .timeline(7);
    expect(timeline.waits).toEqual([{ event: 1, operation: "claim", lock: "tuple" }]);
    expect(timeline.looks.map(({ event, now: at }) => [event, at])).toEqual([[6, now]]);
    expect(timeline.ceiling).toBe(7);
  });
  test("rowsOf gives the rows of a success of that kind, and of nothing else", () => {
    const row = claimed(pending("r1"));
    const { answered } = history().call(0, claim(), ok(row)).call(0, claim(), fail("22023")).timeline();
    expect(answered.map((each) => rowsOf(each, "claim"))).toEqual([[row], []]);
    expect(answered.map((each) => rowsOf(each, "repair"))).toEqual([[], []]);
  });
});

describe("the history of a lease", () => {
  const row = pending("r1");
  const granted = ok(claimed(row, { leaseToken: "t" }));
  const retried = ok({ attemptNo: 1, state: "RETRYABLE" });

  test("is granted by claims, released by completions and repairs of that row", () => {
    const timeline = history()
      .call(0, claim(), granted)
      .call(0, claim(), ok(claimed(pending("r2"))))
      .call(0, complete({ state: "RETRYABLE", retryDelaySeconds: 5 }), retried)
      .call(0, complete(), fail("P7002"))
      .call(0, complete(), ok({ attemptNo: 2, state: "DISPATCHED" }))
      .call(0, repair(), ok({ outboxId: "r1", attemptNo: 3 }))
      .timeline();
    const told = leaseEvents(timeline, "r1").map((event) =>
      event.kind === "granted" ? [event.token, event.worker, event.expiresAt] : event.nextAttemptAt,
    );
    expect(told).toEqual([["t", "w1", now + 10 * second], now + 5 * second, null, now + second]);
  });
  test("counts for a call if it is of its own transaction or committed by then", () => {
    const timeline = history()
      .begin(0)
      .call(0, claim(), granted)
      .call(0, complete(), ok())
      .call(1, complete(), ok())
      .commit(0)
      .call(1, complete(), ok())
      .timeline();
    const [, own, before, later] = timeline.answered;
    const last = [own, before, later].map((call) => call && lastLeaseEvent(timeline, "r1", call)?.kind);
    expect(last).toEqual(["granted", undefined, "granted"]);
  });
});

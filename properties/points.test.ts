import { describe, expect, test } from "vitest";
import { claim, enqueue, fail, now, ok } from "../model/fixtures.ts";
import type { Fail } from "../model/response.ts";
import type { FaultKind } from "../sim/schedule.ts";
import { history, type HistoryBuilder } from "./history-builder.ts";
import { callsOfOpenTransaction, pointsOf } from "./points.ts";

/** Each point as "kind of transaction [invoked-responded], preferred, after": short enough for an eye. */
function drawn(events: HistoryBuilder): readonly string[] {
  return pointsOf(events.history()).map(({ point, invokedAt, respondedAt, preferredAt, after }) => {
    const of = "transaction" in point ? ` of ${point.transaction.id}` : "";
    return `${point.kind}${of} ${invokedAt}-${respondedAt} at ${preferredAt} after ${after.join()}`;
  });
}

describe("pointsOf", () => {
  test("a call that is a transaction of its own takes effect and commits within its interval", () => {
    expect(drawn(history().call(0, enqueue(), ok()))).toEqual([
      "call of 0 0-1 at 1 after ",
      "commit of 0 0-1 at 1 after 0",
    ]);
  });
  test("or is rolled back, if it fails", () => {
    expect(drawn(history().call(0, enqueue(), fail("22023")))).toEqual([
      "call of 0 0-1 at 1 after ",
      "rollback of 0 0-1 at 1 after 0",
    ]);
  });
  test("an explicit transaction keeps its order; BEGIN is no point", () => {
    expect(drawn(history().begin(0).call(0, enqueue(), ok()).call(0, claim(), ok()).commit(0))).toEqual([
      "call of 0 2-3 at 3 after ",
      "call of 0 4-5 at 5 after 0",
      "commit of 0 6-7 at 7 after 1",
    ]);
    expect(drawn(history().begin(0).rollback(0))).toEqual(["rollback of 0 2-3 at 3 after "]);
  });
  test("a snapshot is taken in the first call, once, and rather early", () => {
    for (const isolation of ["REPEATABLE READ", "SERIALIZABLE"] as const) {
      expect(drawn(history().begin(0, isolation).call(0, enqueue(), ok()).call(0, claim(), ok()))).toEqual([
        "snapshot of 0 2-3 at 2 after ",
        "call of 0 2-3 at 3 after 0",
        "call of 0 4-5 at 5 after 1",
      ]);
    }
    expect(drawn(history().call(0, claim(), ok(), "SERIALIZABLE"))[0]).toBe("snapshot of 0 0-1 at 0 after ");
  });
  test("a savepoint, its end and the way back to it are points of their transaction", () => {
    const events = history()
      .begin(0)
      .savepoint(0, "savepoint")
      .savepoint(0, "rollbackTo")
      .invoke(0, { kind: "release", name: "s1" })
      .answer(0, fail("25P02"));
    expect(drawn(events)).toEqual([
      "savepoint of 0 2-3 at 3 after ",
      "rollbackTo of 0 4-5 at 5 after 0",
      "release of 0 6-7 at 7 after 1",
    ]);
    const outcomes = pointsOf(events.history()).map(({ point }) => "outcome" in point && point.outcome);
    expect(outcomes).toEqual(["done", "done", fail("25P02")]);
  });
  test("calls that wait have intervals that hold the others", () => {
    const waits = history()
      .begin(0)
      .call(0, enqueue(), ok())
      .invoke(1, enqueue())
      .wait(1, "transactionid", 0);
    expect(drawn(waits.commit(0).answer(1, ok()))).toEqual([
      "call of 0 2-3 at 3 after ",
      "commit of 0 6-7 at 7 after 0",
      "lock of 1 4-8 at 8 after ",
      "call of 1 4-8 at 8 after 2",
      "commit of 1 4-8 at 8 after 3",
    ]);
  });
  test("a call that was parked, like one that waits, may have locked something before it is judged", () => {
    expect(drawn(history().invoke(0, enqueue()).park(0).call(1, claim(), ok()).answer(0, ok()))).toEqual([
      "call of 1 2-3 at 3 after ",
      "commit of 1 2-3 at 3 after 0",
      "lock of 0 0-4 at 4 after ",
      "call of 0 0-4 at 4 after 2",
      "commit of 0 0-4 at 4 after 3",
    ]);
  });
  test("a look is a point in time", () => {
    expect(drawn(history().look([]).advance(1).look([]))).toEqual([
      "observe 0-0 at 0 after ",
      "observe 2-2 at 2 after ",
    ]);
  });
  test("what is not answered has no point", () => {
    expect(drawn(history().invoke(0, enqueue()))).toEqual([]);
  });
  test("a commit tells what it answered", () => {
    const outcome = (events: HistoryBuilder) =>
      pointsOf(events.history()).map(({ point }) => (point.kind === "commit" ? point.outcome : null));
    expect(outcome(history().begin(0).commit(0))).toEqual(["committed"]);
    expect(outcome(history().begin(0).commit(0, "ROLLBACK"))).toEqual(["rolled back"]);
    const failed = history().begin(0).invoke(0, { kind: "commit" }).answer(0, fail("40001"));
    expect(outcome(failed)).toEqual([fail("40001")]);
  });
  test("a commit whose answer was lost may have happened or not", () => {
    const outcomes = (events: HistoryBuilder) =>
      pointsOf(events.history()).map(({ point }) => (point.kind === "commit" ? point.outcome : point.kind));
    const commit = { kind: "ended", command: "COMMIT" } as const;
    expect(outcomes(history().begin(0).lost(0, { kind: "commit" }, commit))).toEqual(["unknown"]);
    expect(outcomes(history().lost(0, enqueue(), ok()))).toEqual(["call", "unknown"]);
    expect(outcomes(history().lost(0, enqueue(), fail("22023")))).toEqual(["call", "rollback"]);
  });
  test("a deadlock's point knows whether its cycle has a transaction of several calls", () => {
    const deadlock: Fail = { ...fail("40P01"), cycle: [0, 1] };
    const several = (events: HistoryBuilder) => {
      const point = pointsOf(events.history()).at(-2)?.point;
      return point?.kind === "call" && point.cycleHasSeveralCalls;
    };
    expect(several(history().invoke(0, enqueue()).call(1, enqueue(), deadlock))).toBe(false);
    expect(
      several(history().begin(0).call(0, enqueue(), ok()).invoke(0, enqueue()).call(1, enqueue(), deadlock)),
    ).toBe(true);
  });
  test("a transaction ends where its backend is terminated", () => {
    expect(drawn(history().begin(0).call(0, enqueue(), ok()).fault("terminate", 0))).toEqual([
      "call of 0 2-3 at 3 after ",
      "rollback of 0 4-4 at 4 after 0",
    ]);
    const blocked = history().begin(0).invoke(0, enqueue()).fault("terminate", 0);
    expect(drawn(blocked.answer(0, fail("57P01")))).toEqual([
      "call of 0 2-4 at 4 after ",
      "rollback of 0 2-4 at 4 after 0",
    ]);
  });
  test("a cancelled call does not end its transaction", () => {
    const blocked = history().begin(0).invoke(0, enqueue()).fault("cancel", 0);
    expect(drawn(blocked.answer(0, fail("57014")))).toEqual(["call of 0 2-4 at 4 after "]);
  });
  test("a call knows what was done to it, and no other call does", () => {
    const interruptions = (events: HistoryBuilder) =>
      pointsOf(events.history()).flatMap(({ point }) => (point.kind === "call" ? [point.interruption] : []));
    const hit = (kind: FaultKind) => history().invoke(0, enqueue()).fault(kind, 0).answer(0, fail("57014"));
    expect(interruptions(hit("terminate").call(0, claim(), ok()))).toEqual(["terminated", null]);
    expect(interruptions(hit("cancel").call(1, claim(), ok()))).toEqual(["cancelled", null]);
    const impatient = () => history().fault("lockTimeout", 0);
    expect(interruptions(impatient().call(1, claim(), ok()).begin(0).call(0, claim(), ok()))).toEqual([
      null,
      "lock timeout",
    ]);
    expect(interruptions(impatient().call(0, claim(), ok()).call(0, claim(), ok()))).toEqual([
      "lock timeout",
      null,
    ]);
    expect(interruptions(impatient().fault("terminate", 0).call(0, claim(), ok()))).toEqual([null]);
    const truncate = { kind: "tamper", ledger: "attempts", verb: "truncate" } as const;
    const inLine = impatient().invoke(1, truncate).call(0, enqueue(), fail("55P03"));
    expect(interruptions(inLine)).toEqual(["lock timeout behind a TRUNCATE"]);
  });
  test("a history that is none is refused", () => {
    const { calls, transactions } = history().call(0, enqueue(), ok()).history();
    const events = [{ kind: "respond", call: 0, response: ok() }] as const;
    expect(() => pointsOf({ calls, transactions, events })).toThrow("malformed history");
    expect(() => pointsOf({ calls: [], transactions, events })).toThrow("malformed history");
  });
});

test("callsOfOpenTransaction counts what the session's last transaction has called by then", () => {
  const events = history()
    .begin(0)
    .call(0, enqueue(), ok())
    .call(1, claim(), ok())
    .call(0, enqueue(), ok())
    .commit(0)
    .call(0, claim(), ok())
    .history();
  expect([0, 2, 3, 7, 12].map((at) => callsOfOpenTransaction(events, 0, at))).toEqual([0, 0, 1, 2, 1]);
  expect(callsOfOpenTransaction(events, 1, 12)).toBe(1);
  expect(callsOfOpenTransaction(events, 2, 12)).toBe(0);
  expect(events.transactions[0]?.now).toBe(now);
});

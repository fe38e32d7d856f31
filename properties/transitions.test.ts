import { describe, expect, test } from "vitest";
import { claim, claimed, complete, enqueue, fail, now, ok, pending, repair } from "../model/fixtures.ts";
import { history, type HistoryBuilder } from "./history-builder.ts";
import { transitionsOf } from "./transitions.ts";

const names = (events: HistoryBuilder) => transitionsOf(events.timeline());
const told = (outboxId = "r1") => ok({ outboxId, sequenceId: 1, createdAt: now, state: "PENDING" as const });
const dispatched = ok({ attemptNo: 1, state: "DISPATCHED" as const });

describe("a transition", () => {
  test("names the operation and its outcome", () => {
    const events = history()
      .call(0, enqueue(), told())
      .call(0, claim(), ok(claimed(pending("r1"))));
    expect(names(events)).toEqual(["enqueue: first alone", "claim: one row alone"]);
  });

  test("names what was under way, on its row or elsewhere, from both sides", () => {
    const elsewhere = history()
      .invoke(0, complete({ outboxId: "r1" }))
      .call(1, complete({ outboxId: "r2" }), dispatched)
      .answer(0, dispatched);
    const under = "complete: DISPATCHED beside complete under way";
    expect(names(elsewhere)).toEqual([under, under]);
    const same = history().invoke(0, complete()).call(1, complete(), fail("P7002")).answer(0, dispatched);
    expect(names(same)).toEqual([
      "complete: LEASE_LOST beside complete of its row under way",
      "complete: DISPATCHED beside complete of its row under way",
    ]);
  });

  test("names a call whose transaction is open, and no longer when that has ended", () => {
    const open = history().begin(0).call(0, enqueue(), told()).call(1, claim(), ok());
    expect(names(open.commit(0).call(1, claim(), ok())).slice(1)).toEqual([
      "claim: no rows beside enqueue",
      "claim: no rows alone",
    ]);
  });

  test("does not name what its own session does, nor what begins afterwards", () => {
    const events = history()
      .begin(0)
      .call(0, enqueue(), told())
      .call(0, repair(), ok())
      .call(1, claim(), ok());
    expect(names(events).slice(0, 2)).toEqual(["enqueue: first alone", "repair: no rows alone"]);
  });

  test("tells of each session the closest: on its row, then under way", () => {
    const others = history()
      .begin(1)
      .call(1, enqueue(), told("r1"))
      .call(1, enqueue({ idempotencyKey: "other" }), told("r2"))
      .begin(2)
      .call(2, repair(), ok())
      .invoke(2, claim());
    expect(names(others.call(0, enqueue(), told("r1")).answer(2, ok()))[3]).toBe(
      "enqueue: repeat: PENDING beside enqueue of its row, claim under way",
    );
  });

  test("tells of all sessions the two closest, and what is alike once", () => {
    const crowd = history().begin(1).call(1, claim(), ok()).begin(2).call(2, repair(), ok());
    const busy = crowd.begin(3).call(3, claim(), ok()).invoke(4, enqueue());
    const all = names(busy.call(0, complete(), fail("P7002")).answer(4, told("r2")));
    expect(all[3]).toBe("complete: LEASE_LOST beside enqueue under way, claim");
  });

  test("knows a row by its key where the answer does not tell it", () => {
    const events = history().begin(0).call(0, enqueue(), told()).call(1, enqueue(), fail("40001"));
    expect(names(events)[1]).toBe("enqueue: serialization failure beside enqueue of its row");
  });

  test("tells a wait, of the call that waited alone", () => {
    const events = history()
      .begin(0)
      .call(0, complete(), dispatched)
      .invoke(1, complete())
      .wait(1, "transactionid", 0)
      .call(2, complete({ outboxId: "r2" }), dispatched)
      .commit(0)
      .answer(1, fail("P7002"));
    expect(names(events).slice(1)).toEqual([
      "complete: DISPATCHED beside complete under way, complete",
      "complete: LEASE_LOST after a wait beside complete of its row, complete under way",
    ]);
  });
});

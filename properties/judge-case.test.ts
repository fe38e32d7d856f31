import { describe, expect, test } from "vitest";
import { claim, complete, enqueue, fail, now, ok, pending } from "../model/fixtures.ts";
import type { Schedule } from "../sim/schedule.ts";
import { history, type HistoryBuilder } from "./history-builder.ts";
import { judgeCase } from "./judge-case.ts";
import { signatureOf } from "./verdict.ts";

const schedule = (retryCeiling: string | null = null): Schedule => ({
  setup: { retryCeiling },
  sessions: [],
  steps: [],
});
const row = pending("r1", { instructionId: "a" });
const first = ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" });
const wakeup = [{ session: 0, payload: "" }];
const enqueued = () => history().call(0, enqueue(), first);

function signatures(events: HistoryBuilder): readonly string[] {
  const verdict = judgeCase(schedule(), events.history());
  return verdict.kind === "violated" ? verdict.violations.map(signatureOf) : [verdict.kind];
}

describe("judgeCase", () => {
  test("finds nothing where all is well", () => {
    expect(signatures(enqueued().lookAndHear(wakeup, [row]))).toEqual(["ok"]);
    expect(signatures(history())).toEqual(["ok"]);
  });
  test("by the model: a response that no order explains", () => {
    expect(signatures(history().call(0, claim(), fail("23505")))).toEqual([
      "response: claim: must not fail, failed with 23505",
    ]);
  });
  test("by the model: rows that are not the model's", () => {
    const events = enqueued().lookAndHear(wakeup, [{ ...row, railType: "ach" }]);
    expect(signatures(events)).toEqual(["state: pending.railType differs"]);
  });
  test("by an invariant, which names the counterexample before the model's rule at one event", () => {
    expect(signatures(enqueued().lookAndHear(wakeup, []))).toEqual([
      "INV-01: a committed key is lost",
      "state: a row of pending is missing",
    ]);
    const stranger = history().call(0, complete(), ok({ attemptNo: 1, state: "DISPATCHED" }));
    expect(signatures(stranger)).toEqual([
      "INV-05: completed without a lease",
      "response: complete: must fail with LEASE_LOST",
    ]);
  });
  test("the earliest violation first", () => {
    const both = history()
      .call(0, claim(), fail("23505"))
      .call(0, complete(), ok({ attemptNo: 1, state: "DISPATCHED" }));
    expect(signatures(both)[0]).toMatch(/^response: claim/);
  });
  test("by the case's own ceiling", () => {
    const asked = history()
      .call(0, { kind: "ceiling" }, ok({ ceiling: 2 }))
      .history();
    expect(judgeCase(schedule("2"), asked).kind).toBe("ok");
    expect(judgeCase(schedule("0002"), asked).kind).toBe("ok");
    expect(judgeCase(schedule("3"), asked).kind).toBe("violated");
    expect(judgeCase(schedule("two"), asked).kind).toBe("violated");
  });
  test("a call that waited may have seen what was committed meanwhile", () => {
    const again = (state: "PENDING") => ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state });
    const waits = history()
      .begin(0)
      .call(0, enqueue(), first)
      .invoke(1, enqueue())
      .wait(1, "transactionid", 0);
    expect(signatures(waits.commit(0).answer(1, again("PENDING")).lookAndHear(wakeup, [row]))).toEqual([
      "ok",
    ]);
    const undone = history()
      .begin(0)
      .call(0, enqueue(), first)
      .invoke(1, enqueue())
      .wait(1, "transactionid", 0);
    expect(
      signatures(
        undone
          .rollback(0)
          .answer(1, again("PENDING"))
          .lookAndHear([{ session: 1, payload: "" }], [row]),
      ),
    ).toEqual(["ok"]);
  });
});

test("a signature is the invariant or the oracle, and the rule without values", () => {
  const violation = {
    oracle: "state",
    invariant: null,
    rule: "r",
    event: 3,
    expected: ["x"],
    observed: "y",
  } as const;
  expect(signatureOf(violation)).toBe("state: r");
  expect(signatureOf({ ...violation, oracle: "invariant", invariant: "INV-04" })).toBe("INV-04: r");
});

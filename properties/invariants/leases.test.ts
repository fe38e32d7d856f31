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
} from "../../model/fixtures.ts";
import type { ClaimedRow } from "../../model/response.ts";
import { history } from "../history-builder.ts";
import { backOff } from "./back-off.ts";
import { dueOrder } from "./due-order.ts";
import { fencing } from "./fencing.ts";
import { leaseExclusivity } from "./lease-exclusivity.ts";
import { repairScope } from "./repair-scope.ts";

const row = pending("r1");
/** A lease of ten seconds on r1. */
const lease = (token: string, over: Partial<ClaimedRow> = {}) =>
  ok(claimed(row, { leaseToken: token, ...over }));
const done = ok({ attemptNo: 1, state: "DISPATCHED" });
const retried = ok({ attemptNo: 1, state: "RETRYABLE" });
const repaired = ok({ outboxId: "r1", attemptNo: 1 });
const leaseEnd = 10 * second;
const granted = () => history().call(0, claim(), lease("t"));

describe("INV-04 lease exclusivity", () => {
  const anew = (token: string, ago: number) => lease(token, { leaseExpiresAt: now + ago + leaseEnd });
  const two = "a row has two live leases";
  test("holds when a lease was given back before the next", () => {
    expect(
      granted()
        .call(0, complete({ state: "RETRYABLE" }), retried)
        .call(1, claim(), lease("t2"))
        .breaks(leaseExclusivity),
    ).toBeNull();
    expect(
      granted()
        .advance(leaseEnd)
        .call(1, repair(), repaired)
        .call(1, claim(), anew("t2", leaseEnd))
        .breaks(leaseExclusivity),
    ).toBeNull();
  });
  test("is broken by a second live lease, until the very end of the first", () => {
    expect(granted().call(1, claim(), lease("t2")).breaks(leaseExclusivity)).toBe(two);
    expect(
      granted()
        .advance(leaseEnd - 1)
        .call(1, claim(), anew("t2", leaseEnd - 1))
        .breaks(leaseExclusivity),
    ).toBe(two);
    expect(
      granted().advance(leaseEnd).call(1, claim(), anew("t2", leaseEnd)).breaks(leaseExclusivity),
    ).toBeNull();
  });
  test("counts only committed claims as leases", () => {
    const undone = history().begin(0).call(0, claim(), lease("t")).rollback(0).call(1, claim(), lease("t2"));
    expect(undone.breaks(leaseExclusivity)).toBeNull();
  });
  test("is broken by a shared token, rolled back or not, of one row or two", () => {
    const shared = "two claims share a token";
    const undone = history().begin(0).call(0, claim(), lease("t")).rollback(0).call(1, claim(), lease("t"));
    expect(undone.breaks(leaseExclusivity)).toBe(shared);
    const rows = ok(claimed(row, { leaseToken: "t" }), claimed(pending("r2"), { leaseToken: "t" }));
    expect(
      history()
        .call(0, claim({ batchSize: 2 }), rows)
        .breaks(leaseExclusivity),
    ).toBe(shared);
  });
});

describe("INV-05 fencing", () => {
  test("holds for the holder until the lease's end, and for whoever is refused", () => {
    expect(
      granted()
        .advance(leaseEnd - 1)
        .call(1, complete(), done)
        .breaks(fencing),
    ).toBeNull();
    expect(
      granted()
        .call(1, complete({ leaseToken: "x" }), fail("P7002"))
        .breaks(fencing),
    ).toBeNull();
    expect(
      history().begin(0).call(0, claim(), lease("t")).call(0, complete(), done).breaks(fencing),
    ).toBeNull();
  });
  test("goes by the transaction's now", () => {
    expect(granted().begin(0).advance(leaseEnd).call(0, complete(), done).breaks(fencing)).toBeNull();
  });
  test("is broken without the current, live lease", () => {
    expect(history().call(0, complete(), done).breaks(fencing)).toBe("completed without a lease");
    expect(granted().call(0, complete(), done).call(0, complete(), done).breaks(fencing)).toBe(
      "completed without a lease",
    );
    expect(
      granted()
        .call(0, complete({ leaseToken: "x" }), done)
        .breaks(fencing),
    ).toBe("completed with another token");
    expect(
      granted()
        .call(0, complete({ workerId: "w2" }), done)
        .breaks(fencing),
    ).toBe("completed by another worker");
    expect(granted().advance(leaseEnd).call(0, complete(), done).breaks(fencing)).toBe(
      "completed after the lease's end",
    );
  });
  test("is broken by a zombie, repaired or not", () => {
    const late = granted().advance(leaseEnd).call(1, repair(), repaired);
    expect(late.call(0, complete(), done).breaks(fencing)).toBe("completed without a lease");
    const anew = granted().advance(leaseEnd).call(1, repair(), repaired).call(1, claim(), lease("t2"));
    expect(anew.call(0, complete(), done).breaks(fencing)).toBe("completed with another token");
  });
  test("does not count a lease that was rolled back, or that another transaction holds open", () => {
    const undone = history().begin(0).call(0, claim(), lease("t")).rollback(0);
    expect(undone.call(0, complete(), done).breaks(fencing)).toBe("completed without a lease");
    const open = history().begin(0).call(0, claim(), lease("t")).call(1, complete(), done);
    expect(open.breaks(fencing)).toBe("completed without a lease");
  });
});

describe("INV-11 due order", () => {
  const early = pending("r1", { nextAttemptAt: now - 2 });
  const late = pending("r2", { nextAttemptAt: now - 1 });
  const rule = "a claim passes over an earlier due row";
  test("holds for the first row, and for a row that another transaction may have locked", () => {
    expect(
      history()
        .look([late, early])
        .call(0, claim(), ok(claimed(early)))
        .breaks(dueOrder),
    ).toBeNull();
    expect(
      history()
        .look([late, early])
        .begin(1)
        .call(0, claim(), ok(claimed(late)))
        .breaks(dueOrder),
    ).toBeNull();
  });
  test("is broken by the second", () => {
    expect(
      history()
        .look([late, early])
        .call(0, claim(), ok(claimed(late)))
        .breaks(dueOrder),
    ).toBe(rule);
    const older = { ...late, nextAttemptAt: early.nextAttemptAt, createdAt: now - 9 };
    expect(
      history()
        .look([early, older])
        .call(0, claim(), ok(claimed(early)))
        .breaks(dueOrder),
    ).toBe(rule);
  });
  test("speaks of due rows only, and of ties not at all", () => {
    const notYet = pending("r1", { nextAttemptAt: now + 1, createdAt: now - 9 });
    expect(
      history()
        .look([notYet, late])
        .call(0, claim(), ok(claimed(late)))
        .breaks(dueOrder),
    ).toBeNull();
    const twin = pending("r2", { nextAttemptAt: early.nextAttemptAt });
    expect(
      history()
        .look([early, twin])
        .call(0, claim(), ok(claimed(twin)))
        .breaks(dueOrder),
    ).toBeNull();
    expect(
      history()
        .look([leased("r1", { nextAttemptAt: now - 9 }), late])
        .call(0, claim(), ok(claimed(late)))
        .breaks(dueOrder),
    ).toBeNull();
  });
});

describe("INV-12 repair scope", () => {
  const rule = "repaired a row that was not expired";
  test("holds from the lease's end", () => {
    expect(granted().advance(leaseEnd).call(1, repair(), repaired).breaks(repairScope)).toBeNull();
  });
  test("is broken before it, without a lease, and for the second time", () => {
    expect(
      granted()
        .advance(leaseEnd - 1)
        .call(1, repair(), repaired)
        .breaks(repairScope),
    ).toBe(rule);
    expect(history().call(1, repair(), repaired).breaks(repairScope)).toBe(rule);
    expect(
      granted().advance(leaseEnd).call(1, repair(), repaired).call(1, repair(), repaired).breaks(repairScope),
    ).toBe(rule);
  });
  test("is broken by a change to a row that the repair does not name", () => {
    const repairs = () =>
      history()
        .look([leased("r2"), row])
        .call(1, repair(), ok());
    expect(
      repairs()
        .look([leased("r2"), row])
        .breaks(repairScope),
    ).toBeNull();
    expect(
      repairs()
        .look([pending("r2"), row])
        .breaks(repairScope),
    ).toBe("repair changed a row that it did not name");
    expect(repairs().look([row]).breaks(repairScope)).toBe("repair changed a row that it did not name");
    const amongOthers = repairs().call(0, claim(), ok(claimed(row)));
    expect(amongOthers.look([leased("r2"), leased("r1")]).breaks(repairScope)).toBeNull();
  });
});

describe("INV-13 back-off", () => {
  const rule = "claimed before its next attempt is due";
  const retry = (seconds: number | null) =>
    granted().call(0, complete({ state: "RETRYABLE", retryDelaySeconds: seconds }), retried);
  test("holds from the next attempt on", () => {
    expect(
      retry(5)
        .advance(5 * second)
        .call(1, claim(), lease("t2"))
        .breaks(backOff),
    ).toBeNull();
    expect(retry(0).advance(second).call(1, claim(), lease("t2")).breaks(backOff)).toBeNull();
    expect(
      history()
        .call(0, enqueue(), ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" }))
        .call(1, claim(), lease("t"))
        .breaks(backOff),
    ).toBeNull();
  });
  test("is broken before it, after a retry, a repair and an enqueue", () => {
    for (const [given, seconds] of [
      [5, 5],
      [null, 1],
      [-7, 1],
    ] as const) {
      expect(
        retry(given)
          .advance(seconds * second - 1)
          .call(1, claim(), lease("t2"))
          .breaks(backOff),
      ).toBe(rule);
    }
    const mended = granted()
      .advance(leaseEnd)
      .call(1, repair(), repaired)
      .advance(second - 1);
    expect(mended.call(1, claim(), lease("t2")).breaks(backOff)).toBe(rule);
    const ahead = ok({ outboxId: "r1", sequenceId: 1, createdAt: now + 1, state: "PENDING" });
    expect(history().call(0, enqueue(), ahead).call(1, claim(), lease("t")).breaks(backOff)).toBe(rule);
  });
  test("goes by the claim's own now", () => {
    const old = history()
      .begin(1)
      .call(0, claim(), lease("t"))
      .call(0, complete({ state: "RETRYABLE" }), retried);
    expect(
      old
        .advance(2 * second)
        .call(1, claim(), lease("t2"))
        .breaks(backOff),
    ).toBe(rule);
  });
});

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
} from "../../model/fixtures.ts";
import { history, type HistoryBuilder } from "../history-builder.ts";
import { ceilingHolds } from "./ceiling.ts";
import { conservation } from "./conservation.ts";
import { fencing } from "./fencing.ts";
import { idempotency } from "./idempotency.ts";
import { invariants } from "./index.ts";
import { leaseExclusivity } from "./lease-exclusivity.ts";
import { noDeadlock } from "./no-deadlock.ts";
import { wakeUp } from "./wake-up.ts";

const row = pending("r1", { instructionId: "a" });
const told = ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" });
const granted = (token: string) => ok(claimed(row, { leaseToken: token }));
const done = ok({ attemptNo: 1, state: "DISPATCHED" });

/** A transaction takes a savepoint, does this, and goes back; what follows is still in it. */
const takenBack = (part: (events: HistoryBuilder) => HistoryBuilder, before = history()) =>
  part(before.begin(0).savepoint(0, "savepoint")).savepoint(0, "rollbackTo");
const enqueues = (events: HistoryBuilder) => events.call(0, enqueue(), told);
const claims = (events: HistoryBuilder) => events.call(0, claim(), granted("t"));

describe("what a savepoint took back", () => {
  test("was never enqueued (INV-01)", () => {
    const gone = takenBack(enqueues).commit(0);
    expect(gone.look([]).breaks(conservation)).toBeNull();
    expect(takenBack(enqueues).commit(0).look([row]).breaks(conservation)).toBe("a row appears unasked");
    const released = enqueues(history().begin(0).savepoint(0, "savepoint")).savepoint(0, "release").commit(0);
    expect(released.look([]).breaks(conservation)).toBe("a committed key is lost");
  });
  test("has no identity that binds (INV-02)", () => {
    const other = ok({ outboxId: "r2", sequenceId: 1, createdAt: now, state: "PENDING" });
    expect(takenBack(enqueues).call(0, enqueue(), other).commit(0).breaks(idempotency)).toBeNull();
    expect(enqueues(history().begin(0)).call(0, enqueue(), other).commit(0).breaks(idempotency)).toBe(
      "a key has two identities",
    );
  });
  test("is no lease (INV-04, INV-05), and no claim that counts (INV-09)", () => {
    const again = () => takenBack(claims).call(0, claim(), granted("u")).commit(0);
    expect(again().look([row]).breaks(leaseExclusivity)).toBeNull();
    expect(again().look([row]).breaks(ceilingHolds, 1)).toBeNull();
    expect(takenBack(claims).call(0, complete(), done).breaks(fencing)).toBe("completed without a lease");
    const ended = takenBack((events) => events.call(0, complete(), done), claims(history()));
    expect(ended.call(0, complete(), done).breaks(fencing)).toBeNull();
  });
  test("gives its token back to nobody (INV-04)", () => {
    expect(takenBack(claims).call(0, claim(), granted("t")).breaks(leaseExclusivity)).toBe(
      "two claims share a token",
    );
  });
  test("wakes nobody (INV-10)", () => {
    const wakes = [{ session: 0, payload: "" }];
    expect(takenBack(enqueues).commit(0).look([]).breaks(wakeUp)).toBeNull();
    expect(takenBack(enqueues).commit(0).lookAndHear(wakes, []).breaks(wakeUp)).toBe(
      "a notification without a first enqueue",
    );
    const again = () => takenBack(enqueues).call(0, enqueue(), told).commit(0);
    expect(again().lookAndHear(wakes, [row]).breaks(wakeUp)).toBeNull();
    expect(again().look([row]).breaks(wakeUp)).toBe("a first enqueue gives no notification");
  });
  test("is no second call in a deadlock (INV-16)", () => {
    const deadlock = { ...fail("40P01"), cycle: [0, 1] };
    const one = history().begin(0).savepoint(0, "savepoint").invoke(1, enqueue());
    expect(one.call(0, enqueue(), deadlock).breaks(noDeadlock)).toBe("one-call transactions deadlock");
  });
  test("breaks nothing where it was repaired and repaired again", () => {
    const repaired = ok({ outboxId: "r1", attemptNo: 1 });
    const late = enqueues(history())
      .call(1, claim(), granted("t"))
      .advance(10 * second);
    const events = takenBack((part) => part.call(0, repair(), repaired), late).call(0, repair(), repaired);
    const broken = invariants.map((invariant) => events.breaks(invariant)).filter((rule) => rule !== null);
    expect(broken).toEqual([]);
  });
});

import { describe, expect, test } from "vitest";
import { claim, claimed, complete, enqueue, fail, now, ok, pending, repair, second } from "./fixtures.ts";
import { nothingObserved } from "./observation.ts";
import type { Isolation, Operation } from "./operation.ts";
import { mayCall, type Role, roles } from "./privileges.ts";
import type { Fail, Response } from "./response.ts";
import type { Interruption, TransactionInfo, TransactionPoint } from "./transaction-point.ts";
import { transactionModel } from "./transactions.ts";
import type { World } from "./world.ts";

/** Scripts of points, played in the order in which they stand. The database is empty at first. */
function played(points: readonly TransactionPoint[], ceiling: number | null = 20): string {
  const model = transactionModel(ceiling);
  let world = model.initial;
  for (const [index, point] of points.entries()) {
    const next = model.next(world, point);
    if ("refusal" in next) return `${index}: ${next.refusal.rule}`;
    world = firstOf(next.states) ?? world;
  }
  return "accepted";
}

function firstOf([first]: Iterable<World>): World | undefined {
  return first;
}

function worldAfter(points: readonly TransactionPoint[]): World {
  const model = transactionModel(20);
  return points.reduce((world, point) => {
    const next = model.next(world, point);
    return "states" in next ? (firstOf(next.states) ?? world) : world;
  }, model.initial);
}

/** Plays what must be accepted, then one more point: "accepted", or the rule that refuses it. */
function then(before: readonly TransactionPoint[], last: TransactionPoint, ceiling?: number | null): string {
  expect(played(before, ceiling)).toBe("accepted");
  return played([...before, last], ceiling).replace(/^\d+: /, "");
}

function transaction(
  id: number,
  isolation: Isolation = "READ COMMITTED",
  over: Partial<TransactionInfo> = {},
) {
  return { id, session: id, role: "symphony_control", isolation, now, ...over } satisfies TransactionInfo;
}

function call(
  by: TransactionInfo,
  operation: Operation,
  response: Response,
  cycleHasSeveralCalls = false,
  interruption: Interruption | null = null,
): TransactionPoint {
  return { kind: "call", transaction: by, operation, response, cycleHasSeveralCalls, interruption };
}

const snapshot = (by: TransactionInfo): TransactionPoint => ({ kind: "snapshot", transaction: by });
const rollback = (by: TransactionInfo): TransactionPoint => ({ kind: "rollback", transaction: by });
const commit = (
  by: TransactionInfo,
  outcome: "committed" | "rolled back" | Fail = "committed",
): TransactionPoint => {
  return { kind: "commit", transaction: by, outcome };
};

const savepoint = (
  kind: "savepoint" | "rollbackTo" | "release",
  by: TransactionInfo,
  name = "s1",
  outcome: "done" | Fail = "done",
): TransactionPoint => ({ kind, transaction: by, name, outcome });

const t0 = transaction(0);
const t1 = transaction(1);
const t2 = transaction(2);
const rr = transaction(3, "REPEATABLE READ");
const ser = transaction(4, "SERIALIZABLE");
const ser2 = transaction(5, "SERIALIZABLE");

const row = pending("r1", { instructionId: "a" });
const first = ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" });
const other = enqueue({ instructionId: "b" });
const otherFirst = ok({ outboxId: "r2", sequenceId: 2, createdAt: now, state: "PENDING" });
const lease = claimed(row, { leaseToken: "t" });
const none = ok();

const enqueued = [call(t0, enqueue(), first), commit(t0)];
const claimedBefore = [...enqueued, call(t0, claim(), ok(lease)), commit(t0)];
const done = ok({ attemptNo: 1, state: "DISPATCHED" });
const passesOver = "claim: passes over a free row";
const notThis = "claim: takes a row that it must not take";

describe("READ COMMITTED", () => {
  test("sees its own writes", () => {
    const own = [call(t1, enqueue(), first)];
    expect(then(own, call(t1, claim(), ok(lease)))).toBe("accepted");
    expect(then(own, call(t1, claim(), none))).toBe(passesOver);
  });
  test("does not see what is not committed", () => {
    const open = [call(t1, enqueue(), first)];
    expect(then(open, call(t2, claim(), none))).toBe("accepted");
    expect(then(open, call(t2, claim(), ok(lease)))).toBe(notThis);
  });
  test("sees each commit, in an open transaction too", () => {
    const between = [call(t2, claim(), none), ...enqueued];
    expect(then(between, call(t2, claim(), ok(lease)))).toBe("accepted");
    expect(then(between, call(t2, claim(), none))).toBe(passesOver);
  });
});

describe("REPEATABLE READ", () => {
  test("reads its snapshot", () => {
    const late = [snapshot(rr), ...enqueued];
    expect(then(late, call(rr, claim(), none))).toBe("accepted");
    expect(then(late, call(rr, claim(), ok(lease)))).toBe(notThis);
    expect(then([...enqueued, snapshot(rr)], call(rr, claim(), none))).toBe(passesOver);
  });
  test("and its own writes", () => {
    expect(then([snapshot(rr), call(rr, enqueue(), first)], call(rr, claim(), ok(lease)))).toBe("accepted");
  });
  test("tells the state that its snapshot shows", () => {
    const repeat = (state: "PENDING" | "DISPATCHED") =>
      ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state });
    const between = [...claimedBefore, snapshot(rr), call(t1, complete(), done), commit(t1)];
    expect(then(between, call(rr, enqueue(), repeat("PENDING")))).toBe("accepted");
    expect(then(between, call(rr, enqueue(), repeat("DISPATCHED")))).toMatch(/^enqueue: a repeat/);
    expect(then(between, call(t2, enqueue(), repeat("DISPATCHED")))).toBe("accepted");
    expect(then(between, call(t2, enqueue(), repeat("PENDING")))).toMatch(/^enqueue: a repeat/);
  });
  test("does not write what was changed since", () => {
    const taken = [...enqueued, snapshot(rr), call(t1, claim(), ok(lease)), commit(t1)];
    expect(then(taken, call(rr, claim(), ok({ ...lease, leaseToken: "t2" })))).toBe(
      "claim: writes what was changed since its snapshot",
    );
    expect(then(taken, call(rr, claim(), none))).toBe(passesOver);
    expect(then(taken, call(rr, claim(), fail("40001")))).toBe("accepted");
  });
  test("does not take a number or a key that was taken since", () => {
    const since = [snapshot(rr), ...enqueued];
    const stale = "enqueue: writes what was changed since its snapshot";
    const asFirst = ok({ outboxId: "r2", sequenceId: 1, createdAt: now, state: "PENDING" });
    expect(then(since, call(rr, other, asFirst))).toBe(stale);
    expect(then(since, call(rr, other, fail("40001")))).toBe("accepted");
    expect(then(since, call(rr, enqueue({ participantId: "q" }), asFirst))).toBe(stale);
    expect(then(since, call(rr, enqueue({ participantId: "q" }), fail("40001")))).toBe("accepted");
  });
  test("writes twice what it wrote once", () => {
    expect(then([snapshot(rr), call(rr, enqueue(), first)], call(rr, other, otherFirst))).toBe("accepted");
  });
  test("writes what another transaction held and gave back", () => {
    const back = [...enqueued, snapshot(rr), call(t1, claim(), ok(lease)), rollback(t1)];
    expect(then(back, call(rr, claim(), ok({ ...lease, leaseToken: "t2" })))).toBe("accepted");
  });
});

describe("what a call has locked on its way", () => {
  const way = (
    by: TransactionInfo,
    operation: Operation,
    response: Response = fail("57014"),
  ): TransactionPoint => ({ kind: "lock", transaction: by, operation, response });
  /** The last of the points plays in the world in which the lock was taken, or not. */
  function beside(
    locked: boolean,
    before: readonly TransactionPoint[],
    ...rest: readonly TransactionPoint[]
  ) {
    const model = transactionModel(20);
    const [lock, ...after] = rest;
    const next = lock && model.next(worldAfter(before), lock);
    if (next === undefined || "refusal" in next) return "refused";
    let world = [...next.states][locked ? 1 : 0] ?? model.initial;
    for (const point of after) {
      const then = model.next(world, point);
      if ("refusal" in then) return then.refusal.rule;
      world = firstOf(then.states) ?? world;
    }
    return "accepted";
  }
  const stranger = complete({ leaseToken: "other" });

  test("a claim may pass over, and may not take", () => {
    const [passing, taking] = [call(t2, claim(), none), call(t2, claim(), ok(lease))];
    expect(beside(true, enqueued, way(t1, stranger), passing)).toBe("accepted");
    expect(beside(true, enqueued, way(t1, stranger), taking)).toBe(
      "claim: writes what another transaction holds",
    );
    expect(beside(false, enqueued, way(t1, stranger), passing)).toBe(passesOver);
    expect(beside(false, enqueued, way(t1, stranger), taking)).toBe("accepted");
  });
  test("is let go when the call fails", () => {
    const failed = call(t1, stranger, fail("P7002"));
    expect(beside(true, enqueued, way(t1, stranger), failed, call(t2, claim(), none))).toBe(passesOver);
  });
  test("is held on only where the call writes it", () => {
    const repeat = call(t1, claim(), none);
    expect(beside(true, [], way(t1, claim()), repeat, ...enqueued, call(t2, claim(), none))).toBe(passesOver);
    const taken = call(t1, claim(), ok(lease));
    expect(beside(true, enqueued, way(t1, claim()), taken, call(t2, claim(), none))).toBe("accepted");
  });
  test("is any of a batch's rows that are tied, as many as the batch takes", () => {
    const twoRows = [call(t0, enqueue(), first), call(t0, other, otherFirst), commit(t0)];
    const second = claimed(pending("r2", { instructionId: "b", sequenceId: 2 }), { leaseToken: "u" });
    const worlds = (batchSize: number, taken: Response) => {
      const next = transactionModel(20).next(worldAfter(twoRows), way(t1, claim({ batchSize })));
      const states = "states" in next ? [...next.states].slice(1) : [];
      return states.map((world) => {
        const then = transactionModel(20).next(world, call(t2, claim({ batchSize: 2 }), taken));
        return "states" in then ? "accepted" : then.refusal.rule;
      });
    };
    expect(worlds(1, ok(second))).toEqual(["accepted", passesOver]);
    expect(worlds(1, ok(lease))).toEqual([passesOver, "accepted"]);
    expect(worlds(1, none)).toEqual([passesOver, passesOver]);
    expect(worlds(2, none)).toEqual(["accepted"]);
  });
  test("is exactly the rows of a batch that was answered", () => {
    const twoRows = [call(t0, enqueue(), first), call(t0, other, otherFirst), commit(t0)];
    const locked = (answer: Response) => {
      const next = transactionModel(20).next(worldAfter(twoRows), way(t1, claim(), answer));
      const states = "states" in next ? [...next.states].slice(1) : [];
      return states.map(({ open }) => [...(open.get(t1.id)?.lockedEarly ?? [])]);
    };
    expect(locked(ok(lease))).toEqual([["pending/r1"]]);
    expect(locked(ok({ ...lease, outboxId: "r2" }))).toEqual([["pending/r2"]]);
    expect(locked(ok({ ...lease, outboxId: "r3" }))).toEqual([]);
    expect(locked(fail("57014"))).toHaveLength(2);
  });
  test("is nothing that another transaction holds", () => {
    const held = [...enqueued, call(t2, claim(), ok(lease))];
    const released = [way(t1, stranger), rollback(t2), call(t0, claim(), none)] as const;
    expect(beside(true, held, ...released)).toBe(passesOver);
  });
});

describe("a lock is held from the write to the end", () => {
  const holds = [...claimedBefore, call(t1, complete(), done)];

  test("nobody else writes the row", () => {
    expect(then(holds, call(t2, complete(), done))).toBe("complete: writes what another transaction holds");
    expect(then([...holds, rollback(t1)], call(t2, complete(), done))).toBe("accepted");
    expect(then([...holds, commit(t1)], call(t2, complete(), done))).toBe(
      "complete: must fail with LEASE_LOST",
    );
    expect(then([...holds, commit(t1)], call(t2, complete(), fail("P7002")))).toBe("accepted");
  });
  test("nobody else takes the key or the participant's next number", () => {
    const open = [call(t1, enqueue(), first)];
    const held = "enqueue: writes what another transaction holds";
    expect(
      then(
        open,
        call(t2, enqueue(), ok({ outboxId: "r2", sequenceId: 1, createdAt: now, state: "PENDING" })),
      ),
    ).toBe(held);
    expect(
      then(open, call(t2, other, ok({ outboxId: "r2", sequenceId: 1, createdAt: now, state: "PENDING" }))),
    ).toBe(held);
    const elsewhere = enqueue({ instructionId: "b", participantId: "q" });
    expect(
      then(
        open,
        call(t2, elsewhere, ok({ outboxId: "r2", sequenceId: 1, createdAt: now, state: "PENDING" })),
      ),
    ).toBe("accepted");
  });
  test("claim and repair pass over the row, and only as long", () => {
    const taken = [...enqueued, call(t1, claim(), ok(lease))];
    expect(then(taken, call(t2, claim(), none))).toBe("accepted");
    expect(then([...taken, rollback(t1)], call(t2, claim(), none))).toBe(passesOver);
    const late = transaction(6, "READ COMMITTED", { now: now + 10 * second });
    const mended = [...claimedBefore, call(late, repair(), ok({ outboxId: "r1", attemptNo: 1 }))];
    const later = { ...late, id: 7 };
    expect(then(mended, call(later, repair(), none))).toBe("accepted");
    expect(then([...mended, rollback(late)], call(later, repair(), none))).toBe(
      "repair: passes over a free row",
    );
  });
  test("a failure gives it up", () => {
    const failed = [
      ...enqueued,
      call(t1, claim(), ok(lease)),
      call(t1, complete({ leaseToken: "x" }), fail("P7002")),
    ];
    expect(then(failed, call(t2, claim(), none))).toBe(passesOver);
    expect(then(failed, call(t2, claim(), ok({ ...lease, leaseToken: "t2" })))).toBe("accepted");
  });
  test("it does not stop who wrote it", () => {
    expect(then([...enqueued, call(t1, claim(), ok(lease))], call(t1, complete(), done))).toBe("accepted");
  });
});

describe("40001 has a cause", () => {
  const without = "isolation: 40001 without a cause";
  const refusal = fail("40001");
  const twoRows = [...claimedBefore, call(t0, other, otherFirst), commit(t0)];

  test("never under READ COMMITTED", () => {
    expect(then([...enqueued, call(t1, claim(), ok(lease)), commit(t1)], call(t2, claim(), refusal))).toBe(
      without,
    );
  });
  test("not where nothing has changed", () => {
    expect(then([...claimedBefore, snapshot(rr)], call(rr, complete(), refusal))).toBe(without);
    expect(then([...claimedBefore, snapshot(ser)], call(ser, complete(), refusal))).toBe(without);
  });
  test("not where only something else has changed", () => {
    const b = claimed(pending("r2", { instructionId: "b" }), { leaseToken: "t2" });
    for (const by of [rr, ser]) {
      const since = [...twoRows, snapshot(by), call(t1, claim(), ok(b)), commit(t1)];
      expect(then(since, call(by, complete(), refusal))).toBe(without);
      expect(then(since, call(by, enqueue(), refusal))).toBe(without);
      expect(then(since, call(by, { kind: "ceiling" }, refusal))).toBe(without);
      expect(then(since, call(by, claim(), refusal))).toBe("accepted");
    }
  });
  test("not where a change stayed open or was rolled back", () => {
    const open = [...claimedBefore, snapshot(rr), call(t1, complete(), done)];
    expect(then(open, call(rr, complete(), refusal))).toBe(without);
    expect(then([...open, rollback(t1)], call(rr, complete(), refusal))).toBe(without);
    expect(then([...open, commit(t1)], call(rr, complete(), refusal))).toBe("accepted");
  });
  test("not for a repeat: no key ever changes", () => {
    const since = [...claimedBefore, snapshot(rr), call(t1, complete(), done), commit(t1)];
    expect(then(since, call(rr, enqueue(), refusal))).toBe(without);
    // The participant's counter has moved on, but a repeat touches none.
    const counted = [...enqueued, snapshot(rr), call(t1, other, otherFirst), commit(t1)];
    expect(then(counted, call(rr, enqueue(), refusal))).toBe(without);
  });
  test("not for a row beyond the batch", () => {
    // r1 is first in order and free; r2 was claimed since.
    const b = pending("r2", { instructionId: "b", nextAttemptAt: now + 1, createdAt: now + 1 });
    const later = (id: number, isolation?: Isolation) => transaction(id, isolation, { now: now + 1 });
    const [t6, t7] = [later(6), later(7, "REPEATABLE READ")];
    const born = ok({ outboxId: "r2", sequenceId: 2, createdAt: now + 1, state: "PENDING" });
    const at = { leaseExpiresAt: now + 1 + 10 * second };
    const changed = [
      ...[...enqueued, call(t6, other, born), commit(t6), snapshot(t7)],
      ...[call(t6, claim({ batchSize: 2 }), ok(claimed(row, at), claimed(b, at))), rollback(t6)],
      ...[
        call(t1, claim(), ok(lease)),
        call(t6, claim(), ok(claimed(b, { ...at, leaseToken: "u" }))),
        commit(t6),
        rollback(t1),
      ],
    ];
    expect(then(changed, call(t7, claim(), refusal))).toBe(without);
    expect(then(changed, call(t7, claim({ batchSize: 2 }), refusal))).toBe("accepted");
    expect(then(changed, call(t7, claim(), ok(claimed(row, { ...at, leaseToken: "v" }))))).toBe("accepted");
  });

  const beside = [snapshot(ser), snapshot(ser2), call(ser2, enqueue(), first)];
  test("under SERIALIZABLE beside another one that committed a write, at COMMIT too", () => {
    expect(then([...beside, commit(ser2)], call(ser, claim(), refusal))).toBe("accepted");
    expect(then([...beside, commit(ser2), call(ser, claim(), none)], commit(ser, refusal))).toBe("accepted");
  });
  test("not beside one that is open, was rolled back, wrote nothing, came before, or is of another level", () => {
    const mustNot = "commit: must not fail, failed with 40001";
    expect(then(beside, call(ser, claim(), refusal))).toBe(without);
    expect(then(beside, commit(ser, refusal))).toBe(mustNot);
    expect(then([...beside, rollback(ser2)], commit(ser, refusal))).toBe(mustNot);
    expect(
      then([snapshot(ser), snapshot(ser2), call(ser2, claim(), none), commit(ser2)], commit(ser, refusal)),
    ).toBe(mustNot);
    expect(
      then([snapshot(ser2), call(ser2, enqueue(), first), commit(ser2), snapshot(ser)], commit(ser, refusal)),
    ).toBe(mustNot);
    expect(then([snapshot(ser), ...enqueued], commit(ser, refusal))).toBe(mustNot);
    expect(
      then([snapshot(rr), snapshot(ser2), call(ser2, enqueue(), first), commit(ser2)], commit(rr, refusal)),
    ).toBe(mustNot);
    expect(then([...beside, commit(ser2)], call(rr, claim(), refusal))).toBe(without);
  });
  test("a commit that failed has no effect", () => {
    const apart = ok({ outboxId: "r9", sequenceId: 1, createdAt: now, state: "PENDING" });
    const q = enqueue({ instructionId: "b", participantId: "q" });
    const lost = [...beside, call(ser, q, apart), commit(ser2), commit(ser, refusal)];
    expect(then(lost, call(t1, q, { ...apart }))).toBe("accepted");
    expect(then(lost, call(t1, claim({ batchSize: 2 }), ok(lease)))).toBe("accepted");
  });
  test("a transaction that has failed is rolled back, whatever was beside it", () => {
    const failed = [...beside, commit(ser2), call(ser, complete(), fail("P7002"))];
    expect(then(failed, commit(ser, refusal))).toBe("commit: must not fail, failed with 40001");
    expect(then(failed, commit(ser, "rolled back"))).toBe("accepted");
  });
  test("COMMIT fails with nothing else", () => {
    expect(then([...beside, commit(ser2)], commit(ser, fail("23505")))).toBe(
      "commit: must not fail, failed with 23505",
    );
  });
});

describe("a savepoint", () => {
  const take = (by: TransactionInfo, name?: string) => savepoint("savepoint", by, name);
  const back = (by: TransactionInfo, name?: string) => savepoint("rollbackTo", by, name);
  const release = (by: TransactionInfo, name?: string) => savepoint("release", by, name);
  const claims = call(t1, claim(), ok(lease));
  const again = ok({ ...lease, leaseToken: "t2" });
  const refused = call(t1, complete({ leaseToken: "x" }), fail("P7002"));

  test("gone back to undoes what came after it, and nothing before", () => {
    const undone = [...enqueued, take(t1), claims, back(t1)];
    expect(then(undone, call(t1, complete(), done))).toBe("complete: must fail with LEASE_LOST");
    expect(then([...undone, commit(t1)], call(t2, claim(), again))).toBe("accepted");
    expect(then([...enqueued, claims, take(t1), back(t1)], call(t1, complete(), done))).toBe("accepted");
  });
  test("gone back to frees the locks that were taken since, and no others", () => {
    const since = [...enqueued, take(t1), claims];
    expect(then(since, call(t2, claim(), none))).toBe("accepted");
    expect(then([...since, back(t1)], call(t2, claim(), none))).toBe(passesOver);
    expect(then([...since, back(t1)], call(t2, claim(), again))).toBe("accepted");
    const before = [...enqueued, claims, take(t1), call(t1, complete(), done), back(t1)];
    expect(then(before, call(t2, claim(), none))).toBe("accepted");
    expect(then(before, call(t2, claim(), again))).toBe("claim: writes what another transaction holds");
  });
  test("stays after it was gone back to, and those within it do not", () => {
    const inner = [...enqueued, take(t1), take(t1, "s2"), back(t1)];
    expect(then([...inner, claims], back(t1))).toBe("accepted");
    expect(then(inner, back(t1, "s2"))).toBe("rollbackTo: no such savepoint");
  });
  test("released keeps what came after it, under the one around it", () => {
    const kept = [...enqueued, take(t1), take(t1, "s2"), claims, release(t1, "s2")];
    expect(then(kept, call(t1, complete(), done))).toBe("accepted");
    expect(then(kept, back(t1, "s2"))).toBe("rollbackTo: no such savepoint");
    expect(then([...kept, back(t1)], call(t2, claim(), again))).toBe("accepted");
    expect(then([...enqueued, take(t1), take(t1, "s2"), release(t1)], release(t1, "s2"))).toBe(
      "release: no such savepoint",
    );
  });
  test("hides an older one of its name until it is released", () => {
    const twice = [...enqueued, take(t1), claims, take(t1), call(t1, complete(), done)];
    expect(then([...twice, back(t1)], call(t1, complete(), done))).toBe("accepted");
    expect(then([...twice, release(t1), back(t1)], call(t1, complete(), done))).toBe(
      "complete: must fail with LEASE_LOST",
    );
  });
  test("gone back to after an error lets the transaction go on", () => {
    const failed = [...enqueued, claims, take(t1), refused];
    expect(then(failed, call(t1, complete(), done))).toBe("transaction: has failed");
    expect(then([...failed, back(t1)], call(t1, complete(), done))).toBe("accepted");
    expect(then([...failed, back(t1)], commit(t1))).toBe("accepted");
    expect(then([...failed, back(t1)], commit(t1, "rolled back"))).toBe("commit: answers what happened");
  });
  test("an error frees what was locked since the innermost one, and what came before stays locked", () => {
    const failed = [...enqueued, take(t1), claims, take(t1, "s2"), refused];
    expect(then(failed, call(t2, claim(), none))).toBe("accepted");
    expect(then([...failed, back(t1)], call(t2, claim(), again))).toBe("accepted");
    expect(then([...enqueued, take(t1), claims, refused], call(t2, claim(), again))).toBe("accepted");
    expect(then([...failed, commit(t1, "rolled back")], call(t2, claim(), again))).toBe("accepted");
  });
  test("is refused by a transaction that has failed, as is its release", () => {
    const failed = [...enqueued, take(t1), refused];
    for (const kind of ["savepoint", "release"] as const) {
      expect(then(failed, savepoint(kind, t1, "s1", fail("25P02")))).toBe("accepted");
      expect(then(failed, savepoint(kind, t1))).toBe("transaction: has failed");
    }
    expect(then(failed, savepoint("rollbackTo", t1, "s1", fail("25P02")))).toBe(
      "rollbackTo: must not fail, failed with 25P02",
    );
    expect(then(enqueued, savepoint("savepoint", t1, "s1", fail("25P02")))).toBe(
      "savepoint: must not fail, failed with 25P02",
    );
  });
  test("does not give the snapshot back", () => {
    const since = [...enqueued, take(rr), snapshot(rr), call(rr, { kind: "ceiling" }, ok({ ceiling: 20 }))];
    const changed = [...since, back(rr), call(t1, other, otherFirst), commit(t1)];
    const both = claim({ batchSize: 2 });
    expect(then(changed, call(rr, both, ok(lease)))).toBe("accepted");
    const failed = [...enqueued, take(rr), snapshot(rr), call(rr, complete(), fail("P7002")), back(rr)];
    expect(then([...failed, call(t1, other, otherFirst), commit(t1)], call(rr, both, ok(lease)))).toBe(
      "accepted",
    );
  });
  test("does not make a 40001 any less likely: the row is as changed as before", () => {
    const changed = [...enqueued, snapshot(rr), take(rr), call(t1, claim(), ok(lease)), commit(t1)];
    const refusedTwice = [...changed, call(rr, claim(), fail("40001")), back(rr)];
    expect(then(refusedTwice, call(rr, claim(), fail("40001")))).toBe("accepted");
    expect(then(refusedTwice, call(rr, enqueue({ participantId: "q" }), fail("40001")))).toBe(
      "isolation: 40001 without a cause",
    );
  });
  test("taken back, a write was met by another serializable transaction all the same", () => {
    const met = [snapshot(ser), snapshot(ser2), take(ser2), call(ser2, enqueue(), first), back(ser2)];
    expect(then([...met, commit(ser2)], call(ser, claim(), fail("40001")))).toBe("accepted");
    expect(then(met, call(ser, claim(), fail("40001")))).toBe("isolation: 40001 without a cause");
  });
});

describe("40P01", () => {
  test("only in a cycle with a transaction of several calls", () => {
    expect(then([], call(t1, enqueue(), fail("40P01"), true))).toBe("accepted");
    expect(then([], call(t1, enqueue(), fail("40P01"), false))).toBe(
      "deadlock: among transactions of one call",
    );
  });
});

describe("a transaction that failed", () => {
  const failed = [call(t1, enqueue(), first), call(t1, complete({ outboxId: null }), fail("P7002"))];
  test("answers 25P02, and nothing else", () => {
    for (const operation of [enqueue(), claim(), complete(), repair(), { kind: "ceiling" } as const]) {
      expect(then(failed, call(t1, operation, fail("25P02")))).toBe("accepted");
      for (const response of [none, first, fail("P7002"), fail("40001"), fail("42501")]) {
        expect(then(failed, call(t1, operation, response))).toBe("transaction: has failed");
      }
    }
  });
  test("and only it", () => {
    expect(then([call(t1, enqueue(), first)], call(t1, claim(), fail("25P02")))).toBe(
      "claim: must not fail, failed with 25P02",
    );
    expect(then(failed, call(t2, enqueue(), fail("25P02")))).toBe(
      "enqueue: must not fail, failed with 25P02",
    );
  });
  test("is rolled back by COMMIT, which says so", () => {
    expect(then(failed, commit(t1))).toBe("commit: answers what happened");
    expect(then([...failed, commit(t1, "rolled back")], call(t2, enqueue(), first))).toBe("accepted");
    expect(then([call(t1, enqueue(), first)], commit(t1, "rolled back"))).toBe(
      "commit: answers what happened",
    );
  });
});

describe("roles", () => {
  const operations = [enqueue(), claim(), complete(), repair(), { kind: "ceiling" } as const];
  const allowed: Record<Role, string> = {
    symphony_ingest: "enqueue ceiling",
    symphony_executor: "claim complete repair ceiling",
    symphony_control: "enqueue claim complete repair ceiling",
    symphony_readonly: "ceiling",
    symphony_auditor: "ceiling",
  };
  for (const role of roles) {
    test(`${role} may call ${allowed[role]}`, () => {
      expect(
        operations
          .filter((operation) => mayCall(role, operation))
          .map(({ kind }) => kind)
          .join(" "),
      ).toBe(allowed[role]);
    });
  }
  test("who may not call gets 42501, and who may does not", () => {
    const ingest = { ...t1, role: "symphony_ingest" as const };
    expect(then([], call(ingest, claim(), fail("42501")))).toBe("accepted");
    expect(then([], call(ingest, claim(), none))).toBe("role: may not call it");
    expect(then([], call(ingest, claim({ batchSize: 0 }), fail("22023")))).toBe("role: may not call it");
    expect(then([], call(t1, claim(), fail("42501")))).toBe("claim: must not fail, failed with 42501");
  });
});

describe("what is rolled back", () => {
  const undone = [call(t1, enqueue(), first), call(t1, claim(), ok(lease)), rollback(t1)];
  test("leaves no trace", () => {
    const nothing: TransactionPoint = {
      kind: "observe",
      observation: nothingObserved,
    };
    expect(then(undone, nothing)).toBe("accepted");
    expect(then(undone, call(t2, enqueue(), first))).toBe("accepted");
    expect(
      then(undone, call(t2, enqueue(), { ...first, rows: [{ ...first.rows[0], sequenceId: 2 } as never] })),
    ).toBe("enqueue: a new key gets the next sequence number");
  });
  test("but no claim returns its token again", () => {
    const again = [...undone, ...enqueued];
    expect(then(again, call(t2, claim(), ok(lease)))).toBe("claim: a lease token is never used twice");
    expect(then(again, call(t2, claim(), ok({ ...lease, leaseToken: "t2" })))).toBe("accepted");
  });
  test("an observation holds what is committed, and nothing else", () => {
    const observe: TransactionPoint = {
      kind: "observe",
      observation: {
        ...nothingObserved,
        pending: [row],
        attempts: [],
        sequences: [{ participantId: "p", next: 2 }],
      },
    };
    expect(then(enqueued, observe)).toBe("accepted");
    expect(then([call(t1, enqueue(), first)], observe)).toBe("pending has a row too many");
    expect(then([...enqueued, call(t1, claim(), ok(lease))], observe)).toBe("accepted");
    expect(then(claimedBefore, observe)).toBe("pending.claimedBy differs");
  });
});

test("worlds of equal rows have different keys if one of them has changed since a snapshot", () => {
  const model = transactionModel(20);
  const retire: Operation = { kind: "setPolicy", version: "v", status: "RETIRED", graceSeconds: null };
  const insert: Operation = {
    kind: "insertPolicy",
    version: "v",
    status: "RETIRED",
    graceSeconds: null,
    checksum: "c",
  };
  const before = [call(t0, insert, none), commit(t0), call(t1, retire, ok({ version: "v" }))];
  const key = (...points: readonly TransactionPoint[]) => {
    expect(played([...before, ...points])).toBe("accepted");
    return model.key(worldAfter([...before, ...points]));
  };
  expect(key(snapshot(rr), commit(t1))).not.toBe(key(commit(t1), snapshot(rr)));
  const again = call(rr, retire, ok({ version: "v" }));
  expect(then([...before, snapshot(rr), commit(t1)], again)).toMatch(
    /writes what was changed since its snapshot$/,
  );
  expect(then([...before, commit(t1), snapshot(rr)], again)).toBe("accepted");
});

test("worlds have equal keys exactly if they are equal, whatever led there", () => {
  const model = transactionModel(20);
  const q = enqueue({ instructionId: "b", participantId: "q" });
  const qFirst = ok({ outboxId: "r2", sequenceId: 1, createdAt: now, state: "PENDING" });
  const [a, b] = [call(t1, enqueue(), first), call(t2, q, qFirst)];
  expect(model.key(worldAfter([a, b]))).toBe(model.key(worldAfter([b, a])));
  expect(model.key(worldAfter([a, b, commit(t1), commit(t2)]))).toBe(
    model.key(worldAfter([b, a, commit(t2), commit(t1)])),
  );
  const worlds = [
    [],
    [a],
    [b],
    [a, b],
    [a, commit(t1)],
    [a, rollback(t1), call(t1, enqueue(), fail("40P01"), true)],
  ];
  expect(new Set(worlds.map((points) => model.key(worldAfter(points)))).size).toBe(worlds.length);
});

describe("a call that was interrupted", () => {
  const [one, two] = [transaction(1), transaction(2)];
  const told = ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" });
  const beside = (operation: Operation, sqlstate: string, interruption: Interruption | null) =>
    then([call(one, enqueue(), told)], call(two, operation, fail(sqlstate), false, interruption));

  test("may fail by what was done to it, and by nothing else", () => {
    expect(beside(enqueue(), "57P01", "terminated")).toBe("accepted");
    expect(beside(enqueue(), "57014", "cancelled")).toBe("accepted");
    expect(beside(enqueue(), "57014", "terminated")).toBe("enqueue: must not fail, failed with 57014");
    expect(beside(enqueue(), "57P01", "cancelled")).toBe("enqueue: must not fail, failed with 57P01");
  });
  test("fails by it alone", () => {
    for (const sqlstate of ["57P01", "57014", "55P03"])
      expect(beside(enqueue(), sqlstate, null)).toBe(`enqueue: must not fail, failed with ${sqlstate}`);
  });
  test("had no effect, and its transaction has failed", () => {
    const before = [
      call(one, enqueue(), told),
      call(two, enqueue(), fail("57014"), false, "cancelled"),
      rollback(one),
    ];
    expect(then(before, call(two, claim(), fail("25P02")))).toBe("accepted");
    expect(then([...before, rollback(two)], call(transaction(3), enqueue(), told))).toBe("accepted");
  });
  test("gives up only what another transaction holds", () => {
    const refused = "enqueue: must not fail, failed with 55P03";
    expect(beside(enqueue(), "55P03", "lock timeout")).toBe("accepted");
    expect(beside(enqueue({ idempotencyKey: "2" }), "55P03", "lock timeout")).toBe("accepted");
    const elsewhere = enqueue({ idempotencyKey: "2", participantId: "q" });
    expect(beside(elsewhere, "55P03", "lock timeout")).toBe(refused);
    expect(beside(elsewhere, "55P03", "lock timeout behind a TRUNCATE")).toBe("accepted");
    const ended = [call(one, enqueue(), told), rollback(one)];
    expect(then(ended, call(two, enqueue(), fail("55P03"), false, "lock timeout"))).toBe(refused);
  });
  test("gives up nothing where it must not wait", () => {
    for (const interruption of ["lock timeout", "lock timeout behind a TRUNCATE"] as const)
      expect(beside(claim(), "55P03", interruption)).toBe("claim: must not fail, failed with 55P03");
    expect(beside(repair(), "55P03", "lock timeout")).toBe("repair: must not fail, failed with 55P03");
  });
  test("gives up a place in a unique index, and a table for whoever is in it", () => {
    const insert = {
      kind: "insertPolicy",
      version: "v1",
      status: "ACTIVE",
      graceSeconds: null,
      checksum: "c",
    } as const;
    const held = [call(one, insert, ok())];
    const gaveUp = (operation: Operation) => call(two, operation, fail("55P03"), false, "lock timeout");
    expect(then(held, gaveUp({ ...insert, version: "v2" }))).toBe("accepted");
    expect(then(held, gaveUp({ ...insert, version: "v2", status: "RETIRED" }))).toBe(
      "insert policy: must not fail, failed with 55P03",
    );
    const truncate = { kind: "tamper", ledger: "attempts", verb: "truncate" } as const;
    const owner = transaction(2, "READ COMMITTED", { role: "owner" });
    const asOwner = call(owner, truncate, fail("55P03"), false, "lock timeout");
    expect(then([], asOwner)).not.toBe("accepted");
    expect(then([call(one, claim(), ok())], asOwner)).toBe("accepted");
  });
});

describe("a commit of unknown outcome", () => {
  const [one, two] = [transaction(1), transaction(2)];
  const first = ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" });
  const states = (points: readonly TransactionPoint[], last: TransactionPoint): readonly World[] => {
    const next = transactionModel(20).next(worldAfter(points), last);
    return "states" in next ? [...next.states] : [];
  };
  const unknown: TransactionPoint = { kind: "commit", transaction: one, outcome: "unknown" };

  test("has happened or not, whole or not at all, and the transaction is over", () => {
    const worlds = states([call(one, enqueue(), first)], unknown);
    expect(worlds.map(({ committed }) => [committed.keys.size, committed.pending.size])).toEqual([
      [1, 1],
      [0, 0],
    ]);
    expect(worlds.every(({ open }) => open.size === 0)).toBe(true);
  });
  test("is one where there is nothing to publish", () => {
    expect(states([call(one, claim(), ok())], unknown)).toHaveLength(1);
    const failed = [call(one, enqueue(), first), call(one, complete(), fail("P7002"))];
    expect(states(failed, unknown).map(({ committed }) => committed.keys.size)).toEqual([0]);
  });
  test("leaves no lock", () => {
    const gaveUp = call(two, enqueue({ idempotencyKey: "2" }), fail("55P03"), false, "lock timeout");
    for (const world of states([call(one, enqueue(), first)], unknown)) {
      expect("refusal" in transactionModel(20).next(world, gaveUp)).toBe(true);
    }
  });
});

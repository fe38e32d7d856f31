import { describe, expect, test } from "vitest";
import {
  after,
  attempt,
  attempts,
  check,
  fail,
  leased,
  now,
  ok,
  pending,
  repair,
  second,
  stateOf,
} from "./fixtures.ts";
import { anyText } from "./state.ts";

const expired = (id: string, agoMicros: number, over = {}) =>
  leased(id, { leaseExpiresAt: now - agoMicros, ...over });
const first = (outboxId: string) => ({ outboxId, attemptNo: 1 });
const notThis = "repair: takes a row that it must not take";
const passesOver = "repair: passes over a free row";

describe("expired", () => {
  check("at the lease's end", stateOf([expired("r1", 0)]), repair(), ok(first("r1")), "accepted");
  check("at the lease's end it must be taken", stateOf([expired("r1", 0)]), repair(), ok(), passesOver);
  check("not a microsecond before", stateOf([expired("r1", -1)]), repair(), ok(first("r1")), notThis);
  check(
    "a microsecond before there is nothing to do",
    stateOf([expired("r1", -1)]),
    repair(),
    ok(),
    "accepted",
  );
  check("not without a lease", stateOf([pending("r1")]), repair(), ok(first("r1")), notThis);
  check(
    "not a row that has ended",
    stateOf([], [attempt("r1", 1)]),
    repair(),
    ok({ outboxId: "r1", attemptNo: 2 }),
    notThis,
  );
});

describe("the batch", () => {
  const old = { createdAt: now - 9 };
  const queue = stateOf([expired("r3", 1), expired("r2", 2), expired("r1", 3)]);
  const two = repair({ batchSize: 2 });
  check("is the first to expire", queue, repair(), ok(first("r1")), "accepted");
  check("is not a later one", queue, repair(), ok(first("r2")), passesOver);
  check("is in any order", queue, two, ok(first("r2"), first("r1")), "accepted");
  check(
    "goes by creation where expiries are equal",
    stateOf([expired("r1", 1), expired("r2", 1, old)]),
    repair(),
    ok(first("r2")),
    "accepted",
  );
  check(
    "and not against it",
    stateOf([expired("r1", 1), expired("r2", 1, old)]),
    repair(),
    ok(first("r1")),
    passesOver,
  );
  check("is filled", queue, two, ok(first("r1")), passesOver);
  check(
    "is no more than its size",
    queue,
    repair(),
    ok(first("r1"), first("r2")),
    "repair: takes more than the batch size",
  );
  check("has no row twice", queue, two, ok(first("r1"), first("r1")), "repair: returns a row twice");
  check("passes over locked rows", queue, repair(), ok(first("r2")), "accepted", {
    lockedByAnother: (id) => id === "r1",
  });
  const times = "repair: numbers its attempt max + 1";
  const tried = stateOf([expired("r1", 1, { attemptCount: 2 })], attempts("r1", 2));
  check("numbers its attempts max + 1", tried, repair(), ok({ outboxId: "r1", attemptNo: 3 }), "accepted");
  check("repeats no number", tried, repair(), ok({ outboxId: "r1", attemptNo: 2 }), times);
});

describe("the ceiling", () => {
  const before = (n: number) => stateOf([expired("r1", 1, { attemptCount: n })], attempts("r1", n));
  const answer = (attemptNo: number) => ok({ outboxId: "r1", attemptNo });
  const recorded = (attemptNo: number, ceiling: number) => {
    const state = after(before(attemptNo - 1), repair(), answer(attemptNo), { ceiling });
    return { attempt: state.attempts.get("r1")?.at(-1), pending: state.pending.get("r1") };
  };
  const given = { completedAt: now, workerId: "fixer" };

  test("below it the row goes back, due in a second", () => {
    expect(recorded(2, 3)).toEqual({
      attempt: attempt("r1", 2, { ...given, state: "ZOMBIE_REQUEUE" }),
      pending: pending("r1", { attemptCount: 2, nextAttemptAt: now + second }),
    });
  });

  for (const attemptNo of [3, 4]) {
    test(`attempt ${attemptNo} of 3 ends the row`, () => {
      const ended = { state: "FAILED", errorCode: "RETRY_CEILING_EXCEEDED", errorMessage: anyText } as const;
      expect(recorded(attemptNo, 3)).toEqual({
        attempt: attempt("r1", attemptNo, { ...given, ...ended }),
        pending: undefined,
      });
    });
  }

  const bad = { ceiling: null };
  check("a bad one fails a repair that has a row", before(0), repair(), fail("22023"), "accepted", bad);
  check("and must", before(0), repair(), answer(1), "repair: must fail with bad ceiling", bad);
  check("not one that has none", stateOf([leased("r1")]), repair(), ok(), "accepted", bad);
  check("nor one whose only row is locked", before(0), repair(), ok(), "accepted", {
    ...bad,
    lockedByAnother: () => true,
  });
  check(
    "and excuses no failure then",
    stateOf([]),
    repair(),
    fail("22023"),
    "repair: must not fail, failed with 22023",
    bad,
  );
});

describe("a bad argument", () => {
  const rows = stateOf([expired("r1", 1)]);
  for (const argument of [
    { batchSize: null },
    { batchSize: 0 },
    { batchSize: -1 },
    { workerId: null },
    { workerId: "" },
  ]) {
    check(`${JSON.stringify(argument)} is refused`, rows, repair(argument), fail("22023"), "accepted");
    check(
      `${JSON.stringify(argument)} must be refused`,
      rows,
      repair(argument),
      ok(),
      "repair: must fail with bad argument",
    );
  }
  check(
    "good ones must not be refused",
    rows,
    repair(),
    fail("22023"),
    "repair: must not fail, failed with 22023",
  );
});

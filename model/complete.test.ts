import { describe, expect, test } from "vitest";
import {
  after,
  attempt,
  attempts,
  check,
  complete,
  fail,
  leased,
  now,
  ok,
  pending,
  second,
  stateOf,
} from "./fixtures.ts";

const held = stateOf([leased("r1")]);
const done = ok({ attemptNo: 1, state: "DISPATCHED" });
const again = ok({ attemptNo: 1, state: "RETRYABLE" });
const leaseLost = "complete: must fail with LEASE_LOST";

describe("the fence", () => {
  const refused = (description: string, state: typeof held, over: Parameters<typeof complete>[0] = {}) => {
    check(`${description}: LEASE_LOST`, state, complete(over), fail("P7002"), "accepted");
    check(`${description}: not ok`, state, complete(over), done, leaseLost);
  };
  check("lets the holder through", held, complete(), done, "accepted");
  check(
    "must let the holder through",
    held,
    complete(),
    fail("P7002"),
    "complete: must not fail, failed with P7002",
  );
  const until = (leaseExpiresAt: number) => stateOf([leased("r1", { leaseExpiresAt })]);
  check("lets through a microsecond before the end", until(now + 1), complete(), done, "accepted");
  refused("at the lease's end", until(now));
  refused("after the lease's end", until(now - 1));
  refused("another token", held, { leaseToken: "t2" });
  refused("a null token", held, { leaseToken: null });
  refused("another worker", held, { workerId: "w2" });
  refused("a null worker", held, { workerId: null });
  refused("another row", held, { outboxId: "r2" });
  refused("a null id", held, { outboxId: null });
  refused("a row without a lease", stateOf([pending("r1")]));
  refused("null for the token of a row without a lease", stateOf([pending("r1")]), {
    leaseToken: null,
    workerId: null,
  });
  refused("a second completion", stateOf([], [attempt("r1", 1, { state: "DISPATCHED" })]));
});

describe("the state", () => {
  const rule = "complete: must fail with bad state";
  for (const state of ["DISPATCHING", "ZOMBIE_REQUEUE", null] as const) {
    check(`${state} is refused`, held, complete({ state }), fail("P7003"), "accepted");
    check(`${state} must be refused`, held, complete({ state }), done, rule);
    check(`${state} is no bad argument`, held, complete({ state }), fail("22023"), rule);
  }
  check(
    "FAILED is recorded",
    held,
    complete({ state: "FAILED" }),
    ok({ attemptNo: 1, state: "FAILED" }),
    "accepted",
  );
  const recorded = "complete: records the state, FAILED at the ceiling";
  check("another state is not", held, complete({ state: "FAILED" }), done, recorded);
  check("DISPATCHED is not FAILED at the ceiling", held, complete(), done, "accepted", { ceiling: 1 });
});

describe("several errors: any of them is right", () => {
  const call = complete({ state: null, latencyMs: -1, leaseToken: "t2" });
  for (const sqlstate of ["P7002", "P7003", "22023", "23514"])
    check(sqlstate, held, call, fail(sqlstate), "accepted");
  check(
    "but no other",
    held,
    call,
    fail("23505"),
    "complete: must fail with LEASE_LOST or bad state or bad argument",
  );
  check("latency 0 is good", held, complete({ latencyMs: 0 }), done, "accepted");
  check(
    "latency -1 is bad",
    held,
    complete({ latencyMs: -1 }),
    done,
    "complete: must fail with bad argument",
  );
});

describe("the attempt", () => {
  const numbers = "complete: numbers its attempt max + 1";
  const third = stateOf([leased("r1", { attemptCount: 2 })], attempts("r1", 2));
  check("has number max + 1", third, complete(), ok({ attemptNo: 3, state: "DISPATCHED" }), "accepted");
  check("repeats no number", third, complete(), ok({ attemptNo: 2, state: "DISPATCHED" }), numbers);
  check("leaves no gap", third, complete(), ok({ attemptNo: 4, state: "DISPATCHED" }), numbers);
  check("is one row, not none", held, complete(), ok(), "complete: returns one row");
  check("is one row, not two", held, complete(), ok(...done.rows, ...done.rows), "complete: returns one row");

  const given = { railReference: "ref", railCode: "AC01", errorCode: "E", errorMessage: "m", latencyMs: 7 };
  test("has the arguments as given, the row's copy, and ends the row", () => {
    const state = after(held, complete(given), done);
    const expected = attempt("r1", 1, { ...given, state: "DISPATCHED", completedAt: now });
    expect([...state.attempts]).toEqual([["r1", [expected]]]);
    expect(state.pending.size).toBe(0);
    expect([state.keys, state.sequences]).toEqual([held.keys, held.sequences]);
  });

  test("RETRYABLE has no completed_at, and the row goes back to the queue", () => {
    const state = after(held, complete({ ...given, state: "RETRYABLE", retryDelaySeconds: 5 }), again);
    expect(state.attempts.get("r1")).toEqual([attempt("r1", 1, given)]);
    expect(state.pending.get("r1")).toEqual(
      pending("r1", { attemptCount: 1, nextAttemptAt: now + 5 * second }),
    );
  });

  for (const [delay, seconds] of [
    [null, 1],
    [-5, 1],
    [0, 1],
    [1, 1],
    [2, 2],
    [2_147_483_647, 2_147_483_647],
  ] as const) {
    test(`a retry delay of ${delay} is ${seconds} s`, () => {
      const state = after(held, complete({ state: "RETRYABLE", retryDelaySeconds: delay }), again);
      expect(state.pending.get("r1")?.nextAttemptAt).toBe(now + seconds * second);
    });
  }
});

describe("the ceiling", () => {
  const retry = complete({ state: "RETRYABLE" });
  const before = (n: number) => stateOf([leased("r1", { attemptCount: n })], attempts("r1", n));
  const rule = "complete: records the state, FAILED at the ceiling";
  const answer = (attemptNo: number, state: "RETRYABLE" | "FAILED") => ok({ attemptNo, state });
  check("attempt n - 1 is RETRYABLE", before(1), retry, answer(2, "RETRYABLE"), "accepted", { ceiling: 3 });
  check("attempt n - 1 is not FAILED", before(1), retry, answer(2, "FAILED"), rule, { ceiling: 3 });
  check("attempt n is FAILED", before(2), retry, answer(3, "FAILED"), "accepted", { ceiling: 3 });
  check("attempt n is not RETRYABLE", before(2), retry, answer(3, "RETRYABLE"), rule, { ceiling: 3 });
  check("attempt n + 1 is FAILED", before(3), retry, answer(4, "FAILED"), "accepted", { ceiling: 3 });

  test("a RETRYABLE recorded as FAILED keeps its arguments and ends the row", () => {
    const state = after(held, complete({ state: "RETRYABLE", errorCode: "E" }), answer(1, "FAILED"), {
      ceiling: 1,
    });
    const expected = attempt("r1", 1, { state: "FAILED", errorCode: "E", completedAt: now });
    expect(state.attempts.get("r1")).toEqual([expected]);
    expect(state.pending.size).toBe(0);
  });

  const bad = { ceiling: null };
  check("a bad one fails RETRYABLE", held, retry, fail("22023"), "accepted", bad);
  check("and must", held, retry, again, "complete: must fail with bad ceiling", bad);
  check(
    "only after its fence",
    held,
    complete({ state: "RETRYABLE", leaseToken: "t2" }),
    fail("22023"),
    leaseLost,
    bad,
  );
  check("not DISPATCHED", held, complete(), done, "accepted", bad);
  check(
    "nor FAILED",
    held,
    complete({ state: "FAILED" }),
    fail("22023"),
    "complete: must not fail, failed with 22023",
    bad,
  );
});

import { describe, expect, test } from "vitest";
import { after, attempt, check, enqueue, fail, now, ok, pending, stateOf } from "./fixtures.ts";
import type { EnqueuedRow } from "./response.ts";
import { emptyState, keyOf } from "./state.ts";

const first: EnqueuedRow = { outboxId: "new", sequenceId: 1, createdAt: now, state: "PENDING" };
const row = pending("r1", { instructionId: "a", createdAt: now - 5 });
const repeat: EnqueuedRow = { outboxId: "r1", sequenceId: 1, createdAt: now - 5, state: "PENDING" };
const ended = attempt("r1", 1, { instructionId: "a", createdAt: now - 5, state: "FAILED" });

describe("a new key", () => {
  const nextNumber = "enqueue: a new key gets the next sequence number";
  const fromNow = "enqueue: a new key is pending from now";
  const known = stateOf([pending("r1"), pending("r7", { participantId: "q" })], [attempt("r2", 1)]);

  check("gets number 1 of a new participant", emptyState, enqueue(), ok(first), "accepted");
  check(
    "does not get number 2 of a new participant",
    emptyState,
    enqueue(),
    ok({ ...first, sequenceId: 2 }),
    nextNumber,
  );
  check("does not get number 0", emptyState, enqueue(), ok({ ...first, sequenceId: 0 }), nextNumber);
  check(
    "gets the next number of its participant",
    known,
    enqueue(),
    ok({ ...first, sequenceId: 3 }),
    "accepted",
  );
  check("does not repeat a number", known, enqueue(), ok({ ...first, sequenceId: 2 }), nextNumber);
  check(
    "gets no number of another participant",
    known,
    enqueue(),
    ok({ ...first, sequenceId: 8 }),
    nextNumber,
  );
  check("is created now", emptyState, enqueue(), ok({ ...first, createdAt: now - 1 }), fromNow);
  check("is pending", emptyState, enqueue(), ok({ ...first, state: "DISPATCHED" }), fromNow);
  check("has a state", emptyState, enqueue(), ok({ ...first, state: null }), fromNow);
  check("is answered by one row, not none", emptyState, enqueue(), ok(), "enqueue: returns one row");
  check(
    "is answered by one row, not two",
    emptyState,
    enqueue(),
    ok(first, first),
    "enqueue: returns one row",
  );
  check("must not fail", emptyState, enqueue(), fail("23505"), "enqueue: must not fail, failed with 23505");
  check("a bad ceiling does not stop it", emptyState, enqueue(), ok(first), "accepted", { ceiling: null });

  const freshId = "enqueue: a new key gets a fresh id";
  check(
    "has not a pending row's id",
    known,
    enqueue(),
    ok({ ...first, outboxId: "r1", sequenceId: 3 }),
    freshId,
  );
  check(
    "has not an ended row's id",
    known,
    enqueue(),
    ok({ ...first, outboxId: "r2", sequenceId: 3 }),
    freshId,
  );
  check("has an id", emptyState, enqueue(), ok({ ...first, outboxId: null as never }), freshId);

  test("leaves one pending row, due from now, with the arguments as given", () => {
    const call = enqueue({ railType: "ach", payload: '{"b": 1, "a": [2]}' });
    const state = after(emptyState, call, ok(first));
    const given = { instructionId: "a", sequenceId: 1, railType: "ach", payload: '{"a":[2],"b":1}' };
    expect([...state.pending]).toEqual([["new", pending("new", given)]]);
    expect([...state.sequences]).toEqual([["p", 2]]);
    expect([...state.keys]).toEqual([[keyOf(call), { outboxId: "new", sequenceId: 1, createdAt: now }]]);
    expect(state.attempts.size).toBe(0);
  });
});

describe("a repeat", () => {
  const rule = "enqueue: a repeat returns the first call's row";
  const dispatched = stateOf([], [ended, { ...ended, attemptNo: 2, state: "DISPATCHED" }]);
  const gone = { ...stateOf([row]), pending: new Map() };

  check("returns the first call's row", stateOf([row]), enqueue(), ok(repeat), "accepted");
  check("does not return another id", stateOf([row]), enqueue(), ok({ ...repeat, outboxId: "new" }), rule);
  check("does not return another number", stateOf([row]), enqueue(), ok({ ...repeat, sequenceId: 2 }), rule);
  check("does not return its own now", stateOf([row]), enqueue(), ok({ ...repeat, createdAt: now }), rule);
  check(
    "is PENDING while the row is, whatever was tried",
    stateOf([row], [ended]),
    enqueue(),
    ok(repeat),
    "accepted",
  );
  check(
    "does not name an attempt while the row is pending",
    stateOf([row], [ended]),
    enqueue(),
    ok({ ...repeat, state: "FAILED" }),
    rule,
  );
  check(
    "names the last attempt's state",
    dispatched,
    enqueue(),
    ok({ ...repeat, state: "DISPATCHED" }),
    "accepted",
  );
  check("names no earlier attempt's state", dispatched, enqueue(), ok({ ...repeat, state: "FAILED" }), rule);
  check("is not PENDING when the row has ended", dispatched, enqueue(), ok(repeat), rule);
  check(
    "has no state when an administrator deleted the row",
    gone,
    enqueue(),
    ok({ ...repeat, state: null }),
    "accepted",
  );
  check("is not PENDING when an administrator deleted the row", gone, enqueue(), ok(repeat), rule);
  check(
    "ignores participant, rail and payload",
    stateOf([row]),
    enqueue({ participantId: "q", railType: "x", payload: '{"x":1}' }),
    ok(repeat),
    "accepted",
  );
  check(
    "checks its arguments all the same",
    stateOf([row]),
    enqueue({ railType: "" }),
    ok(repeat),
    "enqueue: must fail with bad argument",
  );
  check("with a bad argument fails", stateOf([row]), enqueue({ railType: "" }), fail("22023"), "accepted");

  test("has no effect", () => {
    expect(after(stateOf([row]), enqueue({ participantId: "q" }), ok(repeat))).toEqual(stateOf([row]));
  });

  test("different keys whose texts concatenate alike are different keys", () => {
    const texts = [
      ["a", "12"],
      ["a1", "2"],
      ["a", '1\u0000"2'],
      ['a","1', "2"],
    ] as const;
    const keys = texts.map(([instructionId, idempotencyKey]) => keyOf({ instructionId, idempotencyKey }));
    expect(new Set(keys).size).toBe(texts.length);
  });
});

describe("a bad argument", () => {
  const rule = "enqueue: must fail with bad argument";
  const bytes = (count: number) => "é".repeat(count / 2) + "x".repeat(count % 2);
  for (const name of ["instructionId", "participantId", "idempotencyKey"] as const) {
    for (const [what, text] of [
      ["null", null],
      ["empty", ""],
      ["of 513 bytes", bytes(513)],
      ["of 514 bytes in 257 characters", bytes(514)],
    ] as const) {
      check(`${name} ${what} is refused`, emptyState, enqueue({ [name]: text }), fail("22023"), "accepted");
      check(`${name} ${what} must be refused`, emptyState, enqueue({ [name]: text }), ok(first), rule);
    }
    check(`${name} of 512 bytes is good`, emptyState, enqueue({ [name]: bytes(512) }), ok(first), "accepted");
    check(
      `${name} of 512 bytes must not be refused`,
      emptyState,
      enqueue({ [name]: bytes(512) }),
      fail("22023"),
      "enqueue: must not fail, failed with 22023",
    );
  }
  for (const railType of [null, ""]) {
    check(
      `rail ${JSON.stringify(railType)} must be refused`,
      emptyState,
      enqueue({ railType }),
      ok(first),
      rule,
    );
  }
  check("a rail may be long", emptyState, enqueue({ railType: bytes(2000) }), ok(first), "accepted");
  for (const payload of [null, "null", "[]", '"text"', "1", "true"]) {
    check(`payload ${payload ?? "NULL"} must be refused`, emptyState, enqueue({ payload }), ok(first), rule);
    check(
      `payload ${payload ?? "NULL"} is refused`,
      emptyState,
      enqueue({ payload }),
      fail("23514"),
      "accepted",
    );
  }
  check("an empty object is a payload", emptyState, enqueue({ payload: " {} " }), ok(first), "accepted");

  const several = enqueue({ instructionId: null, payload: null });
  for (const sqlstate of ["22004", "22023", "23502", "23514"]) {
    check(`${sqlstate} is right`, emptyState, several, fail(sqlstate), "accepted");
  }
  for (const sqlstate of ["22000", "23505", "P7002", "P7003", "XX000"]) {
    check(`${sqlstate} is wrong`, emptyState, several, fail(sqlstate), rule);
  }
});

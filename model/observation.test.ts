import { describe, expect, test } from "vitest";
import { canonicalJson, isJsonObject } from "./canonical-json.ts";
import { attempt, leased, now, pending, stateOf } from "./fixtures.ts";
import { type Observation, stateDifference, nothingObserved } from "./observation.ts";
import { anyText } from "./state.ts";

describe("stateDifference", () => {
  const row = leased("r1");
  const ended = attempt("r2", 1, { state: "FAILED", errorMessage: anyText });
  const state = stateOf([row], [ended]);
  const observed: Observation = {
    ...nothingObserved,
    pending: [row],
    attempts: [{ ...ended, errorMessage: "whatever" }],
    sequences: [{ participantId: "p", next: 3 }],
  };
  const rule = (over: Partial<Observation>) => stateDifference(state, { ...observed, ...over })?.rule ?? null;

  test("equal rows have none, and a free text is equal to any", () => {
    expect(rule({})).toBeNull();
    expect(rule({ attempts: [{ ...ended, errorMessage: null }] })).toBeNull();
  });

  test("a row is missing, too many, or twice", () => {
    expect(rule({ pending: [] })).toBe("a row of pending is missing");
    expect(rule({ attempts: [] })).toBe("a row of attempts is missing");
    expect(rule({ sequences: [] })).toBe("a row of sequences is missing");
    expect(rule({ pending: [row, pending("r3")] })).toBe("pending has a row too many");
    expect(rule({ pending: [row, row] })).toBe("pending has a row twice");
  });

  const anything = (value: unknown) => (typeof value === "number" ? value + 1 : "another");
  for (const [column, value] of Object.entries(row).filter(([name]) => name !== "outboxId")) {
    test(`pending.${column} counts`, () => {
      expect(rule({ pending: [{ ...row, [column]: anything(value) }] })).toBe(`pending.${column} differs`);
    });
  }
  const free = ["outboxId", "attemptNo", "errorMessage"];
  for (const [column, value] of Object.entries(ended).filter(([name]) => !free.includes(name))) {
    test(`attempts.${column} counts`, () => {
      const changed = { ...ended, errorMessage: null, [column]: anything(value) };
      expect(rule({ attempts: [changed] })).toBe(`attempts.${column} differs`);
    });
  }
  test("null is not a time", () => {
    expect(rule({ attempts: [{ ...ended, completedAt: now }] })).toBe("attempts.completedAt differs");
  });
});

describe("canonicalJson", () => {
  test("has no order of names and no white space", () => {
    expect(canonicalJson('{ "b": [1, {"d": 2, "c": 3}], "a": null }')).toBe(
      '{"a":null,"b":[1,{"c":3,"d":2}]}',
    );
  });
  test("keeps the order of arrays, and the last of equal names, as jsonb does", () => {
    expect(canonicalJson('{"a": [2, 1], "b": 1, "b": 2}')).toBe('{"a":[2,1],"b":2}');
  });
  test("knows no prototype", () => {
    expect(canonicalJson('{"__proto__": {"x": 1}}')).toBe('{"__proto__":{"x":1}}');
  });
  test("leaves alone what is no JSON", () => {
    expect(["", "{", " a"].map(canonicalJson)).toEqual(["", "{", " a"]);
  });
  test("an object is no array, no null, no text and not what is no JSON", () => {
    expect(["{}", '{"a":1}'].every(isJsonObject)).toBe(true);
    expect(["[]", "null", '"{}"', "1", "true", "", "{"].some(isJsonObject)).toBe(false);
  });
});

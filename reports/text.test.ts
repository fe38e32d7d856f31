import { describe, expect, it } from "vitest";
import { epoch } from "../sim/clock/virtual-clock.ts";
import { differenceOf } from "./explanation/difference.ts";
import { printable } from "./terminal/printable.ts";
import { hanging, wrap } from "./terminal/layout.ts";
import { shortPairs, sinceEpoch, withReadableTimes } from "./text.ts";

it.each([
  [epoch, "+0.000000s"],
  [epoch + 1_000_001, "+1.000001s"],
  [epoch + 2_147_483_647_000_000, "+2147483647.000000s"],
  [epoch - 1, "-0.000001s"],
])("%i is %s", (micros, text) => {
  expect(sinceEpoch(micros)).toBe(text);
});

it("times inside texts become readable, other numbers stay", () => {
  expect(withReadableTimes(`at ${epoch + 5}, latency 2147483647`)).toBe("at +0.000005s, latency 2147483647");
});

it("values are short, quoted where they are not plain, null and missing told apart", () => {
  const values = {
    a: "w1",
    b: "",
    c: null,
    d: undefined,
    e: "two words",
    f: "é".repeat(256),
    g: epoch + 1,
    h: -1,
  };
  expect(shortPairs(values)).toBe(
    `a=w1 b="" c=NULL d=missing e="two words" f="${"é".repeat(24)}"... (512 bytes) g=+0.000001s h=-1`,
  );
});

it("what a terminal would obey is written as an escape", () => {
  expect(printable("a\u001b[2Jb\r\nc\u0007\u009b\u202ed é 👍")).toBe(
    "a\\u001b[2Jb\\u000d\\u000ac\\u0007\\u009b\\u202ed é 👍",
  );
});

describe("lines", () => {
  it("break at blanks, and inside a word that is too long", () => {
    expect(wrap("one two three fourteen", 9)).toEqual(["one two", "three", "fourteen"]);
    expect(wrap("abcdefghij k", 4)).toEqual(["abcd", "efgh", "ij k"]);
    expect(wrap("", 4)).toEqual([""]);
  });

  it("hang below their first", () => {
    const lines = hanging("lead: ", "word ".repeat(30).trim());
    expect(lines[0]).toMatch(/^lead: word/);
    expect(lines[1]).toMatch(/^ {6}word/);
  });
});

describe("a difference", () => {
  const violation = { oracle: "invariant", invariant: "INV-12", rule: "r", event: 0 } as const;

  it("of two rows is in their columns", () => {
    const expected = [JSON.stringify({ outboxId: "row1", attemptCount: 0, nextAttemptAt: epoch + 1 })];
    const observed = JSON.stringify({ outboxId: "row1", attemptCount: 1, nextAttemptAt: epoch + 2 });
    expect(differenceOf({ ...violation, expected, observed }, undefined)).toEqual({
      expected: ["attemptCount=0 nextAttemptAt=+0.000001s"],
      observed: "attemptCount=1 nextAttemptAt=+0.000002s",
    });
  });

  it("of a row and none is the row", () => {
    const expected = [`row1: ${JSON.stringify({ outboxId: "row1" })}`];
    expect(differenceOf({ ...violation, expected, observed: "no such row" }, undefined)).toEqual({
      expected: ["row1: outboxId=row1"],
      observed: "no such row",
    });
  });
});

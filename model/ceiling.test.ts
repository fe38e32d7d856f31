import { describe, expect, test } from "vitest";
import { ceilingOf } from "./ceiling.ts";
import { check, fail, ok } from "./fixtures.ts";
import { emptyState } from "./state.ts";

describe("the setting's text", () => {
  const good = { "1": 1, "2": 2, "20": 20, "999": 999, "1000": 1000, "0001": 1, "0002": 2 };
  for (const [text, ceiling] of Object.entries(good)) {
    test(`"${text}" is ${ceiling}`, () => {
      expect(ceilingOf(text)).toBe(ceiling);
    });
  }
  const bad = [
    "0",
    "0000",
    "1001",
    "9999",
    "20000",
    "00002",
    "",
    " 2",
    "2 ",
    "2\n",
    "-1",
    "+1",
    "1.0",
    "1e2",
    "0x2",
    "two",
    "٢",
  ];
  for (const text of bad) {
    test(`${JSON.stringify(text)} is bad`, () => {
      expect(ceilingOf(text)).toBeNull();
    });
  }
  test("without a setting it is 20", () => {
    expect(ceilingOf(null)).toBe(20);
  });
});

describe("outbox_retry_ceiling", () => {
  const call = { kind: "ceiling" } as const;
  const rule = "ceiling: is the database's setting";
  check("answers the setting", emptyState, call, ok({ ceiling: 3 }), "accepted", { ceiling: 3 });
  check("answers no other number", emptyState, call, ok({ ceiling: 4 }), rule, { ceiling: 3 });
  check("answers once", emptyState, call, ok({ ceiling: 3 }, { ceiling: 3 }), rule, { ceiling: 3 });
  check("answers", emptyState, call, ok(), rule, { ceiling: 3 });
  check(
    "must not fail with a good setting",
    emptyState,
    call,
    fail("22023"),
    "ceiling: must not fail, failed with 22023",
  );
  check("fails with a bad setting", emptyState, call, fail("22023"), "accepted", { ceiling: null });
  check(
    "must fail with a bad setting",
    emptyState,
    call,
    ok({ ceiling: 20 }),
    "ceiling: must fail with bad ceiling",
    { ceiling: null },
  );
  check("with nothing but 22023", emptyState, call, fail("22P02"), "ceiling: must fail with bad ceiling", {
    ceiling: null,
  });
});

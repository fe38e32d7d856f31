import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ddmin } from "./ddmin.ts";

const seed = 20_260_103;
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index);

/** Fails if every one of the needed items is there. */
function needs(...needed: readonly number[]) {
  return (candidate: readonly number[]) => Promise.resolve(needed.every((item) => candidate.includes(item)));
}

describe("ddmin", () => {
  test("finds the only items that matter, in their order", async () => {
    expect(await ddmin(upTo(50), needs(31, 7, 44))).toEqual([7, 31, 44]);
  });
  test("keeps what can't be made smaller, and a single item", async () => {
    expect(await ddmin(upTo(8), needs(...upTo(8)))).toEqual(upTo(8));
    expect(await ddmin([5], () => Promise.resolve(true))).toEqual([5]);
    expect(await ddmin([], () => Promise.resolve(true))).toEqual([]);
  });
  test("asks only about shorter sequences, each a subsequence of the last that failed", async () => {
    let last = upTo(20);
    await ddmin(last, async (candidate) => {
      expect(candidate.length).toBeLessThan(last.length);
      expect(candidate).toEqual(last.filter((item) => candidate.includes(item)));
      const fails = await needs(3, 4, 17)(candidate);
      if (fails) last = [...candidate];
      return fails;
    });
    expect(last).toEqual([3, 4, 17]);
  });
  test("needs few questions where little matters", async () => {
    let asked = 0;
    await ddmin(upTo(64), (candidate) => {
      asked += 1;
      return needs(20)(candidate);
    });
    // Item by item it would be 63 at least.
    expect(asked).toBeLessThan(40);
  });

  test(`what is left fails, and fails no more without any one item (seed ${seed})`, async () => {
    // Any predicate: its answer is a hash of the candidate, so it is not monotonous.
    const minimal = fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.func(fc.boolean()),
      async (length, predicate) => {
        const items = upTo(length);
        const fails = (candidate: readonly number[]) =>
          Promise.resolve(candidate.length === length || predicate(candidate.join()));
        const left = await ddmin(items, fails);
        expect(await fails(left)).toBe(true);
        if (left.length < 2) return;
        for (const item of left) expect(await fails(left.filter((other) => other !== item))).toBe(false);
      },
    );
    await fc.assert(minimal, { seed, numRuns: 500 });
  });
});

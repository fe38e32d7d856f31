import { expect, test } from "vitest";
import { heatOf } from "./client/numbers.ts";

test("shades run from 1 to 5, the greatest count 5 whatever it is, and nothing is 0", () => {
  const counts = Array.from({ length: 5000 }, (_, index) => index + 1);
  expect(new Set(counts.map((count) => heatOf(count, count)))).toEqual(new Set([5]));
  expect(new Set(counts.map((count) => heatOf(count, 5000)))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect([heatOf(0, 10), heatOf(0, 0)]).toEqual([0, 0]);
});

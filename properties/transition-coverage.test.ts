import { expect, test } from "vitest";
import { mergedTransitions, mostListed, transitionCoverage } from "./transition-coverage.ts";

const many = (count: number, from = 0) =>
  new Map(Array.from({ length: count }, (_, index) => [`t${from + index}`, index + 1]));

test("the commonest come first, and equal ones by their names", () => {
  const { distinct, counts, leftOut } = transitionCoverage(
    new Map([
      ["b", 1],
      ["a", 1],
      ["c", 7],
    ]),
  );
  expect([distinct, Object.entries(counts), leftOut]).toEqual([
    3,
    [
      ["c", 7],
      ["a", 1],
      ["b", 1],
    ],
    0,
  ]);
});

test("so many are listed, the others counted", () => {
  const { distinct, counts, leftOut } = transitionCoverage(many(mostListed + 3));
  expect([distinct, leftOut, Object.keys(counts).length]).toEqual([mostListed + 3, 3, mostListed]);
  expect(counts).not.toHaveProperty("t2");
  expect(counts["t3"]).toBe(4);
});

test("merged shards have reached what any of them has", () => {
  const [a, b] = [transitionCoverage(many(3)), transitionCoverage(many(3, 2))];
  expect(mergedTransitions([a, b])).toEqual({
    ...{ distinct: 5, atLeast: false, leftOut: 0 },
    counts: { t0: 1, t1: 2, t2: 4, t3: 2, t4: 3 },
  });
});

test("of shards that left some out, no more is said than is known", () => {
  const large = transitionCoverage(many(mostListed + 20));
  const merged = mergedTransitions([large, transitionCoverage(many(2))]);
  expect(merged).toMatchObject({ distinct: mostListed + 20, atLeast: true });
  expect(merged.leftOut).toBe(merged.distinct - Object.keys(merged.counts).length);
  expect(mergedTransitions([merged, transitionCoverage(many(1))]).atLeast).toBe(true);
});

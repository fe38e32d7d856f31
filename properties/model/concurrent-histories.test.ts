import seedrandom from "seedrandom";
import { describe, expect, test } from "vitest";
import { linearize } from "../../model/linearization.ts";
import type { TimedPoint } from "../../model/sequential-model.ts";
import { isExplicable } from "./brute-force.ts";
import { type Access, playedBy, register, store } from "./concurrent-histories.ts";

const sessions = 10;
const limit = 1_000_000;
const nobodysValue = -1;
type Points = readonly TimedPoint<Access>[];

function historiesOf(keys: number, count: number, operations: number): readonly Points[] {
  return Array.from({ length: count }, (_, index) =>
    playedBy({ sessions, operations }, store(keys), seedrandom(`${keys} ${operations} ${index}`)),
  );
}

/** The history with each of its gets answered otherwise. */
function changesOf(points: Points, valueFor: (point: Access) => number): readonly Points[] {
  return points.flatMap((each, index) => {
    const { point } = each;
    if (point.kind === "put" || valueFor(point) === point.value) return [];
    return [points.with(index, { ...each, point: { ...point, value: valueFor(point) } })];
  });
}

describe.each([
  ["a register", 1, register],
  ["a key-value store", 4, store(4).model],
] as const)("histories of %s by 10 clients", (_, keys, model) => {
  test("are accepted", () => {
    for (const points of historiesOf(keys, 20, 200))
      expect(linearize(points, model, limit).verdict).toBe("ok");
  });

  test("are refused with one answer that nobody wrote, wherever it is", () => {
    for (const points of historiesOf(keys, 3, 60)) {
      const changed = changesOf(points, () => nobodysValue);
      expect(changed.length).toBeGreaterThan(10);
      for (const each of changed) expect(linearize(each, model, limit).verdict).toBe("violated");
    }
  });

  test("with one answer that another get might have got are judged as brute force judges them", () => {
    const verdicts = { true: 0, false: 0 };
    for (const points of historiesOf(keys, 120, 7)) {
      for (const value of [0, ...points.map(({ point }) => point.value)]) {
        for (const changed of changesOf(points, () => value)) {
          const isValid = isExplicable(changed, model);
          verdicts[`${isValid}`] += 1;
          expect(linearize(changed, model, limit).verdict).toBe(isValid ? "ok" : "violated");
        }
      }
    }
    expect(Math.min(verdicts.true, verdicts.false)).toBeGreaterThan(100);
  });
});

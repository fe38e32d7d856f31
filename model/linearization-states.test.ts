import { expect, test } from "vitest";
import { statesAlong } from "./linearization-states.ts";
import type { SequentialModel, TimedPoint } from "./sequential-model.ts";

/** A point adds one or two, of which only a later point tells which. */
const model: SequentialModel<number, number | "either"> = {
  initial: 0,
  next: (state, point) => {
    if (point === "either") return { states: [state + 1, state + 2] };
    return state === point ? { states: [state] } : { refusal: { rule: "another number", expected: [] } };
  },
  key: String,
};

const points = (...all: (number | "either")[]): TimedPoint<number | "either">[] =>
  all.map((point, at) => ({ point, invokedAt: at, respondedAt: at, preferredAt: at, after: [] }));

test("the states are those from which all the rest can happen", () => {
  expect(statesAlong(points("either", "either", 4), [0, 1, 2], model)).toEqual([0, 2, 4, 4]);
  expect(statesAlong(points("either", "either", 3, 4, "either"), [0, 1, 2, 4], model)).toEqual([
    0, 1, 3, 3, 4,
  ]);
});

test("an order that the search did not find is refused", () => {
  expect(() => statesAlong(points("either", 3), [0, 1], model)).toThrow(RangeError);
  expect(statesAlong(points("either"), [], model)).toEqual([0]);
});

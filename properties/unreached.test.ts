import { expect, test } from "vitest";
import { unreached } from "./unreached.ts";

const point = { number: 1, function: "f", line: 6, statement: "NULL", unreachable: null };
const statements = {
  passed: 3,
  statements: 5,
  reached: [],
  missed: [point, { ...point, line: 9, unreachable: "nobody calls it" }],
  refused: [],
};

test("names what counts 0, and the statements that somebody could have come to", () => {
  const coverage = { claim: { some: 3, deadlock: 0 }, faults: { terminate: 0 } };
  expect(unreached(coverage, statements)).toEqual([
    "claim: deadlock",
    "faults: terminate",
    "statement: f, line 6",
  ]);
});

test("is empty where all was reached, and where no case had yield points", () => {
  expect(unreached({ claim: { some: 1 } }, { ...statements, missed: [] })).toEqual([]);
  expect(unreached({ claim: { some: 1 } }, null)).toEqual([]);
});

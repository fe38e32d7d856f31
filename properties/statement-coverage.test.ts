import { expect, test } from "vitest";
import { addYields, statementCoverage } from "./statement-coverage.ts";

const points = [1, 2, 3].map((number) => ({ number, function: "f", line: number + 1, statement: "NULL" }));
const refused = [{ function: "g", reason: "it is written in sql" }];

test("tells the statements that no session came to, and the functions without yield points", () => {
  const [, second] = points;
  expect(statementCoverage({ points, refused }, { 1: 4, 3: 2 })).toEqual({
    passed: 6,
    statements: 3,
    missed: [second],
    refused,
  });
});

test("adds the counts of two cases", () => {
  expect(addYields({ 1: 4, 3: 2 }, { 2: 1, 3: 1 })).toEqual({ 1: 4, 2: 1, 3: 3 });
});

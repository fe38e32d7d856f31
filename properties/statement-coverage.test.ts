import { expect, test } from "vitest";
import { addYields, statementCoverage } from "./statement-coverage.ts";

const points = [1, 2, 3].map((number) => ({ number, function: "f", line: number + 1, statement: "NULL" }));
const refused = [{ function: "g", reason: "it is written in sql" }];

test("tells the statements that no session came to, and the functions without yield points", () => {
  const [, second] = points;
  expect(statementCoverage({ points, refused }, { 1: 4, 3: 2 })).toEqual({
    passed: 6,
    statements: 3,
    reached: [
      { number: 1, function: "f", line: 2, times: 4 },
      { number: 3, function: "f", line: 4, times: 2 },
    ],
    missed: [{ ...second, unreachable: null }],
    refused,
  });
});

test("says why none can come to a statement, where that is known", () => {
  const point = {
    number: 1,
    function: "uuid_v7_or_random",
    line: 4,
    statement: "RETURN pg_catalog.gen_random_uuid()",
  };
  const elsewhere = { ...point, number: 2, function: "f" };
  const { missed } = statementCoverage({ points: [point, elsewhere], refused: [] }, {});
  expect(missed.map(({ unreachable }) => unreachable)).toEqual(["PostgreSQL 18 has uuidv7()", null]);
});

test("adds the counts of two cases", () => {
  expect(addYields({ 1: 4, 3: 2 }, { 2: 1, 3: 1 })).toEqual({ 1: 4, 2: 1, 3: 3 });
});

import pico from "picocolors";
import { expect, test } from "vitest";
import { statementsText } from "./statements-text.ts";

test("names the lines that were not reached, and the functions without yield points, with the reason", () => {
  const missed = [6, 9].map((line) => ({
    number: line,
    function: "f\u001b[2J",
    line,
    statement: "NULL",
    unreachable: null,
  }));
  const never = { number: 3, function: "h", line: 4, statement: "NULL", unreachable: "nobody calls it" };
  const refused = [{ function: "g", reason: "it is written in sql" }];
  const text = statementsText(
    { passed: 12_345, statements: 84, reached: [], missed: [...missed, never], refused },
    pico.createColors(false),
  );
  expect(text).toMatchInlineSnapshot(`
    "81 of 84 statements of the functions were reached, 12,345 yield points passed
      not reached: f\\u001b[2J, line 6, 9
      cannot be reached: h, line 4: nobody calls it
      no yield points: g: it is written in sql
      There is none before an ELSIF, a loop's next round, an initial value in
      DECLARE, and inside EXECUTE.
    "
  `);
});

import { describe, expect, it, test } from "vitest";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import {
  hostileResult,
  interruptedResult,
  manyResult,
  okResult,
  resultsByName,
  unknownResult,
  violatedResult,
} from "../testing/fuzz-results.ts";
import { github } from "./github.ts";

/** As the runner reads a line: properties are split at commas, so none may hold one; messages hold no line break. */
const command = /^::(error|warning|notice) ((?:[a-z]+=[^,:\r\n]*)(?:,[a-z]+=[^,:\r\n]*)*)::([^\r\n]*)$/;

function levels(result: FuzzResult): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of github(result).split("\n")) {
    const level = command.exec(line)?.[1] ?? `no command: ${line}`;
    counts[level] = (counts[level] ?? 0) + 1;
  }
  return counts;
}

describe("each line is one command", () => {
  it.each(Object.entries(resultsByName))("%s", (_, result) => {
    for (const line of github(result).split("\n")) {
      expect(line).toMatch(command);
      expect(line.length).toBeLessThan(20_000);
    }
  });
});

test("errors for what is violated, warnings for what is unknown", () => {
  expect(levels(okResult)).toEqual({ notice: 1 });
  expect(levels(violatedResult)).toEqual({ error: 1, notice: 1 });
  expect(levels(unknownResult)).toEqual({ warning: 2, notice: 1 });
  expect(levels(interruptedResult)).toEqual({ warning: 1, notice: 1 });
  expect(levels(hostileResult)).toEqual({ error: 3, warning: 2, notice: 1 });
});

test("no more than GitHub shows, and the notice says how many are left out", () => {
  expect(levels(manyResult)).toEqual({ error: 10, warning: 10, notice: 1 });
  expect(github(manyResult)).toMatch(/^::notice .*; 40 of 60 findings have no annotation$/m);
});

test("an error is at the function's line, with the replay command and the story", () => {
  expect(github(violatedResult)).toMatchInlineSnapshot(`
    "::error file=schema/migrations/0002_functions.sql,line=40,title=INV-05%3A completed with another token::INV-05: completed with another token: 3 steps, case 2%0Anpx counterpoint replay counterexamples/inv-05.json%0A%0AINV-05 fencing: completed with another token%0A%0A  1 enqueue%0A> 2 complete
    ::notice title=counterpoint fuzz::violated: 3 cases, 60 steps in 1.3 s, seed 7, 1 counterexample"
  `);
});

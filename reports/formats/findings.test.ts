import { expect, test } from "vitest";
import { fuzzResultFaults } from "../schema.ts";
import {
  interruptedResult,
  okResult,
  resultsByName,
  unknownResult,
  violatedResult,
} from "../testing/fuzz-results.ts";
import { findingsOf, headlineOf, outcomeOf } from "./findings.ts";
import { plainText, shortened } from "./plain-text.ts";

test.each(Object.entries(resultsByName))("the document that is %s is one by the schema", (_, result) => {
  expect(fuzzResultFaults(result)).toEqual([]);
});

test("nothing but a campaign that was played to its end and judged is ok", () => {
  expect(findingsOf(okResult)).toEqual([]);
  expect(outcomeOf(okResult)).toBe("ok");
  const unreachedAsked = { ...okResult, settings: { ...okResult.settings, reachAll: true } };
  const missing = { ...okResult, merged: { count: 3, missing: [2, 3] } };
  const doubtful = [unknownResult, interruptedResult, unreachedAsked, missing];
  for (const result of [...doubtful, { ...okResult, verdict: "unknown" } as const]) {
    expect(outcomeOf(result)).toBe("unknown");
    expect(findingsOf(result).every(({ kind }) => kind === "unknown")).toBe(true);
    expect(findingsOf(result)).not.toEqual([]);
  }
  expect(outcomeOf({ ...violatedResult, interrupted: "SIGINT" })).toBe("violated");
});

test("cases that could not be judged are told by reason", () => {
  expect(findingsOf(unknownResult).map(({ message }) => message)).toEqual([
    "2 cases not judged, the first is case 4: the search gave up",
    "1 case not judged, the first is case 9: the server is gone",
  ]);
});

test("the headline tells what was played", () => {
  expect(headlineOf(violatedResult)).toBe("violated: 3 cases, 60 steps in 1.3 s, seed 7, 1 counterexample");
  expect(headlineOf(interruptedResult)).toBe(
    "unknown: 3 cases, 60 steps in 1.3 s, seed 7, ended early by SIGINT",
  );
});

test("plain text keeps characters beyond the first plane, and replaces what is none", () => {
  expect(plainText("a\n\u{1f600}\ud800b\ufffe\u0000")).toBe("a\n\u{1f600}\ufffdb\ufffd\\u0000");
  expect(shortened(`${"a".repeat(59)}\u{1f600}${"b".repeat(60)}`, 100)).toBe(
    `${"a".repeat(59)}... (62 more characters)`,
  );
});

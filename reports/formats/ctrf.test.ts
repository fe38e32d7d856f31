import { type CTRFReport, validate } from "ctrf";
import { describe, expect, it, test } from "vitest";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import {
  hostileResult,
  interruptedResult,
  okResult,
  resultsByName,
  unknownResult,
  violatedResult,
} from "../testing/fuzz-results.ts";
import { ctrf } from "./ctrf.ts";

const reportOf = (result: FuzzResult): CTRFReport => JSON.parse(ctrf(result)) as CTRFReport;

describe("valid by CTRF's schema", () => {
  it.each(Object.entries(resultsByName))("%s", (_, result) => {
    expect(validate(reportOf(result))).toMatchObject({ valid: true });
  });

  it("which is asked: a wrong status is refused", () => {
    expect(validate(JSON.parse(ctrf(okResult).replaceAll('"passed"', '"good"')))).toMatchObject({
      valid: false,
    });
  });
});

test("only an ok campaign is passed; each finding is a test", () => {
  const statuses = (result: FuzzResult) =>
    reportOf(result).results.tests.map(({ name, status }) => `${name}: ${status}`);
  expect(statuses(okResult)).toEqual(["campaign: passed"]);
  expect(statuses(violatedResult)).toEqual([
    "campaign: failed",
    "INV-05: completed with another token: failed",
  ]);
  expect(statuses(unknownResult)).toEqual([
    "campaign: other",
    "not judged: the search gave up: other",
    "not judged: the server is gone: other",
  ]);
  expect(statuses(interruptedResult)).toEqual(["campaign: other", "ended early: other"]);
});

test("the summary counts the tests", () => {
  const { tests, passed, failed, other } = reportOf(hostileResult).results.summary;
  expect({ tests, passed, failed, other }).toEqual({ tests: 6, passed: 0, failed: 4, other: 2 });
});

test("a counterexample has its story, its replay command and the migration's line", () => {
  const test = reportOf(violatedResult).results.tests[1];
  expect(test).toMatchObject({ filePath: "schema/migrations/0002_functions.sql", line: 40 });
  expect(test?.trace).toContain("> 2 complete\nnpx counterpoint replay counterexamples/inv-05.json");
});

import { describe, expect, it, test } from "vitest";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import {
  hostileResult,
  hostileText,
  interruptedResult,
  okResult,
  resultsByName,
  unknownResult,
  violatedResult,
} from "../testing/fuzz-results.ts";
import { junitFaults, named } from "../testing/junit-faults.ts";
import { type Element, parseXml } from "../testing/xml.ts";
import { junit } from "./junit.ts";

const casesOf = (result: FuzzResult): readonly Element[] => named(parseXml(junit(result)), "testcase");
const outcomes = (result: FuzzResult): readonly string[] =>
  casesOf(result).map(({ attributes, children: [child] }) => {
    return `${attributes["name"] ?? ""}: ${child?.name ?? "passed"}`;
  });

describe("well-formed XML 1.0, and JUnit's elements", () => {
  it.each(Object.entries(resultsByName))("%s", (_, result) => {
    expect(junitFaults(parseXml(junit(result)))).toEqual([]);
  });

  it("which is asked: wrong elements, attributes and counts are named, and broken XML is refused", () => {
    const xml = junit(violatedResult);
    expect(junitFaults(parseXml(xml.replace('failures="2"', 'failures="1"')))).toHaveLength(1);
    expect(junitFaults(parseXml(xml.replaceAll("classname=", "class=")))).toHaveLength(4);
    expect(junitFaults(parseXml(xml.replace("<testcase", "<skipped/><testcase")))).toHaveLength(2);
    expect(() => parseXml(xml.replace("</failure>", ""))).toThrow();
    expect(() => parseXml(xml.replace("> 2 complete", "\u001b"))).toThrow();
  });
});

test("only an ok campaign is passed; each finding is a test case", () => {
  expect(outcomes(okResult)).toEqual(["campaign: passed"]);
  expect(outcomes(violatedResult)).toEqual([
    "campaign: failure",
    "INV-05: completed with another token: failure",
  ]);
  expect(outcomes(unknownResult)).toEqual([
    "campaign: error",
    "not judged: the search gave up: error",
    "not judged: the server is gone: error",
  ]);
  expect(outcomes(interruptedResult)).toEqual(["campaign: error", "ended early: error"]);
});

test("a counterexample has its story and the command that replays it", () => {
  const [, found] = casesOf(violatedResult);
  expect(found?.attributes["file"]).toBe("schema/migrations/0002_functions.sql");
  expect(found?.children[0]?.text).toBe(
    [
      "INV-05 fencing: completed with another token",
      "",
      "  1 enqueue",
      "> 2 complete",
      "npx counterpoint replay counterexamples/inv-05.json",
    ].join("\n"),
  );
});

test("a hostile story is read as it was written, but for what no XML can hold", () => {
  const [, found] = casesOf(hostileResult);
  const [markup = ""] = hostileText.split("\n");
  expect(found?.children[0]?.text).toContain(`${markup}\n]]\\u003e\n`);
});

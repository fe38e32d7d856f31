import schema from "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
import AjvDraft04 from "ajv-draft-04";
import addFormats from "ajv-formats";
import type { Log, Result } from "sarif";
import { describe, expect, it, test } from "vitest";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import {
  fencingFailure,
  interruptedResult,
  manyFindings,
  manyResult,
  okResult,
  resultsByName,
  unknownResult,
  violatedResult,
} from "../testing/fuzz-results.ts";
import { sarif } from "./sarif.ts";

const ajv = new AjvDraft04.default({ strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const isSarif = ajv.compile(schema);

const logOf = (result: FuzzResult): Log => JSON.parse(sarif(result)) as Log;
const resultsOf = (result: FuzzResult): readonly Result[] => logOf(result).runs[0]?.results ?? [];
const succeeded = (result: FuzzResult) => logOf(result).runs[0]?.invocations?.[0]?.executionSuccessful;

describe("valid by the schema of SARIF 2.1.0", () => {
  it.each(Object.entries(resultsByName))("%s", (_, result) => {
    expect(isSarif(logOf(result)), JSON.stringify(isSarif.errors)).toBe(true);
  });

  it("which is asked: a wrong level is refused", () => {
    expect(isSarif(JSON.parse(sarif(violatedResult).replace('"error"', '"bad"')))).toBe(false);
  });
});

test("a counterexample points at the function in its migration, and names its replay file", () => {
  expect(resultsOf(violatedResult)).toMatchInlineSnapshot(`
    [
      {
        "level": "error",
        "locations": [
          {
            "logicalLocations": [
              {
                "kind": "function",
                "name": "complete_outbox_attempt",
              },
            ],
            "physicalLocation": {
              "artifactLocation": {
                "uri": "schema/migrations/0002_functions.sql",
                "uriBaseId": "SRCROOT",
              },
              "region": {
                "startLine": 40,
              },
            },
          },
        ],
        "message": {
          "text": "INV-05: completed with another token: 3 steps, case 2

    INV-05 fencing: completed with another token

      1 enqueue
    > 2 complete

    npx counterpoint replay counterexamples/inv-05.json",
        },
        "partialFingerprints": {
          "counterpointSignature/v1": "INV-05: completed with another token",
        },
        "relatedLocations": [
          {
            "message": {
              "text": "The replay file.",
            },
            "physicalLocation": {
              "artifactLocation": {
                "uri": "counterexamples/inv-05.json",
                "uriBaseId": "SRCROOT",
              },
            },
          },
        ],
        "ruleId": "INV-05",
      },
    ]
  `);
});

test("what concerns no function points at the replay file", () => {
  const [result] = resultsOf({ ...violatedResult, failures: [{ ...fencingFailure, concerns: null }] });
  expect(result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe("counterexamples/inv-05.json");
  expect(result?.relatedLocations).toBeUndefined();
});

test("every result has a place, as code scanning demands, and one rule of those listed", () => {
  for (const result of Object.values(resultsByName)) {
    const rules = logOf(result).runs[0]?.tool.driver.rules?.map(({ id }) => id);
    for (const each of resultsOf(result)) {
      expect(each.locations?.[0]?.physicalLocation?.region?.startLine).toBeGreaterThan(0);
      expect(rules).toContain(each.ruleId);
    }
  }
});

test("what is unknown is a warning, and only a campaign that was judged is a success", () => {
  expect(resultsOf(unknownResult).map(({ level }) => level)).toEqual(["warning", "warning"]);
  expect(resultsOf(interruptedResult).map(({ level }) => level)).toEqual(["warning"]);
  expect(resultsOf(okResult)).toEqual([]);
  expect([okResult, violatedResult, unknownResult, interruptedResult].map(succeeded)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(resultsOf(manyResult)).toHaveLength(2 * manyFindings);
});

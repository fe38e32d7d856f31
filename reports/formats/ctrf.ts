import type { CTRFReport, Test, TestStatus } from "ctrf";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import { type Finding, findingsOf, headlineOf, outcomeOf } from "./findings.ts";
import { placeOf } from "./places.ts";
import { plainLine } from "./plain-text.ts";

/** "other" is CTRF's word for what has neither passed nor failed. */
const statuses = { ok: "passed", violated: "failed", unknown: "other" } as const;

/** The Common Test Report Format: the campaign is a test, and each finding is one. */
export function ctrf(result: FuzzResult): string {
  const tests = [campaignTest(result), ...findingsOf(result).map((finding) => findingTest(finding, result))];
  const count = (status: TestStatus): number => tests.filter((test) => test.status === status).length;
  const start = Date.parse(result.startedAt);
  const duration = milliseconds(result);
  const report: CTRFReport = {
    reportFormat: "CTRF",
    specVersion: "0.0.0",
    generatedBy: "counterpoint",
    timestamp: result.startedAt,
    results: {
      tool: { name: "counterpoint", version: plainLine(result.harnessVersion) },
      summary: {
        tests: tests.length,
        passed: count("passed"),
        failed: count("failed"),
        skipped: 0,
        pending: 0,
        other: count("other"),
        start,
        stop: start + duration,
        duration,
      },
      tests,
    },
  };
  return JSON.stringify(report, null, 2);
}

function campaignTest(result: FuzzResult): Test {
  const outcome = outcomeOf(result);
  return {
    name: "campaign",
    suite: ["fuzz"],
    status: statuses[outcome],
    rawStatus: outcome,
    duration: milliseconds(result),
    message: headlineOf(result),
  };
}

/** A finding's time is the campaign's. */
function findingTest(finding: Finding, result: FuzzResult): Test {
  const { kind, rule, name, message, story, command } = finding;
  const { path, line } = placeOf(finding, result);
  return {
    name,
    suite: ["fuzz", rule],
    status: statuses[kind],
    rawStatus: kind,
    duration: 0,
    message,
    filePath: path,
    line,
    ...(story === "" ? {} : { trace: [story, command ?? ""].join("\n") }),
  };
}

function milliseconds({ seconds }: FuzzResult): number {
  return Math.round(seconds * 1000);
}

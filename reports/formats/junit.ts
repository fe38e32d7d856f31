import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import { findingsOf, headlineOf, outcomeOf } from "./findings.ts";
import { junitBuilder } from "./junit-builder.ts";
import { placeOf } from "./places.ts";

/** JUnit's XML: the campaign is a test case, and each finding is one. What is unknown is an error, so that no reader takes it
 *  for passed. */
export function junit(result: FuzzResult): string {
  const report = junitBuilder.newBuilder();
  const suite = report
    .testSuite()
    .name("counterpoint fuzz")
    .time(result.seconds)
    .timestamp(new Date(result.startedAt));
  const campaign = suite.testCase().className("fuzz").name("campaign").time(result.seconds);
  const outcome = outcomeOf(result);
  if (outcome === "violated") campaign.failure(headlineOf(result), outcome);
  if (outcome === "unknown") campaign.error(headlineOf(result), outcome);
  for (const finding of findingsOf(result)) {
    const { kind, rule, name, message, story, command } = finding;
    const testCase = suite
      .testCase()
      .className(`fuzz.${rule}`)
      .name(name)
      .file(placeOf(finding, result).path);
    if (kind === "unknown") testCase.error(message, kind);
    else testCase.failure(message, kind).stacktrace(inCdata([story, command ?? ""].join("\n")));
  }
  return report.build();
}

/** The builder puts the text into a CDATA section, and takes care of the first end of one in it alone. */
function inCdata(text: string): string {
  return text.replaceAll("]]>", String.raw`]]\u003e`);
}

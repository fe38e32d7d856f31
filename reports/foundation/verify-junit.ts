import type { Check, VerifyResult } from "../../schema/json/verify-result.ts";
import { junitBuilder } from "../formats/junit-builder.ts";
import { printable } from "../terminal/printable.ts";

/** JUnit's XML: a test case for each check. What is unknown is an error, so that no reader takes it for passed. */
export function verifyJUnit({ checks, seconds }: VerifyResult): string {
  const report = junitBuilder.newBuilder();
  const suite = report.testSuite().name("counterpoint verify").time(seconds);
  for (const check of checks) {
    const { id, name, status } = check;
    const testCase = suite
      .testCase()
      .className(`foundation.${id.split(".")[0] ?? id}`)
      .name(`${id}: ${name}`);
    if (status === "violated") testCase.failure(messageOf(check), "violated");
    if (status === "unknown") testCase.error(printable(check.reason ?? ""), "unknown");
  }
  return report.build();
}

/** XML has no control characters, also not as references. */
function messageOf({ problems }: Check): string {
  return problems
    .map(({ what, sql, advice }) => [what, sql, advice].filter((text) => text !== null).join(" | mend: "))
    .map(printable)
    .join("\n");
}

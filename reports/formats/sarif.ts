import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { ArtifactLocation, Invocation, Log, ReportingDescriptor, Result } from "sarif";
import { invariants } from "../../properties/invariants/index.ts";
import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import { againCommandLine } from "../command-lines.ts";
import { type Finding, findingsOf, headlineOf, outcomeOf } from "./findings.ts";
import { type FilePlace, placeOf } from "./places.ts";
import { plainLine } from "./plain-text.ts";

/** SARIF 2.1.0: a result for each finding, none where the campaign is ok. What is unknown is a warning, and makes the
 *  invocation no successful one. */
export function sarif(result: FuzzResult): string {
  const findings = findingsOf(result);
  const log: Log = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "counterpoint",
            version: plainLine(result.harnessVersion),
            rules: [...new Set(findings.map(({ rule }) => rule))].map(ruleOf),
          },
        },
        automationDetails: { id: "counterpoint/fuzz/" },
        originalUriBaseIds: { [root]: { description: { text: "The directory that the campaign ran in." } } },
        invocations: [invocationOf(result)],
        results: findings.map((finding) => resultOf(finding, result)),
      },
    ],
  };
  return JSON.stringify(log, null, 2);
}

const root = "SRCROOT";

function ruleOf(rule: string): ReportingDescriptor {
  const invariant = invariants.find(({ id }) => id === rule);
  const text = invariant?.statement ?? `Judged by: ${rule}.`;
  return { id: rule, shortDescription: { text }, ...(invariant && { name: invariant.name }) };
}

function invocationOf(result: FuzzResult): Invocation {
  const { startedAt, interrupted } = result;
  const outcome = outcomeOf(result);
  return {
    executionSuccessful: outcome !== "unknown",
    commandLine: plainLine(againCommandLine(result)),
    startTimeUtc: startedAt,
    ...(interrupted === null ? {} : { exitSignalName: plainLine(interrupted) }),
    toolExecutionNotifications: [
      { level: outcome === "ok" ? "note" : "warning", message: { text: headlineOf(result) } },
    ],
  };
}

function resultOf(finding: Finding, result: FuzzResult): Result {
  const { kind, rule, name, message, story, command, concerns, replay } = finding;
  const place = placeOf(finding, result);
  const text = [message, ...(story === "" ? [] : [story]), ...(command === null ? [] : [command])].join(
    "\n\n",
  );
  return {
    ruleId: rule,
    level: kind === "violated" ? "error" : "warning",
    message: { text },
    partialFingerprints: { "counterpointSignature/v1": name },
    locations: [
      {
        physicalLocation: { artifactLocation: locationOf(place), region: { startLine: place.line } },
        ...(concerns && { logicalLocations: [{ name: concerns.function, kind: "function" }] }),
      },
    ],
    ...(replay === null || place.path === replay
      ? {}
      : {
          relatedLocations: [
            {
              physicalLocation: { artifactLocation: locationOf({ path: replay }) },
              message: { text: "The replay file." },
            },
          ],
        }),
  };
}

function locationOf({ path }: Pick<FilePlace, "path">): ArtifactLocation {
  if (isAbsolute(path)) return { uri: pathToFileURL(path).href };
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: root };
}

import type { Explanation } from "../../schema/json/explanation.ts";
import type { Script } from "./script.ts";

/** What the exported case shows, for a reader. */
export function headLines({ explanation }: Script): readonly string[] {
  const { oracle, rule, statement, expected, observed, sessions, retryCeiling, harnessVersion } = explanation;
  return [
    `${oracle}: ${rule}`,
    ...(statement === null ? [] : [`The contract: ${statement}.`]),
    ...expected.map((text, index) => `${index === 0 ? "expected" : "      or"}: ${text}`),
    `observed: ${observed}`,
    "",
    ...sessions.map(({ name, role, isolation }) => `${name}  ${role}, ${isolation}`),
    ...(retryCeiling === null ? [] : [`The retry ceiling is ${retryCeiling}.`]),
    ...(wakesSeveral(explanation)
      ? [
          "",
          "Where one step wakes several sessions, which of them goes on first is the server's choice here.",
        ]
      : []),
    "",
    `Exported by Counterpoint ${harnessVersion} from a replay file. Times are those of a virtual clock.`,
  ];
}

/** The harness lets them go on one by one; no other client can. */
function wakesSeveral({ lines }: Explanation): boolean {
  return lines.some((line, index) => {
    const before = lines[index - 1];
    return line.kind === "goes on" && before?.kind === "goes on" && before.call !== line.call;
  });
}

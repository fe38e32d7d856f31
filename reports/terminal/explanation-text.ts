import type { Explanation } from "../../schema/json/explanation.ts";
import { sessionName } from "../../sim/session-name.ts";
import { shortPairs } from "../text.ts";
import { hanging, type Style } from "./layout.ts";
import { printable } from "./printable.ts";
import { timelineLines } from "./timeline-text.ts";

/** A counterexample's text: what is broken, the steps that show it, and what was expected where it shows. */
export function explanationText(explanation: Explanation, style: Style): string {
  const { oracle, statement, rule, others } = explanation;
  return [
    style.bold(style.red(`${oracle}: ${printable(rule)}`)),
    ...(statement === null
      ? []
      : hanging("  ", `The contract: ${statement}.`).map((line) => style.dim(line))),
    "",
    ...castLines(explanation),
    "",
    ...timelineLines(explanation, style),
    ...concernsLines(explanation),
    ...(others.length === 0 ? [] : ["", ...hanging("  also seen: ", printable(others.join("; ")))]),
    "",
  ].join("\n");
}

/** Where to look, and where each session that was stopped stood, are two things: this is the file's own line. */
function concernsLines({ concerns }: Explanation): readonly string[] {
  if (concerns === null) return [];
  return [
    "",
    ...hanging("  look at: ", printable(`${concerns.function}, ${concerns.file}:${concerns.line}`)),
  ];
}

function castLines({ sessions, retryCeiling, settings }: Explanation): readonly string[] {
  const names = Object.keys(settings);
  return [
    ...sessions.map(({ role, isolation, prepared }, index) => {
      return `  ${sessionName(index)}  ${role}, ${isolation}${prepared ? ", calls prepared" : ""}`;
    }),
    ...(retryCeiling === null ? [] : [`  retry ceiling set to ${printable(JSON.stringify(retryCeiling))}`]),
    ...(names.length === 0 ? [] : hanging("  every session sets ", printable(shortPairs(settings)))),
  ];
}

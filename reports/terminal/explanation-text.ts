import type { Explanation, Line } from "../../schema/json/explanation.ts";
import { sessionName, shortPairs, sinceEpoch } from "../text.ts";
import { hanging, type Style } from "./layout.ts";
import { printable } from "./printable.ts";

/** A counterexample's text: what is broken, the steps that show it, and what was expected where it shows. */
export function explanationText(explanation: Explanation, style: Style): string {
  const { oracle, statement, rule, others, lines } = explanation;
  return [
    style.bold(style.red(`${oracle}: ${printable(rule)}`)),
    ...(statement === null
      ? []
      : hanging("  ", `The contract: ${statement}.`).map((line) => style.dim(line))),
    "",
    ...castLines(explanation),
    "",
    ...lines.flatMap((line) => stepLines(line, explanation, style)),
    ...(others.length === 0 ? [] : ["", ...hanging("  also seen: ", printable(others.join("; ")))]),
    "",
  ].join("\n");
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

const timeWidth = 11;
const indent = " ".repeat(10 + timeWidth);

/** "> 3  +0.000003s  A  complete row1 ..." and below it what came of it. */
function stepLines(line: Line, { expected, observed, oracle }: Explanation, style: Style): readonly string[] {
  const mark = line.wrong ? ">" : " ";
  const number = (line.step === null ? "-" : String(line.step + 1)).padStart(2);
  const time = (line.time === null ? "" : sinceEpoch(line.time)).padEnd(timeWidth);
  const session = line.session === null ? " " : sessionName(line.session);
  const head = hanging(`${mark}${number}  ${time}  ${session}  `, printable(line.action));
  const answers = line.observed.flatMap((text) => hanging(`${indent}-> `, printable(text)));
  if (!line.wrong) return [...head, ...answers];
  const [one, other] = oracle === "determinism oracle" ? ["1st play", "2nd play"] : ["expected", "observed"];
  const wrong = [
    ...expected.flatMap((text, index) =>
      hanging(`${indent}${index === 0 ? one : "      or"}: `, printable(text)),
    ),
    ...hanging(`${indent}${other}: `, printable(observed)),
  ];
  return [
    ...[...head, ...answers].map((text) => style.red(text)),
    ...wrong.map((text) => style.yellow(text)),
  ];
}

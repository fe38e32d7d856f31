import type { Answer } from "../../../schema/json/explanation.ts";
import { cellOf } from "../cells.ts";
import type { Script } from "../script.ts";

/** What isolationtester printed for each step: all its parts, where it was waiting in between. */
function outcomesIn(stdout: string): ReadonlyMap<string, string> {
  const outcomes = new Map<string, string>();
  for (const part of stdout.split(/^(?=step \w+: )/m).slice(1)) {
    const [, name = "", text = ""] = /^step (\w+): ([^]*)$/.exec(part) ?? [];
    outcomes.set(name, (outcomes.get(name) ?? "") + text);
  }
  return outcomes;
}

/** Where isolationtester saw something else than what is recorded, in words. Empty where it saw the same: every answer, row
 *  by row, every error, every wait. */
export function differencesFrom(script: Script, stdout: string): readonly string[] {
  const outcomes = outcomesIn(stdout);
  const { lines } = script.explanation;
  return script.steps.flatMap(({ name, line: index, session, outcome }) => {
    const text = outcomes.get(name);
    if (text === undefined) return [`${name} was not played`];
    const call = lines[index]?.call ?? null;
    if (call === null || session === "control") return [];
    const answer = lines.findLast((line) => line.call === call && line.answer !== null)?.answer ?? null;
    return [
      ...(text.includes("<waiting ...>") === (outcome !== "answered") ? [] : [`${name}: waits otherwise`]),
      ...missingIn(text, answer).map((missing) => `${name}: no ${missing}`),
    ];
  });
}

function missingIn(text: string, answer: Answer | null): readonly string[] {
  if (answer === null) return [];
  if (answer.kind === "fail")
    return text.includes(`ERROR:  ${answer.message}`) ? [] : [`ERROR ${answer.message}`];
  if (text.includes("ERROR:  ")) return ["answer, but an error"];
  const printed = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return answer.rows
    .map((row) =>
      Object.entries(row).flatMap(([column, value]) => (column === "payload" ? [] : [cellOf(value)])),
    )
    .filter((cells) => !printed.some((row) => cells.every((each) => row.includes(each))))
    .map((cells) => `row ${cells.join("|")}`);
}

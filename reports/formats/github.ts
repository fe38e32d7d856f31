import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import { type Finding, findingsOf, headlineOf } from "./findings.ts";
import { placeOf } from "./places.ts";
import { shortened } from "./plain-text.ts";

/** So many errors and so many warnings of a step are shown; further ones are dropped without a word. */
const mostOfALevel = 10;
/** What is shown of one message. */
const longestMessage = 4000;

/** Commands that a step prints for GitHub to annotate the migrations: errors for what is violated, warnings for what is
 *  unknown, and a notice that says how the campaign ended and what was left out. */
export function github(result: FuzzResult): string {
  const findings = findingsOf(result);
  const violated = findings.filter(({ kind }) => kind === "violated");
  const unknown = findings.filter(({ kind }) => kind === "unknown");
  const commands = [
    ...violated.slice(0, mostOfALevel).map((finding) => annotation("error", finding, result)),
    ...unknown.slice(0, mostOfALevel).map((finding) => annotation("warning", finding, result)),
  ];
  const leftOut = findings.length - commands.length;
  const rest = leftOut === 0 ? "" : `; ${leftOut} of ${findings.length} findings have no annotation`;
  return [...commands, `::notice title=counterpoint fuzz::${escapeData(headlineOf(result) + rest)}`].join(
    "\n",
  );
}

function annotation(level: "error" | "warning", finding: Finding, result: FuzzResult): string {
  const { path, line } = placeOf(finding, result);
  const { name, message, story, command } = finding;
  const properties = { file: path, line: String(line), title: shortened(name, 200) };
  const text = [message, ...(command === null ? [] : [command]), ...(story === "" ? [] : ["", story])];
  const pairs = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${level} ${pairs.join(",")}::${escapeData(shortened(text.join("\n"), longestMessage))}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

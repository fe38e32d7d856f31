import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import { type Finding, findingsOf, headlineOf } from "./findings.ts";
import { placeOf } from "./places.ts";
import { plainLine, shortened } from "./plain-text.ts";

/** Bytes, UTF-8: GitHub refuses a job's summary that is longer. */
export const jobSummaryBytes = 1024 * 1024;

const longestCell = 500;

/** A campaign's result as Markdown: a table of the findings, then their stories. Of what does not fit into `mostBytes` it says
 *  so, stories first. */
export function markdown(result: FuzzResult, mostBytes = Number.POSITIVE_INFINITY): string {
  const findings = findingsOf(result);
  const head = `### fuzz: ${inline(headlineOf(result))}\n`;
  if (findings.length === 0) return head;
  const table = "\n| finding | what | where | replay |\n| --- | --- | --- | --- |\n";
  const rows = fitting(
    findings.map((finding) => row(finding, result)),
    mostBytes - Buffer.byteLength(head + table) - noteBytes,
  );
  const shown = head + table + rows.join("");
  const told = findings.filter(({ story }) => story !== "");
  const stories = fitting(told.map(storyBlock), mostBytes - Buffer.byteLength(shown) - noteBytes);
  return (
    shown +
    note(findings.length - rows.length, "findings") +
    stories.join("") +
    note(told.length - stories.length, "stories")
  );
}

/** What the two notes take, at most. */
const noteBytes = 200;

function note(leftOut: number, what: string): string {
  return leftOut === 0 ? "" : `\n${leftOut} ${what} left out: they would not fit.\n`;
}

/** The first of them that fit together. */
function fitting(blocks: readonly string[], mostBytes: number): readonly string[] {
  let left = mostBytes;
  const end = blocks.findIndex((block) => (left -= Buffer.byteLength(block)) < 0);
  return end < 0 ? blocks : blocks.slice(0, end);
}

function row(finding: Finding, result: FuzzResult): string {
  const { kind, message, concerns, replay } = finding;
  const { path, line } = placeOf(finding, result);
  const where = concerns === null ? "" : `${concerns.function}, ${path}:${line}`;
  const cells = [kind, message, where, replay ?? ""];
  return `| ${cells.map((text) => inline(shortened(text, longestCell))).join(" | ")} |\n`;
}

function storyBlock({ name, story, command }: Finding): string {
  const lines = [story, ...(command === null ? [] : [command])].join("\n");
  const summary = html(shortened(name, longestCell));
  return `\n<details><summary>${summary}</summary>\n\n<pre>\n${html(lines)}\n</pre>\n\n</details>\n`;
}

/** Text of the subject's own may be in it: nothing of it is to be taken for markup. */
function inline(text: string): string {
  return plainLine(text).replace(/[\\`*_{}[\]<>()#+!|&~@-]/g, reference);
}

function html(text: string): string {
  return text.replace(/[&<>"']/g, reference);
}

function reference(sign: string): string {
  return `&#${sign.charCodeAt(0)};`;
}

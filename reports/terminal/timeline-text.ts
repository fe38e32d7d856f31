import type { Explanation, Line } from "../../schema/json/explanation.ts";
import { sessionName } from "../../sim/session-name.ts";
import { sinceEpoch } from "../text.ts";
import { laneMarks, type LaneState, laneStates } from "./lanes.ts";
import { pageWidth, type Style, wrap } from "./layout.ts";
import { printable } from "./printable.ts";

/** Before the columns: a mark, the step, the time. */
const gutterWidth = 17;
const width = pageWidth - gutterWidth;
/** With more sessions, columns are too narrow for text. */
const mostWideColumns = 2;
const narrowColumn = 2;

/** Where things stand in a row, in characters after the gutter. */
interface Grid {
  /** Of each session's mark. */
  readonly lanes: readonly number[];
  readonly textAt: (session: number) => number;
  readonly textWidth: number;
  /** The texts stand beside all columns. */
  readonly isNarrow: boolean;
}

/** The steps as a picture: a column a session, time downwards; who waits for whom and who wakes whom as arrows, the wrong
 *  line marked. Two sessions have their texts in their columns, more have them beside. */
export function timelineLines(explanation: Explanation, style: Style): readonly string[] {
  const { lines, sessions } = explanation;
  const grid = gridFor(sessions.length);
  const states = laneStates(explanation);
  const rows = lines.flatMap((line, index) => {
    const before = states[index - 1] ?? sessions.map((): LaneState => "idle");
    const after = states[index] ?? before;
    return [...wakeRow(line, lines, before, grid), ...lineRows(line, index, explanation, after, grid, style)];
  });
  return [style.dim(headRow(sessions.length, grid)), ...rows, ...legend(lines, states, style)];
}

function gridFor(sessions: number): Grid {
  if (sessions > mostWideColumns) {
    const lanes = Array.from({ length: sessions }, (_, index) => index * narrowColumn);
    const textAt = sessions * narrowColumn + 1;
    return { lanes, textAt: () => textAt, textWidth: width - textAt, isNarrow: true };
  }
  const column = Math.floor(width / Math.max(1, sessions));
  const lanes = Array.from({ length: sessions }, (_, index) => index * column);
  return { lanes, textAt: (session) => (lanes[session] ?? 0) + 2, textWidth: column - 3, isNarrow: false };
}

function headRow(sessions: number, grid: Grid): string {
  const row = blankRow();
  for (let session = 0; session < sessions; session += 1)
    put(row, grid.lanes[session] ?? 0, sessionName(session));
  return gutter(" ", "", "") + textOf(row);
}

function lineRows(
  line: Line,
  index: number,
  explanation: Explanation,
  states: readonly LaneState[],
  grid: Grid,
  style: Style,
): readonly string[] {
  const ended = explanation.leases
    .filter(({ expired }) => expired === index)
    .map(({ row, token }) => `${token} of ${row} ends`);
  const texts = [line.action, ...(line.kind === "clock" ? ended : outcomeTexts(line))];
  const rows =
    line.kind === "clock"
      ? clockRows(texts.join(", "))
      : [...textRows(line, texts, states, grid), ...waitRows(line, states, grid)];
  const [first = "", ...rest] = rows.map(textOf);
  const full = [headGutter(line) + first, ...rest.map((row) => gutter(" ", "", "") + row)];
  if (!line.wrong) return line.kind === "skip" ? full.map((row) => style.dim(row)) : full;
  return [...full.map((row) => style.red(row)), ...wrongRows(explanation).map((row) => style.yellow(row))];
}

/** What came of it, but for the wait, which is drawn. */
function outcomeTexts({ wait, observed }: Line): readonly string[] {
  return observed
    .filter((text) => wait === null || !text.startsWith("waits for "))
    .map((text) => `-> ${text}`);
}

/** Across all columns, as a rule. */
function clockRows(text: string): readonly string[][] {
  return wrap(text, width - 6).map((part, index) => {
    const row = index === 0 ? blankRow().fill("─") : blankRow();
    put(row, 2, ` ${part} `);
    return row;
  });
}

/** The texts in the session's column, or beside all columns with its letter in its own; what is no session's goes across. */
function textRows(
  { session }: Line,
  texts: readonly string[],
  states: readonly LaneState[],
  grid: Grid,
): readonly string[][] {
  const isAcross = session === null && !grid.isNarrow;
  const [at, room] = isAcross ? [2, width - 2] : [grid.textAt(session ?? 0), grid.textWidth];
  return texts
    .flatMap((text, index) => hang(printable(text), room, index === 0 ? 2 : 3))
    .map((text, index) => {
      const row = markedRow(states, grid);
      if (index === 0 && session !== null && grid.isNarrow) {
        put(row, grid.lanes[session] ?? 0, sessionName(session));
      }
      put(row, at, text);
      return row;
    });
}

function hang(text: string, room: number, indent: number): readonly string[] {
  return wrap(text, room - indent).map((line, index) => `${" ".repeat(index === 0 ? 0 : indent)}${line}`);
}

/** An arrow from who waits to each whom it waits for. */
function waitRows({ session, wait }: Line, states: readonly LaneState[], grid: Grid): readonly string[][] {
  if (session === null || wait === null) return [];
  const [blocker] = wait.blockedBy;
  const others = wait.blockedBy.map(sessionName).join(", ") || "a lock";
  const text = `waits for ${others}`;
  const labels = [`${text} (${printable(wait.lock)})`, text];
  return [arrowRow(session, blocker ?? session, labels, states, grid)];
}

/** An arrow from who let a session go on to that session. */
function wakeRow(
  { session, wokenBy }: Line,
  lines: readonly Line[],
  states: readonly LaneState[],
  grid: Grid,
): readonly string[] {
  const waker = wokenBy === null ? null : (lines[wokenBy]?.session ?? null);
  if (session === null || waker === null || waker === session) return [];
  const row = arrowRow(waker, session, [`${sessionName(session)} goes on`], states, grid);
  return [gutter(" ", "", "") + textOf(row)];
}

/** With the first of the labels that there is room for. */
function arrowRow(
  from: number,
  to: number,
  labels: readonly string[],
  states: readonly LaneState[],
  grid: Grid,
): string[] {
  const row = markedRow(states, grid);
  const [start, end] = [grid.lanes[from] ?? 0, grid.lanes[to] ?? 0];
  const [left, right] = [Math.min(start, end) + 1, Math.max(start, end) - 1];
  for (let at = left; at <= right; at += 1) row[at] = "─";
  if (start < end) row[right] = ">";
  if (start > end) row[left] = "<";
  if (row[start] === " ") row[start] = "─";
  const isBeside = grid.isNarrow || start === end;
  const room = isBeside ? grid.textWidth : right - left - 6;
  const label = labels.find(({ length }) => length <= room) ?? "";
  if (isBeside) put(row, grid.textAt(from), label);
  else if (label !== "") put(row, left + 3, ` ${label} `);
  return row;
}

/** Where two plays differ, neither is what the contract asks for. */
function wrongRows({ oracle, expected, observed }: Explanation): readonly string[] {
  const [one, other] = oracle === "determinism oracle" ? ["1st play", "2nd play"] : ["expected", "observed"];
  const lead = (name: string, text: string) =>
    hang(`${name}: ${printable(text)}`, width, name.length + 2).map((row) => gutter(" ", "", "") + row);
  return [
    ...expected.flatMap((text, index) => lead(index === 0 ? one : "      or", text)),
    ...lead(other, observed),
  ];
}

function legend(
  lines: readonly Line[],
  states: readonly (readonly LaneState[])[],
  style: Style,
): readonly string[] {
  const used = new Set(states.flat());
  const texts = (["in a transaction", "waits", "parked"] as const)
    .filter((state) => used.has(state))
    .map((state) => `${laneMarks[state]} ${legendTexts[state]}`);
  if (lines.some(({ step }) => step === null)) texts.push("- after the last step");
  return texts.length === 0 ? [] : ["", style.dim(`  ${texts.join("   ")}`)];
}

const legendTexts = {
  "in a transaction": "in a transaction",
  waits: "waits for a lock",
  parked: "stopped inside a function",
};

function headGutter({ wrong, step, time }: Line): string {
  return gutter(
    wrong ? ">" : " ",
    step === null ? "-" : String(step + 1),
    time === null ? "" : sinceEpoch(time),
  );
}

function gutter(mark: string, step: string, time: string): string {
  return `${mark}${step.padStart(2)} ${time}`.padEnd(gutterWidth - 1) + " ";
}

function blankRow(): string[] {
  return Array.from({ length: width }, () => " ");
}

function markedRow(states: readonly LaneState[], grid: Grid): string[] {
  const row = blankRow();
  for (const [session, state] of states.entries()) put(row, grid.lanes[session] ?? 0, laneMarks[state]);
  return row;
}

function put(row: string[], at: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) row[at + index] = text.charAt(index);
}

function textOf(row: readonly string[]): string {
  return row.join("").trimEnd();
}

import type { Violation } from "../../properties/verdict.ts";
import type { Event } from "../../sim/history.ts";
import { shortPairs, withoutNulls, withReadableTimes } from "../text.ts";

type Row = Readonly<Record<string, unknown>>;

/** What was expected and what was observed, short enough to be read. */
export interface Difference {
  readonly expected: readonly string[];
  readonly observed: string;
}

/** The oracles speak in whole rows as JSON. Of two rows, only the columns that differ are of interest; of one, all. */
export function differenceOf(violation: Violation, event: Event | undefined): Difference {
  const [first, ...more] = violation.expected;
  const expected = splitRow(first ?? "");
  const observed = observedRow(violation, event, expected.row);
  if (expected.row === null || observed === null || observed.row === null)
    return {
      expected: violation.expected.map(plain),
      observed: observed === null ? "no such row" : plain(violation.observed),
    };
  const columns = differing(expected.row, observed.row);
  return {
    expected: [`${expected.before}${shortPairs(pick(expected.row, columns))}`, ...more.map(plain)],
    observed: `${observed.before}${shortPairs(pick(observed.row, columns))}`,
  };
}

interface SplitText {
  readonly before: string;
  readonly row: Row | null;
}

/** A state is observed as a whole: the row is found in it by its name. Null when it is not there. */
function observedRow(violation: Violation, event: Event | undefined, expected: Row | null): SplitText | null {
  if (violation.oracle !== "state" || event?.kind !== "observe") return splitRow(violation.observed);
  if (expected === null) return { before: "", row: null };
  const rows: readonly object[] = Object.values(event.observation).flat();
  const row = rows.find((each) => isSameRow(each as Row, expected));
  return row === undefined ? null : { before: "", row: row as Row };
}

/** A row's first column names it; an attempt is named by its number too. Rows of one table have the same columns. */
function isSameRow(row: Row, expected: Row): boolean {
  const [first = ""] = Object.keys(expected);
  const sameTable = Object.keys(row).sort().join() === Object.keys(expected).sort().join();
  return sameTable && [first, "attemptNo"].every((column) => row[column] === expected[column]);
}

/** "row1: {...}" as its two parts. */
function splitRow(text: string): SplitText {
  const at = text.indexOf("{");
  if (at < 0) return { before: text, row: null };
  try {
    const row: unknown = JSON.parse(text.slice(at));
    return { before: text.slice(0, at), row: row as Row };
  } catch {
    return { before: text, row: null };
  }
}

/** Rows are flat: a string, or no brace. */
const rowAsJson = /\{(?:"(?:[^"\\]|\\.)*"|[^{}"])*\}/g;

/** A row of which all is of interest is shown without its nulls. */
export function plain(text: string): string {
  return withReadableTimes(
    text.replace(rowAsJson, (json) => shortPairs(withoutNulls(splitRow(json).row ?? { json }))),
  );
}

function differing(expected: Row, observed: Row): readonly string[] {
  const columns = [...new Set([...Object.keys(expected), ...Object.keys(observed)])];
  return columns.filter((column) => JSON.stringify(expected[column]) !== JSON.stringify(observed[column]));
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
}

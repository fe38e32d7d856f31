import type { Change, Difference, Explanation, Line, Row } from "../../schema/json/explanation.ts";
import { sessionName } from "../../sim/session-name.ts";
import { shortPairs, shortValue, withoutNulls } from "../text.ts";
import { contextLines } from "./context-text.ts";
import { hanging, type Style } from "./layout.ts";
import { printable } from "./printable.ts";

/** What the page of a counterexample leaves out: for each line its SQL, the answers that the model allows, and what changed
 *  in the database and in the model; then what the sessions held and where they stood, and the model's order. */
export function detailsText(explanation: Explanation, style: Style): string {
  return [
    style.bold("Step by step"),
    ...explanation.lines.flatMap((line) => ["", ...detailLines(line, style)]),
    ...contextLines(explanation, style),
    "",
  ].join("\n");
}

function detailLines(line: Line, style: Style): readonly string[] {
  const number = line.step === null ? "-" : String(line.step + 1);
  const session = line.session === null ? " " : sessionName(line.session);
  const head = hanging(`${line.wrong ? ">" : " "}${number.padStart(2)} ${session}  `, printable(line.action));
  return [
    ...head.map((text) => (line.wrong ? style.red(text) : style.bold(text))),
    ...sqlEntries(line).map((text) => style.dim(text)),
    ...entry("allowed", line.allowed ?? []),
    ...entry("observed", line.observed),
    ...changeEntries(line),
    ...entry("differs", (line.differences ?? []).map(describeDifference)).map((text) => style.yellow(text)),
  ];
}

/** The database and the model where they changed: once where both changed alike. */
function changeEntries({ database, model }: Line): readonly string[] {
  const rows = (database ?? []).map(describeChange);
  const modelled = (model?.changes ?? []).map(describeChange);
  const isSame = areSameChanges(database ?? [], model?.changes ?? []);
  const held = (model?.held ?? []).map(({ session, resources }) => {
    return `${sessionName(session)} holds ${resources.join(", ")}`;
  });
  const both = isSame ? entry("rows", rows) : [...entry("rows", rows), ...entry("model", modelled)];
  return [...both, ...entry("held", held)];
}

/** The statement, and what the message has around it. */
function sqlEntries({ sql }: Line): readonly string[] {
  if (sql === null) return [];
  const { text, statement } = sql;
  const at = text.indexOf(statement);
  const [before, after] = [text.slice(0, Math.max(at, 0)), text.slice(at + statement.length)];
  const around = [before, after].map((part) => part.replace(/^; |; $/g, "")).filter((part) => part !== "");
  return [...entry("sql", [statement]), ...entry("beside it", around)];
}

/** "  sql       SELECT ..." */
function entry(name: string, texts: readonly string[]): readonly string[] {
  return texts.flatMap((text, index) =>
    hanging(`      ${(index === 0 ? name : "").padEnd(9)} `, printable(text)),
  );
}

/** "pending row1: leaseToken NULL -> lease1" */
export function describeChange({ table, row, before, after }: Change): string {
  if (before === null) return `${table} ${row} is new: ${shortPairs(withoutNulls(after ?? {}))}`;
  if (after === null) return `${table} ${row} is gone`;
  const changes = differingColumns(before, after).map((column) => {
    return `${column} ${shortValue(before[column])} -> ${shortValue(after[column])}`;
  });
  return `${table} ${row}: ${changes.join(", ")}`;
}

function describeDifference({ table, row, model, database }: Difference): string {
  if (database === null) return `${table} ${row}: only the model has it`;
  if (model === null) return `${table} ${row}: only the database has it`;
  const columns = differingColumns(model, database).map((column) => {
    return `${column} is ${shortValue(database[column])}, should be ${shortValue(model[column])}`;
  });
  return `${table} ${row}: ${columns.join(", ")}`;
}

function areSameChanges(some: readonly Change[], others: readonly Change[]): boolean {
  const isSameRow = (a: Row | null, b: Row | null) =>
    a === null || b === null ? a === b : differingColumns(a, b).length === 0;
  const isSame = (a: Change, b: Change) =>
    a.table === b.table && a.row === b.row && isSameRow(a.before, b.before) && isSameRow(a.after, b.after);
  return some.length === others.length && some.every((a) => others.some((b) => isSame(a, b)));
}

function differingColumns(a: Row, b: Row): readonly string[] {
  return Object.keys(a).filter((column) => {
    return (
      JSON.stringify(a[column]) !== JSON.stringify(b[column]) && !isFree(a[column]) && !isFree(b[column])
    );
  });
}

/** A text that the contract leaves free. */
function isFree(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

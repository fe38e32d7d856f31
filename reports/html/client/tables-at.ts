import type { Change, Difference, Line, Row, Table } from "../../../schema/json/explanation.ts";

/** A row of the database beside the model's. */
export interface ShownRow {
  readonly name: string;
  readonly database: Row | null;
  /** What the line changed it from; null where it is new, or was not changed. */
  readonly before: Row | null;
  /** new, changed, gone: by this line. */
  readonly change: "new" | "changed" | "gone" | null;
  /** Where the model has it otherwise, or has no such row. */
  readonly difference: Difference | null;
}

export interface ShownTable {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly rows: readonly ShownRow[];
}

/** The committed rows after a line, as they were last looked at, with what the line changed and where the model differs.
 *  Tables in which there is nothing are left out, as are columns that are null throughout. */
export function tablesAt(lines: readonly Line[], at: number): readonly ShownTable[] {
  const tables = new Map<Table, Map<string, Row>>();
  for (const { database } of lines.slice(0, at)) for (const change of database ?? []) apply(tables, change);
  const { database, differences } = lines[at] ?? {};
  const shown = new Map<Table, Map<string, ShownRow>>();
  const put = (table: Table, row: ShownRow) => {
    shown.set(table, (shown.get(table) ?? new Map<string, ShownRow>()).set(row.name, row));
  };
  for (const [table, rows] of tables) {
    for (const [name, row] of rows)
      put(table, { name, database: row, before: null, change: null, difference: null });
  }
  for (const { table, row: name, before, after } of database ?? []) {
    const change = before === null ? "new" : after === null ? "gone" : "changed";
    put(table, { name, database: after ?? before, before, change, difference: null });
  }
  for (const difference of differences ?? []) {
    const { table, row: name, database: row } = difference;
    const known = shown.get(table)?.get(name);
    put(table, { name, before: null, change: null, ...known, database: row, difference });
  }
  return [...shown].map(([table, rows]) => ({
    table,
    columns: columnsOf([...rows.values()]),
    rows: [...rows.values()],
  }));
}

function apply(tables: Map<Table, Map<string, Row>>, { table, row, after }: Change): void {
  const rows = tables.get(table) ?? new Map<string, Row>();
  tables.set(table, rows);
  if (after === null) rows.delete(row);
  else rows.set(row, after);
}

/** Columns that say no more than the row's name does. */
const identity = new Set([
  "outboxId",
  "instructionId",
  "participantId",
  "sequenceId",
  "idempotencyKey",
  "railType",
  "payload",
]);

/** Those in which something differs first, then those that the line changed, those that identify the row last: a reader need
 *  not scroll for what matters. */
function columnsOf(rows: readonly ShownRow[]): readonly string[] {
  const all = rows.flatMap(({ database, before, difference }) => [
    database,
    before,
    difference?.model ?? null,
  ]);
  const names = [...new Set(all.flatMap((row) => Object.keys(row ?? {})))];
  const used = names.filter((column) => all.some((row) => row !== null && row[column] !== null));
  const rank = (column: string) =>
    Math.min(...rows.map((row) => rankIn(row, column)), identity.has(column) ? 3 : 2);
  return used.sort((a, b) => rank(a) - rank(b));
}

function rankIn({ database, before, difference }: ShownRow, column: string): number {
  const isOther = (row: Row | null | undefined) =>
    database !== null && row != null && !isSameValue(database[column], row[column]);
  if (isOther(difference?.model)) return 0;
  return isOther(before) ? 1 : 3;
}

/** Values that are the same; a text that the contract leaves free is the same as any. */
export function isSameValue(a: unknown, b: unknown): boolean {
  const isFree = (value: unknown) => typeof value === "object" && value !== null;
  return isFree(a) || isFree(b) || JSON.stringify(a) === JSON.stringify(b);
}

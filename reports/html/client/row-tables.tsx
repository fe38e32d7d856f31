import { shortValue } from "../../text.ts";
import { ColumnHeads } from "./column-heads.tsx";
import { isSameValue, type ShownRow, type ShownTable } from "./tables-at.ts";
import { Scrolls } from "./scrolls.tsx";

/** The database's rows, in them what the step changed and where the model has something else. */
export function RowTables({ tables }: { readonly tables: readonly ShownTable[] }) {
  if (tables.length === 0) return <p class="nothing">All tables are empty.</p>;
  return (
    <>
      {tables.map(({ table, columns, rows }) => (
        <Scrolls key={table} name={`Rows of ${table}`}>
          <table class="data">
            <caption>{table}</caption>
            <ColumnHeads names={["row", ...columns]} />
            <tbody>
              {rows.map((row) => (
                <TableRow key={row.name} row={row} columns={columns} />
              ))}
            </tbody>
          </table>
        </Scrolls>
      ))}
    </>
  );
}

function TableRow({ row, columns }: { readonly row: ShownRow; readonly columns: readonly string[] }) {
  const { name, change, difference, database } = row;
  const note =
    difference === null
      ? change
      : database === null
        ? "missing: the model has it"
        : difference.model === null
          ? "the model has no such row"
          : "differs";
  const isMissing = difference !== null && database === null;
  return (
    <tr class={`${difference === null ? "" : "differs"} ${isMissing ? "missing" : (change ?? "")}`}>
      <th scope="row">
        {name}
        {note === null ? null : <span class="note">{note}</span>}
      </th>
      {columns.map((column) => (
        <Cell key={column} row={row} column={column} />
      ))}
    </tr>
  );
}

function Cell({ row, column }: { readonly row: ShownRow; readonly column: string }) {
  const { database, before, change, difference } = row;
  const model = difference?.model ?? null;
  const value = (database ?? model ?? {})[column];
  if (database !== null && model !== null && !isSameValue(database[column], model[column])) {
    return (
      <td class="wrong-value">
        <span class="is">{shortValue(database[column])}</span>
        <span class="should">model: {shortValue(model[column])}</span>
      </td>
    );
  }
  if (change === "changed" && before !== null && !isSameValue(before[column], value)) {
    return (
      <td class="changed-value">
        <span class="was">{shortValue(before[column])}</span> → {shortValue(value)}
      </td>
    );
  }
  return <td class={value === null ? "null" : ""}>{shortValue(value)}</td>;
}

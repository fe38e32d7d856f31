import {
  type ExpectedColumn,
  type ExpectedTable,
  expectedTables,
  hotTable,
} from "../../../model/foundation/tables.ts";
import { type Column, need, type Table } from "../catalog.ts";
import { type Check, mendedByHand, mendedBySql, type Problem } from "../check.ts";
import { identifier, inPublic } from "../names.ts";

/** Contract 2: tables with exactly the columns, types, nullability, defaults and generated columns. */
export const tableChecks: readonly Check[] = [
  ...expectedTables.map((expected): Check => ({
    id: `table.${expected.name}`,
    name: `${expected.name} has exactly the contract's columns`,
    contract: expected.name === "schema_migrations" ? "1" : "2",
    weak: false,
    judge: ({ tables, columns }) => judgeTable(expected, need(tables), need(columns)),
  })),
  {
    id: "storage.fillfactor",
    name: `${hotTable.name} has fillfactor ${hotTable.fillfactor}`,
    contract: "1",
    weak: false,
    judge: ({ tables }) => judgeFillfactor(need(tables)),
  },
];

function judgeTable(
  { name, columns: expected }: ExpectedTable,
  tables: readonly Table[],
  allColumns: readonly Column[],
): readonly Problem[] {
  const table = tables.find((each) => each.name === name);
  if (table === undefined)
    return [mendedByHand(`there is no table public.${name}`, "apply the migrations: counterpoint migrate")];
  const found = allColumns.filter((column) => column.table === name);
  return [
    ...judgeKind(table),
    ...expected.flatMap((column) =>
      judgeColumn(
        name,
        column,
        found.find((each) => each.name === column.name),
      ),
    ),
    ...found
      .filter((column) => !expected.some((each) => each.name === column.name))
      .map((column) =>
        mendedBySql(
          `column ${column.name} is not in the contract`,
          `${alter(name)} DROP COLUMN ${identifier(column.name)};`,
        ),
      ),
  ];
}

function judgeKind({ name, kind, persistence, rowSecurity }: Table): readonly Problem[] {
  const problems: Problem[] = [];
  if (kind !== "r") problems.push(mendedByHand("it is no plain table", "make it one, in a new migration"));
  if (persistence === "u")
    problems.push(
      mendedBySql("it is UNLOGGED: a crash of the server empties it", `${alter(name)} SET LOGGED;`),
    );
  if (rowSecurity)
    problems.push(
      mendedBySql("row security hides rows from readers", `${alter(name)} DISABLE ROW LEVEL SECURITY;`),
    );
  return problems;
}

function judgeColumn(table: string, expected: ExpectedColumn, found: Column | undefined): readonly Problem[] {
  const { name, type, notNull } = expected;
  const column = `${alter(table)} ALTER COLUMN ${identifier(name)}`;
  if (found === undefined)
    return [
      mendedBySql(`column ${name} is missing`, `${alter(table)} ADD COLUMN ${columnDefinition(expected)};`),
    ];
  const problems: Problem[] = [];
  if (found.type !== type)
    problems.push(
      mendedBySql(
        `column ${name} is of type ${found.type}, not ${type}`,
        `${column} TYPE ${type} USING ${identifier(name)}::${type};`,
      ),
    );
  if (found.notNull !== notNull)
    problems.push(
      mendedBySql(
        `column ${name} ${notNull ? "may be null" : "must not be null"}`,
        `${column} ${notNull ? "SET" : "DROP"} NOT NULL;`,
      ),
    );
  if (!found.deterministic)
    problems.push(
      mendedBySql(
        `column ${name} takes different texts for equal ones`,
        `${column} TYPE ${type} COLLATE "C";`,
      ),
    );
  return [...problems, ...judgeDefault(column, expected, found)];
}

function judgeDefault(column: string, expected: ExpectedColumn, found: Column): readonly Problem[] {
  const { name } = expected;
  if (expected.generated.length > 0) {
    // What it computes is judged on samples, with the table's other rules.
    if (found.generated === "s") return [];
    return [
      mendedByHand(
        `column ${name} is not generated and stored`,
        "drop it and add it as GENERATED ALWAYS AS ... STORED",
      ),
    ];
  }
  if (found.generated !== "" || found.identity !== "")
    return [mendedByHand(`column ${name} is generated`, "make it a plain column, in a new migration")];
  if (expected.default === "any" || found.default === expected.default) return [];
  const said = found.default === null ? "has no default" : `has the default ${found.default}`;
  if (expected.default === null)
    return [mendedBySql(`column ${name} ${said}, must have none`, `${column} DROP DEFAULT;`)];
  return [
    mendedBySql(
      `column ${name} ${said}, not ${expected.default}`,
      `${column} SET DEFAULT ${expected.default};`,
    ),
  ];
}

function columnDefinition({ name, type, notNull, default: value, generated }: ExpectedColumn): string {
  if (generated.length > 0)
    return `${identifier(name)} ${type} GENERATED ALWAYS AS (status = 'ACTIVE') STORED`;
  const byDefault = value === null || value === "any" ? "" : ` DEFAULT ${value}`;
  return `${identifier(name)} ${type}${notNull ? " NOT NULL" : ""}${byDefault}`;
}

function judgeFillfactor(tables: readonly Table[]): readonly Problem[] {
  const table = tables.find(({ name }) => name === hotTable.name);
  const setting = table?.options.find((option) => option.startsWith("fillfactor="));
  if (setting === `fillfactor=${hotTable.fillfactor}`) return [];
  return [
    mendedBySql(
      `${hotTable.name} has ${setting ?? "no fillfactor"}, not fillfactor=${hotTable.fillfactor}`,
      `${alter(hotTable.name)} SET (fillfactor = ${hotTable.fillfactor});`,
    ),
  ];
}

const alter = (table: string): string => `ALTER TABLE ${inPublic(table)}`;

import { quoteIdentifier, quoteLiteral } from "../../../sim/database/quote.ts";
import type { Column, SubjectOf } from "../subject.ts";
import { operation, openSchema, owner, type Needs, type Operation } from "./operation.ts";

type Table = SubjectOf<"table">;

/** What one can try with a table or view. LOCK is out of scope (INV-17). */
export function onTable(table: Table, majorVersion: number): readonly Operation[] {
  switch (table.relation) {
    case "view":
      return [...reading(table), ...everyColumn(table), ...owning(table)];
    case "materialized view":
      return [...reading(table), ...owning(table)];
    case "table":
      return [
        ...reading(table),
        ...locking(table),
        ...adding(table),
        ...changing(table),
        ...everyColumn(table),
        ...binding(table),
        ...maintaining(table, majorVersion),
        ...owning(table),
        ...owningTable(table),
      ];
  }
}

function reading(table: Table): readonly Operation[] {
  const { sql, relation } = table;
  const select = `SELECT * FROM ${sql}`;
  // As text: a column of an enum would need USAGE on that.
  const someText = `SELECT ${quoteIdentifier(someColumn(table).name)}::text AS c FROM ${sql}`;
  return [
    operation("select", ["SELECT"], select),
    operation("copy to", ["SELECT"], `COPY (${select}) TO STDOUT`),
    operation("cursor", ["SELECT"], `DECLARE c CURSOR FOR ${select}; FETCH ALL FROM c`),
    operation("create table as", ["SELECT"], `CREATE TEMP TABLE x AS ${someText}`),
    operation("select in a block", ["SELECT"], `DO ${quoteLiteral(`BEGIN PERFORM FROM ${sql}; END`)}`),
    operation(
      "select by a view",
      ["SELECT"],
      `CREATE VIEW ${openSchema}.v AS ${someText}; SELECT * FROM ${openSchema}.v`,
    ),
    ...(relation === "view"
      ? []
      : [operation("select a system column", ["SELECT"], `SELECT tableoid FROM ${sql}`)]),
  ];
}

function locking({ sql }: Table): readonly Operation[] {
  return ["UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"].map((strength) =>
    operation(
      `select for ${strength.toLowerCase()}`,
      ["SELECT", "UPDATE"],
      `SELECT * FROM ${sql} FOR ${strength}`,
    ),
  );
}

function adding(table: Table): readonly Operation[] {
  const { sql } = table;
  const row = newRow(table);
  const insert = `INSERT INTO ${sql} ${row}`;
  return [
    operation("insert", ["INSERT"], insert),
    operation("insert returning", ["INSERT", "SELECT"], `${insert} RETURNING *`),
    operation("insert on conflict do nothing", ["INSERT"], `${insert} ON CONFLICT DO NOTHING`),
    operation("insert in a with", ["INSERT"], `WITH x AS (${insert}) SELECT`),
    // The driver answers that it has no data, 57014, once the server asks for them.
    operation("copy from", ["INSERT"], `COPY ${sql} FROM STDIN`),
    ...withKey(table, (key) => [
      operation(
        "insert on conflict do update",
        ["INSERT", "UPDATE", "SELECT"],
        `${insert} ON CONFLICT (${key.list}) DO UPDATE SET ${key.first} = EXCLUDED.${key.first}`,
        { mutates: true },
      ),
      operation(
        "merge insert",
        ["SELECT", "INSERT"],
        `MERGE INTO ${sql} AS t USING (SELECT) AS s ON t.${key.first} IS NULL WHEN NOT MATCHED THEN INSERT ${row}`,
      ),
    ]),
  ];
}

function changing(table: Table): readonly Operation[] {
  const { sql } = table;
  const column = quoteIdentifier(someColumn(table).name);
  const change = { mutates: true };
  return [
    operation("update no row", ["UPDATE"], `UPDATE ${sql} SET ${column} = DEFAULT WHERE false`, change),
    operation("update", ["UPDATE", "SELECT"], `UPDATE ${sql} SET ${column} = ${column}`, change),
    operation("delete", ["DELETE"], `DELETE FROM ${sql}`, change),
    operation("delete no row", ["DELETE"], `DELETE FROM ${sql} WHERE false`, change),
    operation("delete in a with", ["DELETE"], `WITH x AS (DELETE FROM ${sql}) SELECT`, change),
    operation("truncate", ["TRUNCATE"], `TRUNCATE ${sql}`, change),
    ...withKey(table, (key) => [
      operation(
        "merge update",
        ["SELECT", "UPDATE"],
        `MERGE INTO ${sql} AS t USING (SELECT) AS s ON t.${key.first} IS NOT NULL
           WHEN MATCHED THEN UPDATE SET ${key.first} = t.${key.first}`,
        change,
      ),
      operation(
        "merge delete",
        ["SELECT", "DELETE"],
        `MERGE INTO ${sql} AS t USING (SELECT) AS s ON t.${key.first} IS NOT NULL WHEN MATCHED THEN DELETE`,
        change,
      ),
    ]),
  ];
}

/** Privileges can be granted on single columns, so each column is tried. */
function everyColumn({ sql, columns }: Table): readonly Operation[] {
  return columns.flatMap(({ name, generated }) => {
    const column = quoteIdentifier(name);
    const tried = [operation(`select ${name}`, ["SELECT"], `SELECT ${column} FROM ${sql}`)];
    if (generated) return tried;
    return [
      ...tried,
      operation(`insert ${name}`, ["INSERT"], `INSERT INTO ${sql} (${column}) SELECT NULL WHERE false`),
      operation(`update ${name}`, ["UPDATE"], `UPDATE ${sql} SET ${column} = DEFAULT WHERE false`, {
        mutates: true,
      }),
    ];
  });
}

/** REFERENCES and TRIGGER. A temporary table cannot refer to a permanent one, hence the open schema. */
function binding(table: Table): readonly Operation[] {
  const { sql } = table;
  return [
    operation(
      "create trigger",
      ["TRIGGER"],
      `CREATE FUNCTION pg_temp.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
       CREATE TRIGGER x AFTER INSERT ON ${sql} FOR EACH ROW EXECUTE FUNCTION pg_temp.f()`,
    ),
    ...withKey(table, (key) => [
      operation(
        "create foreign key",
        ["REFERENCES"],
        `CREATE TABLE ${openSchema}.x (${key.definition}, FOREIGN KEY (${key.list}) REFERENCES ${sql} (${key.list}))`,
      ),
    ]),
  ];
}

/** Where the server refuses ANALYZE or VACUUM it warns and passes the table over. */
function maintaining({ sql, primaryIndex }: Table, majorVersion: number): readonly Operation[] {
  const needs: Needs = majorVersion >= 17 ? { privileges: ["MAINTAIN"] } : owner;
  return [
    operation("reindex", needs, `REINDEX TABLE ${sql}`),
    operation("analyze", needs, `ANALYZE ${sql}`),
    operation("vacuum", needs, `VACUUM ${sql}`, { outsideTransaction: true }),
    ...(primaryIndex === null ? [] : [operation("cluster", needs, `CLUSTER ${sql} USING ${primaryIndex}`)]),
  ];
}

function owning({ sql, relation }: Table): readonly Operation[] {
  const kind = relation.toUpperCase();
  return [
    operation("rename", owner, `ALTER ${kind} ${sql} RENAME TO x`),
    operation("set schema", owner, `ALTER ${kind} ${sql} SET SCHEMA ${openSchema}`),
    operation("own", owner, `ALTER ${kind} ${sql} OWNER TO CURRENT_USER`),
    operation("drop", owner, `DROP ${kind} ${sql} CASCADE`),
    operation("comment", owner, `COMMENT ON ${kind} ${sql} IS 'x'`),
    operation("grant", owner, `GRANT ALL ON ${sql} TO PUBLIC`),
  ];
}

function owningTable(table: Table): readonly Operation[] {
  const { sql } = table;
  const column = quoteIdentifier(someColumn(table).name);
  return [
    operation("add a column", owner, `ALTER TABLE ${sql} ADD COLUMN x int`),
    operation("drop a column", owner, `ALTER TABLE ${sql} DROP COLUMN ${column} CASCADE`),
    operation("disable triggers", owner, `ALTER TABLE ${sql} DISABLE TRIGGER ALL`),
    operation("set fillfactor", owner, `ALTER TABLE ${sql} SET (fillfactor = 50)`),
    operation("enable row security", owner, `ALTER TABLE ${sql} ENABLE ROW LEVEL SECURITY`),
    operation("create policy", owner, `CREATE POLICY x ON ${sql} USING (true)`),
    operation("create rule", owner, `CREATE RULE x AS ON INSERT TO ${sql} DO INSTEAD NOTHING`),
    operation("create index", owner, `CREATE INDEX ON ${sql} (${column})`),
    operation("inherit", owner, `CREATE TABLE ${openSchema}.x () INHERITS (${sql})`),
    operation("grant a column", owner, `GRANT SELECT (${column}) ON ${sql} TO PUBLIC`),
  ];
}

/** The last, since a partition key or an index is rather on the first ones. */
const someColumn = ({ columns }: Table): Column => {
  const some = columns.filter(({ generated }) => !generated).at(-1);
  if (some === undefined) throw new Error("a table without a column has no operations on columns");
  return some;
};

function newRow({ columns }: Table): string {
  const required = columns.filter((column) => column.required);
  if (required.length === 0) return "DEFAULT VALUES";
  return `(${required.map(({ name }) => quoteIdentifier(name)).join(", ")})
    VALUES (${required.map(({ sample }) => sample).join(", ")})`;
}

interface Key {
  readonly first: string;
  readonly list: string;
  readonly definition: string;
}

function withKey(
  { columns, primaryKey }: Table,
  make: (key: Key) => readonly Operation[],
): readonly Operation[] {
  const [first] = primaryKey;
  if (first === undefined) return [];
  const parts = columns.filter(({ name }) => primaryKey.includes(name));
  return make({
    first: quoteIdentifier(first),
    list: primaryKey.map(quoteIdentifier).join(", "),
    definition: parts.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`).join(", "),
  });
}

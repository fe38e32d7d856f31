import type { Connection } from "../../sim/database/connection.ts";
import { quoteIdentifier, quoteLiteral } from "../../sim/database/quote.ts";
import type { DatabaseObject } from "../../model/privilege-table.ts";
import { currentDatabase, publicSchema } from "../../model/privilege-table.ts";

/** A column of a table, with what a statement has to know to write into it. */
export interface Column {
  readonly name: string;
  /** The type's name with its schema, quoted. */
  readonly type: string;
  /** An SQL expression of that type. */
  readonly sample: string;
  /** An INSERT must give it a value. */
  readonly required: boolean;
  readonly generated: boolean;
}

/** An object of the database under attack, as its catalog has it. */
export type Subject =
  | (Named & {
      readonly kind: "table";
      readonly relation: "table" | "view" | "materialized view";
      readonly columns: readonly Column[];
      readonly primaryKey: readonly string[];
      readonly primaryIndex: string | null;
    })
  | (Named & {
      readonly kind: "function";
      readonly routine: "function" | "procedure" | "aggregate" | "trigger function";
      /** Schema and name, quoted, without the signature. */
      readonly callee: string;
      /** An SQL expression for each argument. */
      readonly samples: readonly string[];
    })
  | (Named & { readonly kind: "type"; readonly firstLabel: string | null })
  | (Named & { readonly kind: "sequence" })
  | (Named & { readonly kind: "schema" })
  | (Named & { readonly kind: "database" });

interface Named {
  readonly object: DatabaseObject;
  /** How SQL calls it, whatever the search_path: quoted, with its schema, a function with its signature. */
  readonly sql: string;
}

export type SubjectOf<K extends Subject["kind"]> = Extract<Subject, { readonly kind: K }>;

/** Everything in schema public, the schema and the database. A table that is a partition or a part of an extension is a
 *  table like any other. */
export async function readSubjects(connection: Connection): Promise<readonly Subject[]> {
  // Each row as one JSON text: the driver leaves JSON as it comes.
  const read = async <T>(sql: string): Promise<readonly T[]> =>
    (await connection.query(`select to_json(r) as row from (${sql}) as r`, [])).rows.map(
      ({ row }) => JSON.parse(String(row)) as T,
    );
  // The names that the catalog prints depend on it.
  await connection.run("set search_path = pg_catalog");
  return [
    ...(await read<TableRow>(tablesSql)).map(tableOf),
    ...(await read<FunctionRow>(functionsSql)).map(functionOf),
    ...(await read<TypeRow>(typesSql)).map(typeOf),
    ...(await read<{ name: string }>(sequencesSql)).map(sequenceOf),
    { kind: "schema", object: publicSchema, sql: "public" },
    ...(await read<{ name: string }>("select current_database()::text as name")).map(databaseOf),
  ];
}

const qualified = (name: string): string => `public.${quoteIdentifier(name)}`;

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly label: string | null;
  readonly required: boolean;
  readonly generated: boolean;
}

interface TableRow {
  readonly name: string;
  readonly relkind: string;
  readonly columns: readonly ColumnRow[];
  readonly key: readonly string[];
  readonly index: string | null;
}

const tablesSql = `
  select c.relname::text as name, c.relkind::text as relkind,
         (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
                   'label', (select enumlabel from pg_enum where enumtypid = a.atttypid order by enumsortorder limit 1),
                   'required', a.attnotnull and not a.atthasdef and a.attidentity = '',
                   'generated', a.attgenerated <> '' or a.attidentity <> '') order by a.attnum)
            from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
         coalesce((select json_agg(a.attname order by k.position)
            from unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
            join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum), '[]') as key,
         i.indexrelid::regclass::text as index
    from pg_class c
    left join pg_index i on i.indrelid = c.oid and i.indisprimary
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
   order by c.relname`;

function tableOf(row: TableRow): Subject {
  return {
    kind: "table",
    object: { kind: "table", name: row.name },
    sql: qualified(row.name),
    relation: row.relkind === "v" ? "view" : row.relkind === "m" ? "materialized view" : "table",
    columns: row.columns.map((column) => ({ ...column, sample: sampleOf(column.type, column.label) })),
    primaryKey: row.key,
    primaryIndex: row.index?.split(".").at(-1) ?? null,
  };
}

interface FunctionRow {
  readonly name: string;
  readonly signature: string;
  readonly kind: string;
  readonly trigger: boolean;
  readonly types: readonly { readonly type: string; readonly label: string | null }[];
}

const functionsSql = `
  select p.proname::text as name, oidvectortypes(p.proargtypes) as signature, p.prokind::text as kind,
         p.prorettype = 'trigger'::regtype as trigger,
         coalesce((select json_agg(json_build_object('type', format_type(t.oid, null),
                     'label', (select enumlabel from pg_enum where enumtypid = t.oid order by enumsortorder limit 1))
                     order by t.position)
            from unnest(p.proargtypes::oid[]) with ordinality as t (oid, position)), '[]') as types
    from pg_proc p where p.pronamespace = 'public'::regnamespace order by p.proname, 2`;

function functionOf(row: FunctionRow): Subject {
  const routines = { p: "procedure", a: "aggregate" } as const;
  const other = row.trigger ? "trigger function" : "function";
  return {
    kind: "function",
    object: { kind: "function", name: `${row.name}(${row.signature})` },
    sql: `${qualified(row.name)}(${row.signature})`,
    routine: row.kind === "p" || row.kind === "a" ? routines[row.kind] : other,
    callee: qualified(row.name),
    samples: row.types.map(({ type, label }) => sampleOf(type, label)),
  };
}

interface TypeRow {
  readonly name: string;
  readonly label: string | null;
}

const typesSql = `
  select t.typname::text as name,
         (select enumlabel::text from pg_enum where enumtypid = t.oid order by enumsortorder limit 1) as label
    from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd') order by 1`;

const typeOf = ({ name, label }: TypeRow): Subject => ({
  kind: "type",
  object: { kind: "type", name },
  sql: qualified(name),
  firstLabel: label,
});

const sequencesSql = `
  select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1`;

const sequenceOf = ({ name }: { readonly name: string }): Subject => ({
  kind: "sequence",
  object: { kind: "sequence", name },
  sql: qualified(name),
});

const databaseOf = ({ name }: { readonly name: string }): Subject => ({
  kind: "database",
  object: currentDatabase,
  sql: quoteIdentifier(name),
});

const samples: Readonly<Record<string, string>> = {
  text: "'sample'",
  integer: "7",
  bigint: "7",
  boolean: "true",
  uuid: "pg_catalog.gen_random_uuid()",
  jsonb: "'{}'",
  "timestamp with time zone": "pg_catalog.now()",
};

/** A value, not null where we know one: a strict function is not even looked at for a null. */
function sampleOf(type: string, label: string | null): string {
  const value = label === null ? (samples[type] ?? "NULL") : quoteLiteral(label);
  return `${value}::${type}`;
}

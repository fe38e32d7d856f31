import { expectedIndexes } from "../../model/foundation/indexes.ts";
import type { Sample } from "../../model/foundation/sample.ts";
import { expectedTables } from "../../model/foundation/tables.ts";
import type { Connection } from "../database/connection.ts";
import { quoteIdentifier, quoteLiteral } from "../database/quote.ts";
import type { Column, Part, SampleAnswers } from "./catalog.ts";
import { expressionsSql } from "./catalog-sql.ts";
import { part, rows } from "./parts.ts";

interface Expression {
  readonly table: string;
  readonly id: string;
  readonly sql: string;
  readonly trusted: boolean;
}

/** A sample's key: the same for equal samples. */
export function sampleKey(sample: Sample): string {
  return JSON.stringify(Object.entries(sample).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Asks the server what each table's checks, index conditions and generated columns say of the contract's samples. No row
 *  is written: the expressions are evaluated on rows made up in a query. */
export async function readSamples(
  connection: Connection,
  columns: readonly Column[],
): Promise<ReadonlyMap<string, Part<SampleAnswers>>> {
  const expressions = await part(connection, () => rows<Expression>(connection, expressionsSql));
  const answers = new Map<string, Part<SampleAnswers>>();
  for (const [table, samples] of samplesByTable()) {
    const own = columns.filter((column) => column.table === table);
    if ("unread" in expressions) answers.set(table, expressions);
    else {
      const asked = expressions.read.filter((expression) => expression.table === table);
      answers.set(table, await askTable(connection, own, asked, samples));
    }
  }
  return answers;
}

function samplesByTable(): ReadonlyMap<string, readonly Sample[]> {
  const all = new Map<string, Sample[]>();
  const add = (table: string, samples: readonly Sample[]): void => {
    all.set(table, [...(all.get(table) ?? []), ...samples]);
  };
  for (const { name, rules, columns } of expectedTables) {
    add(
      name,
      rules.flatMap(({ accepts, refuses }) => [...accepts, ...refuses]),
    );
    add(
      name,
      columns.flatMap(({ generated }) => generated.map(({ sample }) => sample)),
    );
  }
  for (const { table, holds, omits } of expectedIndexes) add(table, [...holds, ...omits]);
  return all;
}

async function askTable(
  connection: Connection,
  columns: readonly Column[],
  expressions: readonly Expression[],
  samples: readonly Sample[],
): Promise<Part<SampleAnswers>> {
  const foreign = expressions.find(({ trusted }) => !trusted);
  if (foreign !== undefined)
    return { unread: `${foreign.id} calls functions of the database's own, which verify does not run` };
  return part(connection, async () => {
    const answers = new Map<string, ReadonlyMap<string, boolean | null>>();
    if (expressions.length === 0 || samples.length === 0 || columns.length === 0) return answers;
    const unique = [...new Map(samples.map((sample) => [sampleKey(sample), sample])).values()];
    const found = await rows<{ readonly answers: readonly (boolean | null)[] }>(
      connection,
      questionSql(columns, expressions, unique),
    );
    unique.forEach((sample, place) => {
      const said = expressions.map(({ id }, index) => [id, found[place]?.answers[index] ?? null] as const);
      answers.set(sampleKey(sample), new Map(said));
    });
    return answers;
  });
}

function questionSql(
  columns: readonly Column[],
  expressions: readonly Expression[],
  samples: readonly Sample[],
): string {
  const asked = expressions.map(({ sql }) => `(${sql})`).join(", ");
  const made = samples.map(
    (sample, place) =>
      `select ${place} as "sample's place", ${columns.map((column) => value(column, sample)).join(", ")}`,
  );
  return `select array[${asked}]::boolean[] as answers from (${made.join(" union all ")}) t order by "sample's place"`;
}

function value({ name, type, notNull }: Column, sample: Sample): string {
  const given = sample[name];
  const text = given === undefined ? (notNull ? ordinary(type) : null) : given;
  return `${text === null ? "null" : quoteLiteral(text)}::${type} as ${quoteIdentifier(name)}`;
}

/** Something of the type that no rule minds. */
function ordinary(type: string): string | null {
  if (type === "text") return "x";
  if (type === "jsonb") return "{}";
  if (type === "uuid") return "00000000-0000-4000-8000-000000000000";
  if (type === "bigint" || type === "integer") return "1";
  if (type === "timestamp with time zone") return "2000-01-01 00:00:00+00";
  if (type === "public.outbox_attempt_state") return "DISPATCHING";
  if (type === "public.policy_version_status") return "ACTIVE";
  return null;
}

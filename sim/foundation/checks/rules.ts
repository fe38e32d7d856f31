import type { RowRule, Sample } from "../../../model/foundation/sample.ts";
import { type ExpectedTable, expectedTables } from "../../../model/foundation/tables.ts";
import { type Catalog, type Constraint, type Index, need, type SampleAnswers } from "../catalog.ts";
import { type Check, mendedByHand, mendedBySql, type Problem, Unread } from "../check.ts";
import { identifier, inPublic } from "../names.ts";
import { sampleKey } from "../read-samples.ts";

const memory = ["instruction_id", "idempotency_key"];

/** Contract 2: primary keys, uniqueness, and what rows a table takes. */
export const ruleChecks: readonly Check[] = [
  ...expectedTables.map((expected): Check => ({
    id: `rules.${expected.name}`,
    name: `${expected.name} has the contract's keys and takes the rows it must, no others`,
    contract: expected.name === "schema_migrations" ? "1" : "2",
    weak: false,
    judge: (catalog) => judgeRules(expected, catalog),
  })),
  {
    id: "rules.idempotency-outlives-pending",
    name: "a unique constraint on a table other than pending remembers every key",
    contract: "3",
    weak: false,
    judge: ({ indexes }) => judgeMemory(need(indexes)),
  },
  {
    id: "rules.no-foreign-key",
    name: "no foreign key binds an attempt or a pending row",
    contract: "2",
    weak: false,
    judge: ({ constraints }) => judgeForeignKeys(need(constraints)),
  },
];

function judgeRules(expected: ExpectedTable, catalog: Catalog): readonly Problem[] {
  const constraints = need(catalog.constraints).filter(({ table }) => table === expected.name);
  const indexes = need(catalog.indexes).filter(({ table }) => table === expected.name);
  const answers = need(catalog.samples.get(expected.name) ?? { read: new Map() });
  return [
    ...judgePrimaryKey(expected, constraints),
    ...expected.unique.flatMap((columns) => judgeUnique(expected.name, columns, indexes)),
    ...judgeExtraUnique(expected, indexes),
    ...constraints.flatMap(judgeForce),
    ...expected.rules.flatMap((rule) => judgeRule(rule, answers)),
    ...expected.columns.flatMap(({ name, generated }) =>
      generated.flatMap(({ sample, value }) => judgeGenerated(name, sample, value, answers)),
    ),
  ];
}

function judgePrimaryKey(
  { name, primaryKey }: ExpectedTable,
  constraints: readonly Constraint[],
): readonly Problem[] {
  const found = constraints.find(({ kind }) => kind === "p")?.columns ?? [];
  if (same(found, primaryKey)) return [];
  const said = found.length === 0 ? "there is no primary key" : `the primary key is (${found.join(", ")})`;
  return [
    mendedBySql(
      `${said}, it must be (${primaryKey.join(", ")})`,
      `ALTER TABLE ${inPublic(name)} ADD PRIMARY KEY (${primaryKey.join(", ")});`,
    ),
  ];
}

function judgeUnique(
  table: string,
  columns: readonly string[],
  indexes: readonly Index[],
): readonly Problem[] {
  if (indexes.some((index) => sameSet(index.keys, columns) && enforces(index))) return [];
  return [
    mendedBySql(
      `(${columns.join(", ")}) is not unique`,
      `ALTER TABLE ${inPublic(table)} ADD UNIQUE (${columns.join(", ")});`,
    ),
  ];
}

/** A unique index that the contract does not know refuses rows that it allows. */
function judgeExtraUnique(
  { name, primaryKey, unique }: ExpectedTable,
  indexes: readonly Index[],
): readonly Problem[] {
  return indexes
    .filter((index) => index.unique && index.predicate === null)
    .filter(({ keys }) => ![primaryKey, ...unique].some((columns) => sameSet(columns, keys)))
    .map((index) =>
      mendedByHand(
        `${index.name} makes (${index.keys.join(", ")}) of ${name} unique, which the contract does not`,
        "drop the constraint or index of that name",
      ),
    );
}

/** A constraint that is not enforced is a comment; one that is not validated says nothing of the rows that are there. */
function judgeForce({ table, name, definition }: Constraint): readonly Problem[] {
  const weakness = / (NOT VALID|NOT ENFORCED)$/.exec(definition)?.[1];
  if (weakness === undefined) return [];
  return [
    mendedBySql(
      `constraint ${name} is ${weakness}`,
      `ALTER TABLE ${inPublic(table)} VALIDATE CONSTRAINT ${identifier(name)};`,
    ),
  ];
}

function judgeRule({ says, accepts, refuses, sql }: RowRule, answers: SampleAnswers): readonly Problem[] {
  const taken = refuses.filter((sample) => refusing(sample, answers).length === 0);
  const refused = accepts.flatMap((sample) =>
    refusing(sample, answers).map((constraint) => ({ sample, constraint })),
  );
  return [
    ...taken.slice(0, 1).map((sample) => mendedBySql(`${says}: a row with ${text(sample)} is taken`, sql)),
    ...refused
      .slice(0, 1)
      .map(({ sample, constraint }) =>
        mendedByHand(`${says}: ${constraint} refuses a row with ${text(sample)}`, `correct ${constraint}`),
      ),
  ];
}

/** The constraints that refuse a row: a check refuses where it is false, and lets null pass. */
function refusing(sample: Sample, answers: SampleAnswers): readonly string[] {
  return [...(answers.get(sampleKey(sample)) ?? [])]
    .filter(([id, answer]) => id.startsWith("constraint ") && answer === false)
    .map(([id]) => id);
}

function judgeGenerated(
  column: string,
  sample: Sample,
  value: boolean,
  answers: SampleAnswers,
): readonly Problem[] {
  const answer = answers.get(sampleKey(sample))?.get(`column ${column}`);
  if (answer === value) return [];
  // That it is no generated column is the table's check's to say.
  if (answer === undefined)
    throw new Unread(`column ${column} is not generated, so nothing says what it holds`);
  return [
    mendedByHand(
      `column ${column} is ${String(answer)} for a row with ${text(sample)}, must be ${String(value)}`,
      "drop it and add it as GENERATED ALWAYS AS ... STORED",
    ),
  ];
}

function judgeMemory(indexes: readonly Index[]): readonly Problem[] {
  const found = indexes.some(
    (index) => index.table !== "payment_outbox_pending" && sameSet(index.keys, memory) && enforces(index),
  );
  if (found) return [];
  return [
    mendedByHand(
      `only pending has (${memory.join(", ")}) unique: a key is forgotten with its row`,
      "make them the primary key of a table that outlives the pending row",
    ),
  ];
}

function judgeForeignKeys(constraints: readonly Constraint[]): readonly Problem[] {
  const bound = ["payment_outbox_attempts", "payment_outbox_pending"];
  return constraints
    .filter(({ kind }) => kind === "f")
    .filter(({ table, references }) => table === bound[0] || references === `public.${String(bound[1])}`)
    .map(({ table, name }) =>
      mendedBySql(
        `foreign key ${name} of ${table} stands in an administrator's way`,
        `ALTER TABLE ${inPublic(table)} DROP CONSTRAINT ${identifier(name)};`,
      ),
    );
}

const enforces = ({ unique, immediate, valid, ready, predicate }: Index): boolean =>
  unique && immediate && valid && ready && predicate === null;

const same = (a: readonly string[], b: readonly string[]): boolean => a.join("\n") === b.join("\n");
const sameSet = (a: readonly string[], b: readonly string[]): boolean => same([...a].sort(), [...b].sort());

const text = (sample: Sample): string =>
  Object.entries(sample)
    .map(([name, value]) => `${name}=${value ?? "NULL"}`)
    .join(" ");

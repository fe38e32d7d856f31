import { type ExpectedIndex, expectedIndexes } from "../../../model/foundation/indexes.ts";
import type { Sample } from "../../../model/foundation/sample.ts";
import { type Catalog, type Index, need, type Part, type SampleAnswers } from "../catalog.ts";
import { type Check, mendedBySql, type Problem } from "../check.ts";
import { inPublic } from "../names.ts";
import { sampleKey } from "../read-samples.ts";

/** Contract 1 (0007, 0008, 0011, 0013) and 2: the indexes, and that none is invalid. */
export const indexChecks: readonly Check[] = [
  ...expectedIndexes.map((expected): Check => ({
    id: `index.${expected.title}`,
    name: `an index ${expected.name ?? `for ${expected.title}`} on (${keyText(expected)}) is there, valid and ready`,
    contract: "2",
    weak: false,
    judge: (catalog) => judgeIndex(expected, catalog),
  })),
  {
    id: "index.all-valid",
    name: "no index in public is invalid or not ready",
    contract: "1",
    weak: false,
    judge: ({ indexes }) =>
      need(indexes)
        .filter(({ valid, ready }) => !valid || !ready)
        .map((index) =>
          mendedBySql(`index ${index.name} of ${index.table} is ${state(index)}`, rebuild(index)),
        ),
  },
];

function judgeIndex(expected: ExpectedIndex, catalog: Catalog): readonly Problem[] {
  const indexes = need(catalog.indexes);
  if (expected.name !== null) {
    const found = indexes.find(({ name }) => name === expected.name);
    if (found === undefined) return [mendedBySql(`there is no index ${expected.name}`, expected.sql)];
    return faults(expected, found, catalog).map((fault) => mend(expected, found, fault));
  }
  const candidates = indexes.filter(
    ({ table, keys }) => table === expected.table && expected.keys.some((keyList) => same(keyList, keys)),
  );
  const [first, ...others] = candidates.map((found) => ({ found, faults: faults(expected, found, catalog) }));
  if (first === undefined)
    return [mendedBySql(`no index of ${expected.table} is on (${keyText(expected)})`, expected.sql)];
  if ([first, ...others].some((each) => each.faults.length === 0)) return [];
  return first.faults.map((fault) => mend(expected, first.found, fault));
}

function faults(expected: ExpectedIndex, found: Index, catalog: Catalog): readonly string[] {
  const said: string[] = [];
  if (found.table !== expected.table) said.push(`is on ${found.table}, not on ${expected.table}`);
  if (found.method !== "btree") said.push(`is of method ${found.method}, not btree`);
  if (!expected.keys.some((keyList) => same(keyList, found.keys)))
    said.push(`is on (${found.keys.join(", ")}), not on (${keyText(expected)})`);
  if (found.unique !== expected.unique) said.push(expected.unique ? "is not unique" : "is unique");
  if (found.unique && !found.immediate) said.push("is deferrable");
  if (!found.valid || !found.ready) said.push(`is ${state(found)}`);
  if (found.table !== expected.table) return said;
  const answers = found.predicate === null ? noAnswers : catalog.samples.get(found.table);
  const wrong = judgeCondition(expected, found, need(answers ?? noAnswers));
  return wrong === null ? said : [...said, wrong];
}

const noAnswers: Part<SampleAnswers> = { read: new Map() };

/** By what it holds, not by its text: `is_active` and `status = 'ACTIVE'` are the same. */
function judgeCondition(
  { holds, omits }: ExpectedIndex,
  { name, predicate }: Index,
  answers: SampleAnswers,
): string | null {
  const has = (sample: Sample): boolean =>
    predicate === null || answers.get(sampleKey(sample))?.get(`index ${name}`) === true;
  const condition = predicate === null ? "has no condition" : `has the condition ${predicate}`;
  const left = holds.find((sample) => !has(sample));
  if (left !== undefined) return `${condition}, which leaves out ${JSON.stringify(left)}`;
  const kept = omits.find(has);
  return kept === undefined ? null : `${condition}, so it holds ${JSON.stringify(kept)}`;
}

const mend = ({ sql }: ExpectedIndex, { name }: Index, fault: string): Problem =>
  mendedBySql(`index ${name} ${fault}`, `DROP INDEX CONCURRENTLY ${inPublic(name)}; ${sql}`);

const state = ({ valid, ready }: Index): string => (valid ? (ready ? "valid" : "not ready") : "invalid");
const rebuild = ({ name }: Index): string => `REINDEX INDEX CONCURRENTLY ${inPublic(name)};`;

function keyText({ keys }: ExpectedIndex): string {
  return (keys[0] ?? []).join(", ");
}
const same = (a: readonly string[], b: readonly string[]): boolean => a.join("\n") === b.join("\n");

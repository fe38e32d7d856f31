import { appendOnlyTables } from "../../../model/foundation/tables.ts";
import { need, type Table, type Trigger } from "../catalog.ts";
import { type Check, mendedByHand, mendedBySql, type Problem } from "../check.ts";
import { identifier, inPublic } from "../names.ts";

type Ledger = (typeof appendOnlyTables)[number];

/** pg_trigger.tgtype: bits of what a trigger is for. */
const events = { DELETE: 8, UPDATE: 16, TRUNCATE: 32 } as const;
const [row, before, insert] = [1, 2, 4];

/** Contract 2, Append-only. That the trigger's function refuses is seen in its text here; the foundation tests do it. */
export const appendOnlyChecks: readonly Check[] = appendOnlyTables.map((ledger): Check => ({
  id: `append-only.${ledger.table}`,
  name: `${ledger.table} refuses UPDATE, DELETE and TRUNCATE to everybody`,
  contract: "2",
  weak: false,
  judge: ({ triggers, tables }) => [
    ...judgeTrigger(
      ledger,
      need(triggers).filter(({ table }) => table === ledger.table),
    ),
    ...need(tables)
      .filter(({ name }) => name === ledger.table)
      .flatMap(judgeDetours),
  ],
}));

function judgeTrigger(ledger: Ledger, triggers: readonly Trigger[]): readonly Problem[] {
  const named = triggers.filter(({ name }) => ledger.trigger === null || name === ledger.trigger);
  // Of several the one that has least wrong with it is the guard.
  const judged = named.map((trigger) => ({ trigger, faults: faults(trigger) }));
  const [best] = judged.sort((a, b) => a.faults.length - b.faults.length);
  if (best === undefined)
    return [mendedBySql(`there is no trigger ${nameOf(ledger)}`, makeTrigger(ledger.table, nameOf(ledger)))];
  return best.faults.map(({ what, kind }) =>
    mendedBySql(`trigger ${best.trigger.name} ${what}`, mend(kind, ledger.table, best.trigger.name)),
  );
}

interface Fault {
  readonly what: string;
  readonly kind: "shape" | "state";
}

function faults({ type, enabled, conditional, body }: Trigger): readonly Fault[] {
  const found: Fault[] = [];
  for (const [event, bit] of Object.entries(events)) {
    if ((type & bit) === 0) found.push({ what: `does not fire on ${event}`, kind: "shape" });
  }
  if ((type & insert) !== 0) found.push({ what: "fires on INSERT", kind: "shape" });
  if ((type & before) === 0) found.push({ what: "does not fire BEFORE", kind: "shape" });
  if ((type & row) !== 0) found.push({ what: "is FOR EACH ROW: a change of no rows passes", kind: "shape" });
  if (conditional) found.push({ what: "has a condition or a list of columns", kind: "shape" });
  if (!/\braise\s+exception\b/i.test(body))
    found.push({ what: "calls a function that raises no exception", kind: "shape" });
  if (enabled !== "A")
    found.push({ what: `is ${states[enabled] ?? enabled}, not ENABLE ALWAYS`, kind: "state" });
  return found;
}

const states: Readonly<Record<string, string>> = {
  O: "enabled except for replication (session_replication_role passes it)",
  D: "disabled",
  R: "enabled for replication only",
};

function mend(kind: Fault["kind"], table: string, trigger: string): string {
  const always = `ALTER TABLE ${inPublic(table)} ENABLE ALWAYS TRIGGER ${identifier(trigger)};`;
  if (kind === "state") return always;
  return `DROP TRIGGER ${identifier(trigger)} ON ${inPublic(table)}; ${makeTrigger(table, trigger)}`;
}

function makeTrigger(table: string, trigger: string): string {
  return (
    `CREATE TRIGGER ${identifier(trigger)} BEFORE UPDATE OR DELETE OR TRUNCATE ON ${inPublic(table)} ` +
    `FOR EACH STATEMENT EXECUTE FUNCTION public.deny_append_only_mutation(); ` +
    `ALTER TABLE ${inPublic(table)} ENABLE ALWAYS TRIGGER ${identifier(trigger)};`
  );
}

const nameOf = ({ table, trigger }: Ledger): string => trigger ?? `trg_deny_${table}_mutation`;

/** Ways to change rows on which a statement trigger does not fire. */
function judgeDetours({ name, rules, parents }: Table): readonly Problem[] {
  return [
    ...rules.map((rule) =>
      mendedBySql(
        `rule ${rule} of ${name} rewrites statements before any trigger`,
        `DROP RULE ${identifier(rule)} ON ${inPublic(name)};`,
      ),
    ),
    ...parents.map((parent) =>
      mendedByHand(
        `${name} is a child of ${parent}: a DELETE on that does not fire the trigger`,
        `ALTER TABLE ${inPublic(name)} NO INHERIT ${parent};`,
      ),
    ),
  ];
}

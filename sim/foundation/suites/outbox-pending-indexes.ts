import { expectedIndexes } from "../../../model/foundation/indexes.ts";
import { hotTable } from "../../../model/foundation/tables.ts";
import type { Connection } from "../../database/connection.ts";
import { claim } from "./payments.ts";
import { promise, promiseSame, rows } from "./promises.ts";
import type { FoundationTest, Suite, TestDatabase } from "./suite.ts";

const dueClaim = "idx_payment_outbox_pending_due_claim";
const rowCount = 100_000;

/** Half of the rows are due. Every tenth has a lease. */
const fill = `
  INSERT INTO public.${hotTable.name} (outbox_id, instruction_id, participant_id, sequence_id, idempotency_key, rail_type,
    payload, next_attempt_at, claimed_by, lease_token, lease_expires_at)
  SELECT gen_random_uuid(), 'i' || n, 'p' || n % 100, n, 'k', 'rail', '{}', now() + make_interval(secs => n - ${rowCount / 2}),
    CASE WHEN n % 10 = 0 THEN 'w' END, CASE WHEN n % 10 = 0 THEN gen_random_uuid() END, CASE WHEN n % 10 = 0 THEN now() END
  FROM generate_series(1, ${rowCount}) AS n;
  ANALYZE public.${hotTable.name};`;

/** A plan's node, as EXPLAIN (FORMAT JSON) writes it. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** The plans of every statement that the last of the calls runs, those inside functions included: the server itself writes them down,
 *  by its module auto_explain. */
async function plansOf(
  connection: Connection,
  calls: number,
  call: () => Promise<unknown>,
): Promise<readonly PlanNode[]> {
  const plans: PlanNode[] = [];
  connection.onNotice(({ message }) => {
    const json = /^duration: .* plan:\n([\s\S]*)$/.exec(message)?.[1];
    if (json !== undefined) plans.push((JSON.parse(json) as { readonly Plan: PlanNode }).Plan);
  });
  await connection.run(
    "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_nested_statements = on; " +
      "SET auto_explain.log_format = json; SET auto_explain.log_level = notice; SET client_min_messages = notice; " +
      "SET ROLE symphony_executor",
  );
  for (let done = 0; done < calls; done += 1) {
    plans.length = 0;
    await call();
  }
  return plans;
}

/** Of the last of so many calls in one session: after five the server may settle on a plan for any arguments. */
async function judgeClaimPlan(database: TestDatabase, calls: number): Promise<string> {
  const connection = await database.connect();
  await connection.run(fill);
  let taken = 0;
  const plans = await plansOf(connection, calls, async () => {
    taken = (await claim(connection, "worker", 30)).length;
  });
  promiseSame(taken, 10, "rows claimed");
  const nodes = plans.flatMap(nodesOf);
  promise(nodes.length > 0, "the server wrote no plan down");
  const scans = nodes.filter(
    (node) => node["Relation Name"] === hotTable.name || node["Index Name"] !== undefined,
  );
  const text = scans
    .map((node) => [node["Node Type"], node["Index Name"]].filter(Boolean).join(" "))
    .join(", ");
  promise(
    scans.some((node) => node["Index Name"] === dueClaim),
    `claim's plan does not use ${dueClaim}: ${text}`,
  );
  promise(
    !scans.some((node) => node["Node Type"] === "Seq Scan"),
    `claim's plan reads the whole table: ${text}`,
  );
  return `${rowCount} rows, 10 claimed by ${text}`;
}

async function indexRow(database: TestDatabase): Promise<Readonly<Record<string, unknown>>> {
  const [row] = await rows(
    await database.connect(),
    `SELECT i.indisvalid AS valid, i.indisready AS ready, i.indrelid::regclass::text AS table,
            array(SELECT pg_catalog.pg_get_indexdef(i.indexrelid, k, false)
                    FROM generate_series(1, i.indnatts) AS k ORDER BY k) AS columns
       FROM pg_catalog.pg_index AS i WHERE i.indexrelid = to_regclass($1)`,
    [`public.${dueClaim}`],
  );
  promise(row !== undefined, `there is no index ${dueClaim}`);
  return row;
}

const tests: readonly FoundationTest[] = [
  {
    id: "outbox-pending-indexes.name-and-columns",
    name: `${dueClaim} is on exactly (next_attempt_at, lease_expires_at, created_at)`,
    run: (bench) =>
      bench.onCopy(async (database) => {
        const { table, columns } = await indexRow(database);
        const [expected] = expectedIndexes.find(({ name }) => name === dueClaim)?.keys ?? [];
        promiseSame(table, hotTable.name, "its table");
        promiseSame(columns, expected, "its columns");
        return (expected ?? []).join(", ");
      }),
  },
  {
    id: "outbox-pending-indexes.valid",
    name: `${dueClaim} is valid and ready`,
    run: (bench) =>
      bench.onCopy(async (database) => {
        const { valid, ready } = await indexRow(database);
        promiseSame([valid, ready], [true, true], "valid and ready");
        return "valid, ready";
      }),
  },
  ...[1, 10].map((calls): FoundationTest => ({
    id: `outbox-pending-indexes.plan-of-call-${calls}`,
    name: `claim's plan on ${rowCount} rows uses it, call ${calls} of a session`,
    run: (bench) => bench.onCopy((database) => judgeClaimPlan(database, calls)),
  })),
];

/** Contract 6: test_outbox_pending_indexes.sh. */
export const outboxPendingIndexes: Suite = { name: "outbox-pending-indexes", tests };

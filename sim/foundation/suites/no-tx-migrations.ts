import type { Connection } from "../../database/connection.ts";
import { type Migration, parseMigration } from "../../database/migrations.ts";
import { migrate, MigrationFailed } from "../../database/migrator.ts";
import { quoteIdentifier } from "../../database/quote.ts";
import { describeLedger, describeSchema } from "../../database/schema-description.ts";
import { promise, promiseSame, rows, value } from "./promises.ts";
import type { Bench, FoundationTest, Suite, TestDatabase } from "./suite.ts";

const dueClaim = "idx_payment_outbox_pending_due_claim";
const file = (text: string): Migration => parseMigration("0001_try.sql", 1, Buffer.from(text));
const build = "CREATE TABLE public.t (x int);\nCREATE INDEX CONCURRENTLY t_x ON public.t (x);\n";

async function run(
  bench: Bench,
  connection: Connection,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  return (await migrate(connection, migrations, { wait: bench.wait })).applied;
}

/** The SQLSTATE with which a run fails. */
async function failure(
  bench: Bench,
  connection: Connection,
  migrations: readonly Migration[],
): Promise<string> {
  try {
    await run(bench, connection, migrations);
    return "ok";
  } catch (error) {
    if (error instanceof MigrationFailed) return error.cause.sqlstate;
    throw error;
  }
}

interface IndexState {
  readonly name: string;
  readonly valid: boolean;
  readonly ready: boolean;
}

async function hotIndexes(connection: Connection): Promise<readonly IndexState[]> {
  const found = await rows(
    connection,
    `SELECT i.indexrelid::regclass::text AS name, i.indisvalid AS valid, i.indisready AS ready
       FROM pg_catalog.pg_index AS i WHERE i.indrelid = 'public.payment_outbox_pending'::regclass ORDER BY 1`,
  );
  return found as unknown as readonly IndexState[];
}

/** Builds an index CONCURRENTLY while another transaction has written to the table. The build waits for its end, which is
 *  given no time: it fails, and leaves its index behind, invalid. */
async function failBuild(
  bench: Bench,
  database: TestDatabase,
  migrations: readonly Migration[],
): Promise<{ readonly sqlstate: string; readonly left: readonly IndexState[] }> {
  const [owner, writer] = [await database.connect(), await database.connect()];
  // The runner resets its session's settings after each file; the database's are what it resets them to.
  await owner.run(`ALTER DATABASE ${quoteIdentifier(database.name)} SET lock_timeout = '50ms'`);
  const runner = await database.connect();
  await owner.run(`ALTER DATABASE ${quoteIdentifier(database.name)} RESET lock_timeout`);
  await writer.run("BEGIN; LOCK TABLE public.payment_outbox_pending IN ROW EXCLUSIVE MODE");
  const sqlstate = await failure(bench, runner, migrations);
  await writer.run("ROLLBACK");
  return { sqlstate, left: (await hotIndexes(owner)).filter(({ valid }) => !valid) };
}

/** Up to, without, the file that builds the indexes CONCURRENTLY. */
function before(bench: Bench): { readonly earlier: readonly Migration[]; readonly builder: Migration } {
  const builder = bench.migrations.find(({ transactional }) => !transactional);
  promise(builder !== undefined, "no migration carries the line -- symphony:no_tx");
  return { builder, earlier: bench.migrations.filter(({ number }) => number < builder.number) };
}

/** Fails the build of 0013, runs it again, and compares with a clean run. */
async function failAndRerun(bench: Bench, prepare: string): Promise<string> {
  const { earlier } = before(bench);
  const clean = await bench.onEmpty(async (database) => {
    const connection = await database.connect();
    await run(bench, connection, bench.migrations);
    return [await describeSchema(connection), await describeLedger(connection)];
  });
  return bench.onEmpty(async (database) => {
    const connection = await database.connect();
    await run(bench, connection, earlier);
    await connection.run(prepare);
    const { sqlstate, left } = await failBuild(bench, database, bench.migrations);
    promiseSame(sqlstate, "55P03", "the build beside a writer");
    promiseSame(left.length, 1, "invalid indexes that it left behind");
    await run(bench, connection, bench.migrations);
    const invalid = (await hotIndexes(connection)).filter(({ valid, ready }) => !valid || !ready);
    promiseSame(invalid, [], "invalid indexes after the second run");
    const now = [await describeSchema(connection), await describeLedger(connection)];
    promiseSame(now, clean, "schema and ledger after the second run");
    return `${String(left[0]?.name)} was left invalid and is rebuilt; schema and ledger as after one clean run`;
  });
}

const tests: readonly FoundationTest[] = [
  {
    id: "no-tx.marker",
    name: "a file with the line -- symphony:no_tx runs outside a transaction",
    run: (bench) =>
      bench.onEmpty(async (database) => {
        const connection = await database.connect();
        promiseSame(
          await failure(bench, connection, [file(`  -- symphony:no_tx\n${build}`)]),
          "ok",
          "with the line",
        );
        promiseSame(
          await value(
            connection,
            "SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.t_x'::regclass",
          ),
          true,
          "index valid",
        );
        return "CREATE INDEX CONCURRENTLY was accepted";
      }),
  },
  {
    id: "no-tx.marker-alone",
    name: "nothing but that line switches the transaction off",
    run: async (bench) => {
      const others = [
        build,
        `-- symphony:no_tx please\n${build}`,
        `SELECT 1; -- symphony:no_tx\n${build}`,
        `SELECT '\n-- symphony:no_tx\n';\n${build}`,
      ];
      for (const text of others) await refusedWhole(bench, text);
      return `${others.length} files got 25001 and left nothing behind`;
    },
  },
  {
    id: "no-tx.built-valid",
    name: "the hot table's indexes, built CONCURRENTLY, are valid and ready",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const { builder } = before(bench);
        const built = builder.statements.filter(({ sql }) => /^create index concurrently/i.test(sql));
        promise(
          built.length >= 2,
          `${builder.version} builds ${built.length} indexes CONCURRENTLY, not both`,
        );
        const found = await hotIndexes(await database.connect());
        promiseSame(
          found.filter(({ valid, ready }) => !valid || !ready),
          [],
          "invalid indexes",
        );
        const names = found.map(({ name }) => name.replace(/^public\./, ""));
        for (const { sql } of built) {
          const name = /(\w+)\s+on\s/i.exec(sql)?.[1] ?? "";
          promise(names.includes(name), `there is no index ${name}`);
        }
        return `${builder.version}: ${built.length} indexes, all of pending valid and ready`;
      }),
  },
  {
    id: "no-tx.failed-build-of-repair-index",
    name: "a failed build of repair's index is repaired by the next run",
    run: (bench) => failAndRerun(bench, "SELECT 1"),
  },
  {
    id: "no-tx.failed-build-of-claim-index",
    name: "a failed build of the due-claim index is repaired by the next run",
    run: (bench) => failAndRerun(bench, `DROP INDEX public.${dueClaim}`),
  },
  {
    id: "no-tx.second-run",
    name: "a second run applies nothing",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const connection = await database.connect();
        const schema = await describeSchema(connection);
        promiseSame(await run(bench, connection, bench.migrations), [], "applied by the second run");
        promiseSame(await describeSchema(connection), schema, "schema");
        return "nothing applied, the schema is the same";
      }),
  },
];

async function refusedWhole(bench: Bench, text: string): Promise<void> {
  await bench.onEmpty(async (database) => {
    const connection = await database.connect();
    promiseSame(
      await failure(bench, connection, [file(text)]),
      "25001",
      `in a transaction, ${JSON.stringify(text)}`,
    );
    promiseSame(
      await value(connection, "SELECT to_regclass('public.t')"),
      null,
      "a table that was left behind",
    );
    promiseSame(await describeLedger(connection), [], "ledger");
  });
}

/** Contract 6: test_no_tx_migrations.sh. */
export const noTxMigrations: Suite = { name: "no-tx-migrations", tests };

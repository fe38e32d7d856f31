import { appendOnlyTables } from "../../../model/foundation/tables.ts";
import { wakeUpChannel } from "../../../model/foundation/functions.ts";
import { quoteIdentifier, quoteLiteral } from "../../database/quote.ts";
import { verifyFoundation } from "../verify.ts";
import { connectAs, enqueue } from "./payments.ts";
import { promise, promiseRefused, promiseSame, rows, value } from "./promises.ts";
import type { FoundationTest, Suite } from "./suite.ts";

const nullOrCheck = ["23502", "23514"];
const policy = "INSERT INTO public.policy_versions (version, status, grace_expires_at, checksum)";
const attempt = `INSERT INTO public.payment_outbox_attempts (attempt_id, outbox_id, instruction_id, participant_id,
    sequence_id, idempotency_key, rail_type, payload, attempt_no, state)
  VALUES (gen_random_uuid(), '00000000-0000-4000-8000-000000000001', 'i', 'p', 1, 'k', 'r', '{}', $1, $2)`;

const tests: readonly FoundationTest[] = [
  {
    id: "db-functions.uuid-wrapper",
    name: "uuid_v7_or_random() makes UUIDs of the server's best version, each another",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const connection = await database.connect();
        const found = await rows(
          connection,
          "SELECT public.uuid_v7_or_random()::text AS id FROM generate_series(1, 1000)",
        );
        const ids = found.map(({ id }) => String(id));
        promiseSame(new Set(ids).size, 1000, "different UUIDs among 1000");
        const version = bench.server.versionNumber >= 180000 ? "7" : "4";
        const form = new RegExp(
          `^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`,
        );
        promiseSame(
          ids.filter((id) => !form.test(id)),
          [],
          `UUIDs that are no version ${version}`,
        );
        return `1000 different UUIDs of version ${version}`;
      }),
  },
  {
    id: "db-functions.uuid-strategy",
    name: "uuid_strategy() is true to the server",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const found = await value(await database.connect(), "SELECT public.uuid_strategy()");
        promiseSame(
          found,
          bench.server.versionNumber >= 180000 ? "uuidv7" : "gen_random_uuid",
          "uuid_strategy()",
        );
        return `${String(found)} on PostgreSQL ${bench.server.version}`;
      }),
  },
  {
    id: "db-functions.allocator",
    name: "the allocator counts each participant from 1, without a gap after a rollback",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const connection = await database.connect();
        const next = (participant: string): Promise<unknown> =>
          value(connection, "SELECT public.bump_participant_outbox_seq($1)", [participant]);
        promiseSame([await next("a"), await next("a"), await next("b")], [1, 2, 1], "numbers");
        await connection.run("BEGIN");
        promiseSame(await next("a"), 3, "number in a transaction");
        await connection.run("ROLLBACK");
        promiseSame([await next("a"), await next("b")], [3, 2], "numbers after its rollback");
        return "a: 1 2 3, b: 1 2, and a rollback gives its number back";
      }),
  },
  {
    id: "db-functions.ceiling",
    name: "the retry ceiling is finite, the database's alone, and a bad setting is refused",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const connection = await database.connect();
        const ceiling = (): Promise<unknown> => value(connection, "SELECT public.outbox_retry_ceiling()");
        const set = (text: string): Promise<unknown> =>
          connection.run(
            `ALTER DATABASE ${quoteIdentifier(database.name)} SET symphony.outbox_retry_ceiling = ${quoteLiteral(text)}`,
          );
        promiseSame(await ceiling(), 20, "default");
        await connection.run("SET symphony.outbox_retry_ceiling = 999");
        promiseSame(await ceiling(), 20, "ceiling with a session's own SET");
        for (const good of ["1", "7", "1000", "0020"]) {
          await set(good);
          promiseSame(await ceiling(), Number(good), `ceiling of '${good}'`);
        }
        const bad = ["0", "1001", "-1", "", "ten", "1.5", "1e3", " 7", "00007", "99999999999"];
        for (const text of bad) {
          await set(text);
          await promiseRefused(ceiling(), ["22023"], `ceiling of '${text}'`);
        }
        return `20 by default, 1 to 1000 by ALTER DATABASE, ${bad.length} bad settings got 22023`;
      }),
  },
  {
    id: "db-functions.append-only",
    name: "the ledgers refuse UPDATE, DELETE and TRUNCATE, to their owner too",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const connection = await database.connect();
        await connection.query(attempt, [1, "RETRYABLE"]);
        for (const mode of ["origin", "replica"]) {
          await connection.run(`SET session_replication_role = ${mode}`);
          for (const { table } of appendOnlyTables) {
            const column = String(
              await value(
                connection,
                "SELECT attname::text FROM pg_catalog.pg_attribute WHERE attrelid = $1::regclass AND attnum = 1",
                [`public.${table}`],
              ),
            );
            for (const statement of [
              `UPDATE public.${table} SET ${column} = ${column}`,
              `DELETE FROM public.${table}`,
              `DELETE FROM public.${table} WHERE false`,
              `TRUNCATE public.${table}`,
            ])
              await promiseRefused(connection.run(statement), ["P0001"], `${statement} (${mode})`);
          }
        }
        promiseSame(
          await value(connection, "SELECT count(*)::int FROM public.payment_outbox_attempts"),
          1,
          "rows left",
        );
        return `${appendOnlyTables.length} tables, also for no rows and with session_replication_role = replica: P0001`;
      }),
  },
  {
    id: "db-functions.policy",
    name: "a policy's is_active follows its status, and its checksum is not empty",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const connection = await database.connect();
        await connection.run(
          `${policy} VALUES ('a', 'ACTIVE', NULL, 'x'), ('g', 'GRACE', now(), 'x'), ('r', 'RETIRED', NULL, 'x')`,
        );
        promiseSame(
          await rows(connection, "SELECT version, is_active FROM public.policy_versions ORDER BY version"),
          [
            { version: "a", is_active: true },
            { version: "g", is_active: false },
            { version: "r", is_active: false },
          ],
          "is_active",
        );
        const refused = (values: string): Promise<string> =>
          promiseRefused(connection.run(`${policy} VALUES ${values}`), nullOrCheck, values);
        await refused("('e', 'RETIRED', NULL, '')");
        await refused("('n', 'RETIRED', NULL, NULL)");
        await refused("('h', 'GRACE', NULL, 'x')");
        await connection.run("UPDATE public.policy_versions SET status = 'RETIRED' WHERE version = 'a'");
        promiseSame(
          await value(connection, "SELECT is_active FROM public.policy_versions WHERE version = 'a'"),
          false,
          "is_active of a retired policy",
        );
        await refused("('i', 'ACTIVE', now(), 'x')");
        return "true for ACTIVE only; an empty or missing checksum, and a wrong end of grace, are refused";
      }),
  },
  {
    id: "db-functions.single-active",
    name: "at most one policy is ACTIVE, also when two sessions activate at once",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const [one, other] = [await database.connect(), await database.connect()];
        await one.run(`${policy} VALUES ('a', 'ACTIVE', NULL, 'x'), ('b', 'RETIRED', NULL, 'x')`);
        await promiseRefused(
          one.run(`${policy} VALUES ('c', 'ACTIVE', NULL, 'x')`),
          ["23505"],
          "a second ACTIVE",
        );
        const demote = "UPDATE public.policy_versions SET status = 'RETIRED' WHERE version = 'a'";
        await one.run(
          `BEGIN; ${demote}; UPDATE public.policy_versions SET status = 'ACTIVE' WHERE version = 'b'; COMMIT`,
        );
        await one.run(`BEGIN; UPDATE public.policy_versions SET status = 'RETIRED' WHERE version = 'b'`);
        await one.run(`${policy} VALUES ('d', 'ACTIVE', NULL, 'x')`);
        // It waits for the other's end, or comes after it: the answer is the same.
        const late = promiseRefused(
          other.run(`${policy} VALUES ('e', 'ACTIVE', NULL, 'x')`),
          ["23505"],
          "the later of two",
        );
        await Promise.all([one.run("COMMIT"), late]);
        promiseSame(
          await rows(one, "SELECT version FROM public.policy_versions WHERE status = 'ACTIVE'"),
          [{ version: "d" }],
          "ACTIVE",
        );
        return "23505 for a second one, alone and beside another session";
      }),
  },
  {
    id: "db-functions.terminal-uniqueness",
    name: "an outbox_id has one terminal attempt",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const connection = await database.connect();
        const record = (number: number, state: string): Promise<unknown> =>
          connection.query(attempt, [number, state]);
        await record(1, "RETRYABLE");
        await record(2, "ZOMBIE_REQUEUE");
        await record(3, "FAILED");
        await promiseRefused(record(4, "FAILED"), ["23505"], "FAILED after FAILED");
        await promiseRefused(record(4, "DISPATCHED"), ["23505"], "DISPATCHED after FAILED");
        await promiseRefused(record(2, "RETRYABLE"), ["23505"], "a number that is taken");
        return "a second terminal attempt got 23505, whatever wrote it";
      }),
  },
  {
    id: "db-functions.notify",
    name: "enqueue wakes the workers on commit; a repeat or a rollback does not",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const [ingest, listener] = [await connectAs(database, "symphony_ingest"), await database.connect()];
        const heard: string[] = [];
        listener.onNotification(({ channel, payload }) => heard.push(`${channel}:${payload}`));
        await listener.run(`LISTEN ${wakeUpChannel}`);
        // One round trip after a commit, and all that it sent has arrived.
        const hearing = async (): Promise<readonly string[]> => {
          await listener.run("SELECT 1");
          return heard.splice(0);
        };
        await ingest.run("BEGIN");
        await enqueue(ingest, "one");
        promiseSame(await hearing(), [], "before the commit");
        await ingest.run("COMMIT");
        promiseSame(await hearing(), [`${wakeUpChannel}:`], "after the commit");
        await enqueue(ingest, "one");
        promiseSame(await hearing(), [], "after a repeat");
        await ingest.run("BEGIN");
        await enqueue(ingest, "two");
        await ingest.run("ROLLBACK");
        promiseSame(await hearing(), [], "after a rollback");
        return `one empty ${wakeUpChannel} for the first enqueue, on its commit`;
      }),
  },
  {
    id: "db-functions.no-public-privilege",
    name: "PUBLIC has no privilege on any table or function",
    run: (bench) =>
      bench.onCopy(async (database) => {
        const checks = ["privilege.PUBLIC", "function.no-public-execute"];
        const results = await verifyFoundation(await database.connect(), bench.migrations);
        const found = results.filter(({ id }) => checks.includes(id));
        promiseSame(found.length, checks.length, "checks");
        const problems = found.flatMap(({ problems: all, reason }) => [
          ...all.map(({ what }) => what),
          ...(reason === null ? [] : [reason]),
        ]);
        promise(problems.length === 0, problems.join("; "));
        return "none, asked of the server object by object";
      }),
  },
];

/** Contract 6: test_db_functions.sh, ten tests. */
export const dbFunctions: Suite = { name: "db-functions", tests };

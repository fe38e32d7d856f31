import { SqlError, type Connection } from "../connection.ts";

const hotIndexes = ["idx_payment_outbox_pending_due_claim", "idx_payment_outbox_pending_expired_lease"];

/** The names of the invalid indexes, in order. */
export async function invalidIndexes(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query(
    "select indexrelid::regclass::text as name from pg_index where not indisvalid order by 1",
    [],
  );
  return rows.map((row) => String(row["name"]));
}

/** Leaves the hot table's indexes as failed builds do, each under its own name and under the one that the repair gives
 *  it: unique builds over two equal rows. */
export async function leaveInvalidIndexes(connection: Connection): Promise<void> {
  await insertTwins(connection);
  for (const name of hotIndexes) {
    await connection.run(`drop index if exists ${name}`);
    await failToBuild(connection, `${name}_invalid`);
    await failToBuild(connection, name);
  }
}

const insertTwins = (connection: Connection): Promise<unknown> =>
  connection.run(`
    insert into payment_outbox_pending (instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload)
    select 'twin', 'p', n, n::text, 'r', '{}' from generate_series(1, 2) n`);

async function failToBuild(connection: Connection, name: string): Promise<void> {
  const error = await connection
    .run(`create unique index concurrently ${name} on payment_outbox_pending (instruction_id)`)
    .catch((reason: unknown) => reason);
  if (!(error instanceof SqlError && error.sqlstate === "23505"))
    throw new Error(`${name} was built`, { cause: error });
}

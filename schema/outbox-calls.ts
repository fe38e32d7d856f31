import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { Connection } from "../sim/database/connection.ts";
import { rowsOf, sqlstateOf, startMigratedServer, valueOf, type MigratedServer } from "./migrated-server.ts";

export type Row = Record<string, unknown>;

/** A test's own copy of the migrated database. */
export interface OutboxDatabase {
  readonly name: string;
  readonly db: Connection;
  /** A further connection to it, closed after the test. */
  another(): Promise<Connection>;
  /** The rows of one statement. */
  rows(sql: string): Promise<readonly Row[]>;
  value(sql: string): Promise<unknown>;
  /** The SQLSTATE of a refusal, or "ok". */
  outcome(sql: string): Promise<string>;
  pending(): Promise<readonly Row[]>;
  attempts(): Promise<readonly Row[]>;
}

/** Gives each test of a file a database of its own. */
export function outboxDatabase(): OutboxDatabase {
  let server: MigratedServer;
  let name = "";
  let db: Connection;
  let others: Connection[] = [];
  beforeAll(async () => {
    server = await startMigratedServer();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    name = await server.copy();
    db = await server.connect(name);
    others = [];
  });
  afterEach(async () => {
    for (const connection of [db, ...others]) await connection.close();
  });
  return {
    get name() {
      return name;
    },
    get db() {
      return db;
    },
    another: async () => {
      const connection = await server.connect(name);
      others.push(connection);
      return connection;
    },
    rows: (sql) => rowsOf(db, sql),
    value: (sql) => valueOf(db, sql),
    outcome: (sql) => sqlstateOf(db, sql),
    pending: () => rowsOf(db, "select * from payment_outbox_pending order by participant_id, sequence_id"),
    attempts: () => rowsOf(db, "select * from payment_outbox_attempts order by outbox_id, attempt_no"),
  };
}

/** The classes of a bad argument (contract 3). */
export const badArgument = /^(22004|22023|23502|23514)$/;

export const enqueueSql = (instruction: string, key = "k", participant = "p"): string =>
  `select * from enqueue_payment_outbox('${instruction}', '${participant}', '${key}', 'rail', '{"a": 1}')`;

export const claimSql = (batchSize = 10, leaseSeconds = 60): string =>
  `select * from claim_outbox_batch(${String(batchSize)}, 'w', ${String(leaseSeconds)})`;

/** Completes a row that claimSql gave; `rest` continues the list of arguments. */
export const completeSql = (lease: Row | undefined, state = "DISPATCHED", rest = ""): string =>
  `select * from complete_outbox_attempt('${String(lease?.["outbox_id"])}', '${String(lease?.["lease_token"])}',
     'w', '${state}'${rest})`;

export const repairSql = (batchSize = 10): string =>
  `select * from repair_expired_leases(${String(batchSize)}, 'repairer')`;

/** Ends every lease at this transaction's now. */
export const expireAll =
  "update payment_outbox_pending set lease_expires_at = now() where claimed_by is not null";

export const dueAll = "update payment_outbox_pending set next_attempt_at = now()";

/** What each row's copy in a ledger must hold after enqueueSql("a"). */
export const copiedColumns = {
  instruction_id: "a",
  participant_id: "p",
  sequence_id: 1,
  idempotency_key: "k",
  rail_type: "rail",
  payload: '{"a": 1}',
};

/** Resolves once a connection waits for a lock; asked on one that is free. */
export async function blocked(waiting: Connection, free: Connection): Promise<void> {
  const ungranted = `select count(*) from pg_locks where not granted and pid = ${String(waiting.pid)}`;
  while ((await valueOf(free, ungranted)) === 0);
}

import type { Connection } from "../connection.ts";
import type { OwnDatabase } from "../own-database.ts";

/** A place where a run can be made to stand still: somebody else's open transaction holds what its next step needs. So
 *  a kill hits exactly there, without a clock. */
export interface Stand {
  readonly name: string;
  /** How many files are applied before. */
  readonly applied: number;
  /** What is done to the database before. */
  readonly prepare: string;
  /** Which statement of its file, from 0, stands still; null where the server is sent the file as a whole. */
  readonly statement: number | null;
  /** Begins the transaction that holds the run up. */
  readonly hold: string;
}

const inPending = (key: string): string =>
  `insert into payment_outbox_pending (instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload)
   values ('${key}', 'p', 1, 'k', 'r', '{}')`;

/** An open writer: CREATE INDEX CONCURRENTLY waits for it in its first phase, DROP INDEX CONCURRENTLY too. */
export const openWriter = `begin; ${inPending("held")}`;
/** An old snapshot: the build waits for it in its last phase, when the index is ready and not yet valid. */
export const oldSnapshot = "begin isolation level repeatable read; select 1";
const ledgerHeld = "begin; lock table schema_migrations in share mode";

export const stands: readonly Stand[] = [
  {
    name: "in the first file, at a table that another is creating",
    applied: 0,
    prepare: "",
    statement: null,
    hold: "begin; create table public.payment_outbox_attempts (x int)",
  },
  {
    name: "at the ledger's row of a transactional file",
    applied: 4,
    prepare: "",
    statement: null,
    hold: ledgerHeld,
  },
  {
    name: "in a file that waits for the hot table",
    applied: 8,
    prepare: "",
    statement: null,
    hold: "begin; lock table payment_outbox_pending in access exclusive mode",
  },
  {
    name: "at the ledger's row of the file without transaction",
    applied: 12,
    prepare: "",
    statement: null,
    hold: ledgerHeld,
  },
];

/** In a block that makes the roles: another is making the first of them. The cluster must not have them yet. */
export const insideRoles: Stand = {
  name: "in the block that makes the roles",
  applied: 2,
  prepare: "",
  statement: null,
  hold: "begin; create role symphony_ingest",
};

/** What a backend is at. */
export async function statementOf(onlooker: Connection, pid: number): Promise<string> {
  const { rows } = await onlooker.query("select query from pg_stat_activity where pid = $1", [pid]);
  return String(rows[0]?.["query"]);
}

/** Returns the backend of this database that waits for somebody, once there is one. Each look is a round trip. */
export async function waitingBackend(
  onlooker: Connection,
  database: OwnDatabase,
  stillRuns: () => boolean = () => true,
): Promise<number> {
  for (;;) {
    const { rows } = await onlooker.query(
      `select l.pid from pg_locks l join pg_stat_activity a on a.pid = l.pid
        where not l.granted and a.datname = $1`,
      [database.name],
    );
    if (rows[0] !== undefined) return Number(rows[0]["pid"]);
    if (!stillRuns()) throw new Error("the run ended and did not stand still");
  }
}

import type { Connection } from "./database/connection.ts";

/** A lock that a session holds or waits for, as the server sees it. */
export interface HeldLock {
  readonly pid: number;
  /** "transactionid", "tuple", "relation" ... (pg_locks.locktype). */
  readonly kind: string;
  /** The table or index; null where the lock is not one on it. */
  readonly relation: string | null;
  readonly mode: string;
  readonly granted: boolean;
}

/** Without what readers hold, and without indexes, which are locked with their tables. */
const locksSql = `
  SELECT pid, locktype, relation::regclass::text AS relation, mode, granted
  FROM pg_locks LEFT JOIN pg_class AS c ON c.oid = relation
  WHERE pid = ANY ($1::int[]) AND locktype <> 'virtualxid' AND mode NOT IN ('AccessShareLock', 'RowShareLock')
    AND (c.oid IS NULL OR c.relkind = 'r')
  ORDER BY pid, granted DESC, locktype, relation::regclass::text NULLS FIRST, mode`;

/** What the backends hold and wait for. Row locks are in the rows, not in this list: who waits for one waits for the holder's
 *  transaction. */
export async function locksOf(observer: Connection, pids: readonly number[]): Promise<readonly HeldLock[]> {
  const { rows } = await observer.query(locksSql, [pids]);
  return rows.map((row) => ({
    pid: Number(row["pid"]),
    kind: String(row["locktype"]),
    relation: typeof row["relation"] === "string" ? row["relation"] : null,
    mode: String(row["mode"]),
    granted: row["granted"] === true,
  }));
}

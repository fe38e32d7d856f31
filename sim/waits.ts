import type { Connection } from "./database/connection.ts";

/** A lock wait as the server sees it. `since` tells one wait of a backend from its next one. */
export interface Wait {
  readonly pid: number;
  readonly lock: string;
  readonly since: string | null;
  readonly blockedBy: readonly number[];
}

/** Only the lane's own backends count as blockers: a commit with NOTIFY takes a lock that other lanes hold for a moment. */
const waitsSql = `
  SELECT pid, locktype, waitstart::text AS since, pg_blocking_pids(pid) AS blockers
  FROM pg_locks
  WHERE NOT granted AND pid = ANY ($1::int[]) AND pg_isolation_test_session_is_blocked(pid, $2::int[])
  ORDER BY pid`;

/** Which of the backends wait for a lock that another backend of the lane holds. */
export async function currentWaits(
  observer: Connection,
  pids: readonly number[],
  lane: readonly number[],
): Promise<readonly Wait[]> {
  const { rows } = await observer.query(waitsSql, [pids, lane]);
  return rows.map((row) => ({
    pid: Number(row["pid"]),
    lock: String(row["locktype"]),
    since: typeof row["since"] === "string" ? row["since"] : null,
    blockedBy: (row["blockers"] as number[]).toSorted((a, b) => a - b),
  }));
}

import type { Connection } from "../../sim/database/connection.ts";
import { SqlError } from "../../sim/database/connection.ts";

/** A migrated database of the harness's own, to be attacked: rows, objects and a schema are added to it and stay. */
export interface PrivilegeTarget {
  /** server_version_num. */
  readonly versionNumber: number;
  /** A connection as the role that migrated it, a superuser. */
  connect(): Promise<Connection>;
  /** A connection as this LOGIN role without password. Left out where the server lets nobody in like that: then the
   *  superuser's connection takes the role on by SET SESSION AUTHORIZATION. */
  readonly connectAs?: (login: string) => Promise<Connection>;
}

/** The rows of one statement. */
export async function rowsOf(
  connection: Connection,
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  return (await connection.query(sql, [])).rows;
}

/** SQLSTATE of a refusal, or "done". Other errors than the server's are not the subject's. */
export async function outcomeOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action();
    return "done";
  } catch (error) {
    if (error instanceof SqlError) return error.sqlstate;
    throw error;
  }
}

/** insufficient_privilege */
export const denied = "42501";

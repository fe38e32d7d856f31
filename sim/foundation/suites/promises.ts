import { SqlError, type Connection } from "../../database/connection.ts";
import { NotAsPromised } from "./suite.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Throws NotAsPromised where it does not hold. */
export function promise(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new NotAsPromised(otherwise);
}

/** Throws NotAsPromised where two plain values differ. */
export function promiseSame(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  promise(a === b, `${what}: ${a}, promised was ${b}`);
}

/** Rejects with NotAsPromised where the statement ends in anything but this SQLSTATE. */
export async function promiseRefused(
  statement: Promise<unknown>,
  sqlstates: readonly string[],
  what: string,
): Promise<string> {
  const found = await statement.then(
    () => "ok",
    (error: unknown) => {
      if (error instanceof SqlError) return error.sqlstate;
      throw error;
    },
  );
  promise(sqlstates.includes(found), `${what}: ${found}, promised was ${sqlstates.join(" or ")}`);
  return found;
}

export async function rows(
  connection: Connection,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return (await connection.query(sql, parameters)).rows;
}

/** The first column of the first row. */
export async function value(
  connection: Connection,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<unknown> {
  const [row] = await rows(connection, sql, parameters);
  promise(row !== undefined, `no row: ${sql}`);
  return Object.values(row)[0];
}

import { SqlError, type Connection } from "../database/connection.ts";
import type { Part } from "./catalog.ts";

/** What the server refuses is a part that was not read; the others can still be. */
export async function part<T>(connection: Connection, read: () => Promise<T>): Promise<Part<T>> {
  await connection.run("savepoint part");
  try {
    return { read: await read() };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    await connection.run("rollback to savepoint part");
    return { unread: `the server refused to answer: ${error.message} (SQLSTATE ${error.sqlstate})` };
  }
}

/** The queries name their columns as T's properties: that is what makes this cast true. */
export async function rows<T>(connection: Connection, text: string): Promise<readonly T[]> {
  return (await connection.query(text, [])).rows as unknown as readonly T[];
}

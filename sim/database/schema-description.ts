import { createHash } from "node:crypto";
import type { Connection } from "./connection.ts";
import { descriptionQueries } from "./schema-description-sql.ts";

/** Everything in schema public, and what outside it decides who may do what there, as text lines in byte order: two
 *  schemas are the same exactly where these are. No OIDs, no times and no rows; the ledger's are describeLedger's.
 *
 *  The owner of an object is called `owner` where it is the one who made the ledger (or, without one, the connection's
 *  role), so that the same migrations give the same lines whoever ran them. Reads in one transaction of its own. */
export async function describeSchema(connection: Connection): Promise<readonly string[]> {
  // The deparser names what is not on the search path with its schema: with pg_catalog alone, everything of public.
  await connection.run(
    "begin isolation level repeatable read read only; set local search_path = pg_catalog, pg_temp",
  );
  try {
    const lines: string[] = [];
    for (const sql of descriptionQueries) {
      const { rows } = await connection.query(sql, []);
      for (const row of rows) lines.push(String(row["line"]));
    }
    return lines.sort(byBytes);
  } finally {
    await connection.run("rollback");
  }
}

/** The ledger's rows without applied_at, in byte order. Empty where there is no ledger. */
export async function describeLedger(connection: Connection): Promise<readonly string[]> {
  const { rows: found } = await connection.query(
    "select pg_catalog.to_regclass('public.schema_migrations') is not null as present",
    [],
  );
  if (found[0]?.["present"] !== true) return [];
  const { rows } = await connection.query("select version, checksum from public.schema_migrations", []);
  return rows.map((row) => `ledger ${String(row["version"])} ${String(row["checksum"])}`).sort(byBytes);
}

/** SHA-256 of a description, lower-case hex: one short name for a whole schema. */
export function schemaFingerprint(lines: readonly string[]): string {
  return createHash("sha256")
    .update(lines.map((line) => `${line}\n`).join(""))
    .digest("hex");
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

import type { Connection } from "./connection.ts";
import { resetSql } from "./reset-sql.ts";

/** Resets between two vacuums: a reset leaves dead rows behind, which later ones would have to step over. */
const vacuumEvery = 100;

/** Prepares a database for reset(): to be done once, after the migrations, in the template. Makes schema sim where it is
 *  missing. */
export async function installReset(connection: Connection): Promise<void> {
  await connection.run(`begin; ${resetSql} commit;`);
}

/** Empties the tables of schema public, schema_migrations apart, and takes its sequences back to their start: about
 *  0.4 ms. Tables that came after installReset() too. No other session may have a transaction open: then it rejects with
 *  SqlError 55P03 after 10 s. */
export async function reset(connection: Connection): Promise<void> {
  const { rows } = await connection.query("select sim.reset() as number", []);
  if (Number(rows[0]?.["number"]) % vacuumEvery === 0) await vacuum(connection);
}

async function vacuum(connection: Connection): Promise<void> {
  const { rows } = await connection.query("select name::text from sim.tables", []);
  // The catalogs too: statistics and triggers are rows there.
  const tables = [...rows.map((row) => String(row["name"])), "pg_catalog.pg_class", "pg_catalog.pg_trigger"];
  await connection.run(`vacuum ${tables.join(", ")}`);
  await connection.run("select sim.restore_statistics()");
}

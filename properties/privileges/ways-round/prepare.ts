import type { Grantee } from "../../../model/privilege-table.ts";
import type { Connection, Result } from "../../../sim/database/connection.ts";
import type { Scene } from "../scene.ts";
import { outcomeOf } from "../target.ts";
import type { Disguise } from "./disguise.ts";
import { argumentFormSql, preparationSql, spySql, type Surroundings } from "./preparation-sql.ts";

export const surroundingsOf = ({ subjects, database }: Scene, who: Grantee): Surroundings => ({
  subjects,
  database,
  role: who === "PUBLIC" ? null : who,
});

/** Prepares in the open transaction. What the server refuses has no effect: that is an answer too. */
export async function prepare(
  connection: Connection,
  surroundings: Surroundings,
  { preparations, argument }: Pick<Disguise, "preparations" | "argument">,
): Promise<void> {
  const statements = preparations.map((each) => preparationSql(each, surroundings));
  const all = [spySql, argumentFormSql[argument], ...statements];
  // Mostly all are granted, and one message is quicker than many.
  if ((await inSavepoint(connection, all.join("; "))).outcome === "done") return;
  for (const sql of all) await inSavepoint(connection, sql);
}

/** Runs statements so that a refusal does not end the transaction. */
export async function inSavepoint(
  connection: Connection,
  sql: string,
): Promise<{ readonly outcome: string; readonly results: readonly Result[] }> {
  let results: readonly Result[] = [];
  const outcome = await outcomeOf(async () => {
    results = await connection.run(`SAVEPOINT step; ${sql}; RELEASE SAVEPOINT step`);
  });
  if (outcome !== "done") await connection.run("ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step");
  return { outcome, results };
}

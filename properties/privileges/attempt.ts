import type { Connection } from "../../sim/database/connection.ts";
import type { Operation } from "./operations/operation.ts";
import type { Tally } from "./scene.ts";
import { denied, outcomeOf } from "./target.ts";

/** Tries an operation after statements, or after whatever `prepare` does in the open transaction: SQLSTATE or "done". */
export type Attempt = (operation: Operation, start: string, prepare?: () => Promise<void>) => Promise<string>;

/** Tries operations on a connection, each in a transaction that is rolled back. A warning counts as a refusal: ANALYZE,
 *  VACUUM and GRANT pass over in silence what they may not touch. */
export function attempts(connection: Connection, tally: Tally): Attempt {
  const warnings: string[] = [];
  connection.onNotice(({ severity, message }) => {
    if (severity === "WARNING") warnings.push(message);
  });
  return async (operation, start, prepare) => {
    let begin = `BEGIN; ${start}`;
    if (prepare !== undefined) {
      await connection.run(begin);
      await prepare();
      begin = "";
    }
    warnings.length = 0;
    tally.attempts += 1;
    const outcome = operation.outsideTransaction
      ? await outside(connection, operation, start)
      : await outcomeOf(() => connection.run(`${begin} ${operation.sql}`));
    const refused = warnings.length > 0;
    if (!operation.outsideTransaction) await connection.run("ROLLBACK");
    return refused ? denied : outcome;
  };
}

/** There SET LOCAL has no effect, so the session is changed for a while. */
async function outside(connection: Connection, operation: Operation, start: string): Promise<string> {
  await connection.run(start.replace("SET LOCAL ", "SET "));
  const outcome = await outcomeOf(() => connection.run(operation.sql));
  await connection.run("RESET ROLE");
  return outcome;
}

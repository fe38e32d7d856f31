import { type Grantee, sameObject, tables } from "../../../model/privilege-table.ts";
import type { Connection } from "../../../sim/database/connection.ts";
import { quoteIdentifier } from "../../../sim/database/quote.ts";
import { loginOf } from "../members.ts";
import type { Subject } from "../subject.ts";
import type { Scene, Tally } from "../scene.ts";
import { rowsOf } from "../target.ts";
import { disguisedSql, showsAnswer } from "./call-sql.ts";
import type { Disguise } from "./disguise.ts";
import { normaliser } from "./normalise.ts";
import { spiedUser } from "./preparation-sql.ts";
import { inSavepoint, prepare, surroundingsOf } from "./prepare.ts";
import { fixtureSql, script } from "./script.ts";

/** What a script's calls did. */
export interface Played {
  readonly calls: readonly {
    readonly name: string;
    /** SQLSTATE, or "done". */
    readonly outcome: string;
    /** Null where the disguise hides it. */
    readonly answer: readonly string[] | null;
  }[];
  /** Every row of every table afterwards. */
  readonly rows: readonly string[];
  /** Other users than the member and its role on whose behalf the caller's code ran. */
  readonly ranAs: readonly string[];
}

/** Plays the script as a member, disguised, in a transaction that is rolled back. On a fresh connection, since a function
 *  looks up its types when a session calls it first. */
export async function play(scene: Scene, who: Grantee, disguise: Disguise): Promise<Played> {
  const connection = await scene.target.connect();
  try {
    return await playOn(connection, scene, who, disguise);
  } finally {
    await connection.close();
  }
}

async function playOn(
  connection: Connection,
  scene: Scene,
  who: Grantee,
  disguise: Disguise,
): Promise<Played> {
  const login = loginOf(scene.members, who);
  const ranAs = new Set<string>();
  connection.onNotice(({ message }) => {
    const user = spiedUser(message);
    if (user !== null && user !== login && user !== who) ranAs.add(user);
  });
  await connection.run(`BEGIN; ${fixtureSql(scene.database)}`);
  const [start] = await rowsOf(connection, "SELECT extract(epoch FROM now())::text AS seconds");
  const startMs = Math.floor(Number(start?.["seconds"]) * 1000);

  await connection.run(`SET LOCAL SESSION AUTHORIZATION ${quoteIdentifier(login)}`);
  await prepare(connection, surroundingsOf(scene, who), disguise);
  const calls = await makeCalls(connection, disguise, normaliser(startMs), scene.tally);
  await connection.run("RESET SESSION AUTHORIZATION; SET LOCAL client_encoding = 'UTF8'");
  const rows = normaliser(startMs)(await allRows(connection, scene.subjects));
  await connection.run("ROLLBACK");
  return { calls, rows, ranAs: [...ranAs] };
}

async function makeCalls(
  connection: Connection,
  disguise: Disguise,
  normalise: (rows: readonly string[]) => readonly string[],
  tally: Tally,
): Promise<Played["calls"]> {
  const calls: Played["calls"][number][] = [];
  for (const [index, call] of script.entries()) {
    tally.attempts += 1;
    const { outcome, results } = await inSavepoint(
      connection,
      disguisedSql(call, disguise, `call_${String(index)}`),
    );
    const rows = results.at(-2)?.rows ?? [];
    const answer = showsAnswer(disguise) ? normalise(rows.map((row) => String(row["answer"]))) : null;
    calls.push({ name: call.name, outcome, answer });
  }
  return calls;
}

/** Read by the superuser again, with the caller's settings and shadows still there: every name has its schema. Not the
 *  runner's ledger, whose times are other ones. */
async function allRows(connection: Connection, subjects: readonly Subject[]): Promise<readonly string[]> {
  const read = subjects.filter(({ kind, object }) => kind === "table" && !sameObject(object, tables.ledger));
  const each = read.map(
    ({ sql, object }) =>
      `SELECT pg_catalog.jsonb_build_object('table', '${object.name}', 'row', pg_catalog.to_jsonb(r))::pg_catalog.text
         AS row FROM ${sql} AS r`,
  );
  return (await connection.run(each.join("; "))).flatMap(({ rows }) => rows.map((row) => String(row["row"])));
}

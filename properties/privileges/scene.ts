import type { Connection } from "../../sim/database/connection.ts";
import { quoteIdentifier } from "../../sim/database/quote.ts";
import { laterObjectsSql } from "./later-objects.ts";
import { type Members, withMembers } from "./members.ts";
import { openSchema } from "./operations/operation.ts";
import { readSubjects, type Subject } from "./subject.ts";
import { type PrivilegeTarget, rowsOf } from "./target.ts";

/** Counts what was really tried: each operation and each call of a script. */
export interface Tally {
  attempts: number;
}

/** A database made ready to be attacked, and who attacks. */
export interface Scene {
  readonly target: PrivilegeTarget;
  /** The superuser's connection. */
  readonly connection: Connection;
  readonly superuser: string;
  readonly members: Members;
  readonly subjects: readonly Subject[];
  /** The database's name, quoted. */
  readonly database: string;
  readonly majorVersion: number;
  readonly tally: Tally;
}

/** Makes the scene, and removes the members after the action: what was made in the database stays. */
export async function withScene<T>(
  target: PrivilegeTarget,
  action: (scene: Scene) => Promise<T>,
): Promise<T> {
  const connection = await target.connect();
  try {
    await connection.run(
      `begin; ${laterObjectsSql}; create schema ${openSchema}; grant all on schema ${openSchema} to public; commit`,
    );
    const subjects = await readSubjects(connection);
    const [names] = await rowsOf(
      connection,
      "select current_user::text as superuser, current_database()::text as database",
    );
    return await withMembers(connection, (members) =>
      action({
        target,
        connection,
        superuser: String(names?.["superuser"]),
        members,
        subjects,
        database: quoteIdentifier(String(names?.["database"])),
        majorVersion: Math.floor(target.versionNumber / 10_000),
        tally: { attempts: 0 },
      }),
    );
  } finally {
    await connection.close();
  }
}

import type { Connection } from "./connection.ts";
import { isAbandoned, parseMark, type Mark } from "./mark.ts";
import { dropMarked, onServer } from "./own-database.ts";
import { dropRoles } from "./roles.ts";
import type { Server } from "./server.ts";

/** What a sweep removed, and the roles that it had to leave, for something else uses them. */
export interface Swept {
  readonly databases: readonly string[];
  readonly rolesLeft: readonly string[];
}

/** Drops the databases that killed runs of this machine left on a server, and then the roles that they had added. What
 *  carries no mark of a dead process of this machine is left alone, and so is what our user does not own: only an owner
 *  can write a comment, so nobody else can have forged the mark. */
export async function sweepOwnDatabases(server: Server): Promise<Swept> {
  return onServer(server, async (connection) => {
    const abandoned = (await ownedAndMarked(connection)).filter(({ mark }) => isAbandoned(mark));
    for (const { name, mark } of abandoned) await dropMarked(connection, name, mark);
    const roles = new Set(abandoned.flatMap(({ mark }) => mark.roles));
    return {
      databases: abandoned.map(({ name }) => name),
      rolesLeft: await dropRoles(connection, [...roles]),
    };
  });
}

async function ownedAndMarked(connection: Connection): Promise<{ name: string; mark: Mark }[]> {
  const { rows } = await connection.query(
    `select d.datname::text as name, pg_catalog.shobj_description(d.oid, 'pg_database') as comment
       from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba
      where r.rolname = current_user`,
    [],
  );
  return rows.flatMap(({ name, comment }) => {
    const mark = parseMark(comment);
    return mark === null ? [] : [{ name: String(name), mark }];
  });
}

import type { Connection } from "./connection.ts";
import {
  copyOwnDatabase,
  createOwnDatabase,
  onDatabase,
  onServer,
  recordRoles,
  type OwnDatabase,
} from "./own-database.ts";
import { dropRoles, roleNames, rolesUsedHere } from "./roles.ts";
import type { Server } from "./server.ts";
import { installVirtualTime } from "./virtual-time.ts";

/** A database that is made once and copied for each lane. */
export interface Template {
  readonly name: string;
  /** Roles that preparing it added to the cluster: new since, and used by something in it. dispose() drops them. */
  readonly addedRoles: readonly string[];
  /** Roles that are new since, without a sign that the preparation made them. On a server that others use too they may be
   *  somebody else's, so they stay; say so. */
  readonly unclearRoles: readonly string[];
  /** A copy of it, 40 to 60 ms. */
  clone(): Promise<OwnDatabase>;
  /** Copies of a copy on which `prepare` has done something more. */
  variant(prepare: (connection: Connection) => Promise<void>): Promise<Pick<Template, "clone">>;
  /** Drops the clones that are left, the template, its variants, and the roles that it added. */
  dispose(): Promise<Disposal>;
}

export interface Disposal {
  /** Added roles that something outside still uses (2BP01). They stay; say so. */
  readonly rolesLeft: readonly string[];
}

/** Makes a template: a database of our own with virtual time in it, then whatever `prepare` does on the connection it is
 *  given. Nothing is left behind when that fails. */
export async function makeTemplate(
  server: Server,
  prepare: (connection: Connection) => Promise<void>,
): Promise<Template> {
  const empty = await createOwnDatabase(server);
  const before = await onServer(server, roleNames);
  try {
    await onDatabase(empty, async (connection) => {
      await installVirtualTime(connection);
      await prepare(connection);
    });
    const { added, unclear } = await newRoles(empty, before);
    return template(server, await recordRoles(server, empty, added), unclear);
  } catch (error) {
    // What failed is the news. Where the server is gone too, the next run's sweep drops the database.
    await newRoles(empty, before)
      .then(({ added }) => remove(server, [empty], added))
      .catch(() => undefined);
    throw error;
  }
}

function template(server: Server, original: OwnDatabase, unclearRoles: readonly string[]): Template {
  /** Those that are not dropped yet. */
  const copies = new Set<OwnDatabase>();
  const addedRoles = original.mark.roles;
  const copy = async (of: OwnDatabase): Promise<OwnDatabase> => {
    const made = await copyOwnDatabase(server, of);
    copies.add(made);
    return {
      ...made,
      drop: async () => {
        await made.drop();
        copies.delete(made);
      },
    };
  };
  return {
    name: original.name,
    addedRoles,
    unclearRoles,
    clone: () => copy(original),
    variant: async (prepare) => {
      const varied = await copy(original);
      await onDatabase(varied, prepare);
      return { clone: () => copy(varied) };
    },
    dispose: () => remove(server, [...copies, original], addedRoles),
  };
}

async function newRoles(
  database: OwnDatabase,
  before: ReadonlySet<string>,
): Promise<{ added: string[]; unclear: string[] }> {
  return onDatabase(database, async (connection) => {
    const used = await rolesUsedHere(connection);
    const now = [...(await roleNames(connection))].filter((name) => !before.has(name)).sort();
    return { added: now.filter((name) => used.has(name)), unclear: now.filter((name) => !used.has(name)) };
  });
}

async function remove(
  server: Server,
  databases: readonly OwnDatabase[],
  roles: readonly string[],
): Promise<Disposal> {
  for (const database of databases) await database.drop();
  return { rolesLeft: await onServer(server, (connection) => dropRoles(connection, roles)) };
}

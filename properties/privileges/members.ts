import { randomBytes } from "node:crypto";
import { type Grantee, grantees } from "../../model/privilege-table.ts";
import type { Connection } from "../../sim/database/connection.ts";
import { quoteIdentifier } from "../../sim/database/quote.ts";
import type { PrivilegeTarget } from "./target.ts";

/** The LOGIN roles that attack: one a runtime role, member of exactly that one (INV-17), and one without a membership,
 *  who can do what PUBLIC can. */
export type Members = ReadonlyMap<Grantee, string>;

/** Runs the action with members under random names, and removes them. The roles are the cluster's, so it is meant for a
 *  cluster of our own. */
export async function withMembers<T>(
  connection: Connection,
  action: (members: Members) => Promise<T>,
): Promise<T> {
  const family = `counterpoint_${randomBytes(6).toString("hex")}`;
  const members = new Map(grantees.map((grantee, index) => [grantee, `${family}_${String(index)}`]));
  const logins = [...members.values()].map(quoteIdentifier);
  await connection.run(`begin; ${[...members].map(memberSql).join("; ")}; commit`);
  try {
    return await action(members);
  } finally {
    await connection.run(`drop owned by ${logins.join(", ")}; drop role ${logins.join(", ")}`);
  }
}

function memberSql([grantee, login]: readonly [Grantee, string]): string {
  const create = `create role ${quoteIdentifier(login)} login`;
  return grantee === "PUBLIC" ? create : `${create} in role ${quoteIdentifier(grantee)}`;
}

export function loginOf(members: Members, grantee: Grantee): string {
  const login = members.get(grantee);
  if (login === undefined) throw new Error(`${grantee} has no member`);
  return login;
}

/** A connection on which a member has logged in. */
export async function connectAsMember(
  target: PrivilegeTarget,
  members: Members,
  grantee: Grantee,
): Promise<Connection> {
  const login = loginOf(members, grantee);
  if (target.connectAs !== undefined) return target.connectAs(login);
  const connection = await target.connect();
  await connection.run(`set session authorization ${quoteIdentifier(login)}`);
  return connection;
}

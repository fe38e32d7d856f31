import { type DatabaseObject, type Grantee, mayHave, publicSchema } from "../../model/privilege-table.ts";
import type { Needs } from "./operations/operation.ts";

/** Who tries: a member of a runtime role, somebody without a membership, or the owner of it all, who is a superuser too. */
export type Attacker = Grantee | "owner";

/** How somebody comes to a runtime role's rights: as a member who inherits them, or as the role itself. */
export type Through = "login" | "set role";

/** One thing that somebody tries. Data: the SQL is found by the operation's name and the object. */
export interface Attack {
  readonly who: Attacker;
  readonly through: Through;
  readonly object: DatabaseObject;
  readonly operation: string;
  readonly needs: Needs;
}

/** Whether the contract lets them (section 4). PUBLIC's USAGE on the schema is part of it: without, nothing in it can be
 *  named. */
export function isAllowed(who: Attacker, object: DatabaseObject, needs: Needs): boolean {
  if (who === "owner") return true;
  if ("only" in needs) return needs.only.includes(who);
  const inSchema = object.kind !== "schema" && object.kind !== "database";
  if (inSchema && !mayHave(who, "USAGE", publicSchema)) return false;
  return needs.privileges.every((privilege) => mayHave(who, privilege, object));
}

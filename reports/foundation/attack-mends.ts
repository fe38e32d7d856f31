import { type DatabaseObject, type Grantee, mayHave, type Privilege } from "../../model/privilege-table.ts";
import { pinnedSearchPath } from "../../model/foundation/functions.ts";
import type { Attack } from "../../properties/privileges/attack.ts";
import { isLaterObject } from "../../properties/privileges/later-objects.ts";
import type { PrivilegeViolation } from "../../properties/privileges/violation.ts";
import type { Problem } from "../../sim/foundation/check.ts";
import { inPublic } from "../../sim/foundation/names.ts";

type Mend = Pick<Problem, "sql" | "advice">;

const bySql = (sql: string): Mend => ({ sql, advice: null });
const byHand = (advice: string): Mend => ({ sql: null, advice });

/** How to mend what an attack on the privileges showed. */
export function mendOf({ attack }: PrivilegeViolation): Mend {
  if ("disguise" in attack) return byHand(pinned);
  if ("preparations" in attack && attack.preparations.length > 0) return byHand(pinned);
  if (!("who" in attack))
    return bySql(`ALTER FUNCTION ${nameOf(attack.object)} SET search_path = ${pinnedSearchPath};`);
  if (attack.who === "owner") return byHand(guarded);
  return isLaterObject(attack.object) ? byHand(defaults) : grantOrRevoke(attack, attack.who);
}

const pinned =
  `functions with their owner's rights: SET search_path = ${pinnedSearchPath}, names of public with their schema, ` +
  "and no setting read that a caller can change";
const guarded =
  "a statement trigger BEFORE UPDATE OR DELETE OR TRUNCATE that raises an exception, ENABLE ALWAYS; and no rule";
const defaults =
  "an object of this kind that a later migration makes is open to them: see privilege.defaults, and ALTER DEFAULT " +
  "PRIVILEGES ... REVOKE";

function grantOrRevoke({ object, needs }: Attack, who: Grantee): Mend {
  if ("only" in needs) return byHand(`${who} owns it, is a superuser, or is a member of somebody who is`);
  const given = needs.privileges.filter((privilege) => mayHave(who, privilege, object));
  const extra = needs.privileges.filter((privilege) => !given.includes(privilege));
  return extra.length === 0
    ? statement(object, (on) => `GRANT ${list(given)} ON ${on} TO ${who};`)
    : // PUBLIC's privileges are everybody's.
      statement(
        object,
        (on) => `REVOKE ${list(extra)} ON ${on} FROM ${[...new Set([who, "PUBLIC"])].join(", ")};`,
      );
}

const list = (privileges: readonly Privilege[]): string => privileges.join(", ");

/** The throw-away database's own name is nobody's to paste. */
function statement(object: DatabaseObject, sql: (on: string) => string): Mend {
  return object.kind === "database"
    ? byHand(`of the database: ${sql("DATABASE ...")}`)
    : bySql(sql(`${object.kind.toUpperCase()} ${nameOf(object)}`));
}

function nameOf({ kind, name }: DatabaseObject): string {
  if (kind === "schema") return name;
  const [bare = name] = name.split("(");
  return `${inPublic(bare)}${name.slice(bare.length)}`;
}

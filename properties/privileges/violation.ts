import type { DatabaseObject, Grantee } from "../../model/privilege-table.ts";
import type { Violation } from "../verdict.ts";
import type { Attack } from "./attack.ts";
import type { Disguise, Preparation } from "./ways-round/disguise.ts";

/** INV-17 violated, with the attack that shows it. */
export type PrivilegeViolation = Violation & {
  readonly attack: Attack | DisguisedAttack | DisguisedCalls | Definition;
};

/** An attack after these preparations. */
export type DisguisedAttack = Attack & { readonly preparations: readonly Preparation[] };

/** The calls of the script, as this member, in this disguise. */
export interface DisguisedCalls {
  readonly who: Grantee;
  readonly disguise: Disguise;
}

/** Nothing was done: it can be read off the object's definition. */
export interface Definition {
  readonly object: DatabaseObject;
}

export function violation(
  attack: PrivilegeViolation["attack"],
  rule: string,
  expected: readonly string[],
  observed: string,
): PrivilegeViolation {
  return { oracle: "invariant", invariant: "INV-17", rule, event: 0, expected, observed, attack };
}

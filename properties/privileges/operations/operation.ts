import type { Grantee, Privilege } from "../../../model/privilege-table.ts";

/** Something that one can try to do with an object: really done, in a transaction that is rolled back. */
export interface Operation {
  /** Names it among the operations on its object. */
  readonly id: string;
  readonly sql: string;
  readonly needs: Needs;
  /** An append-only table's guard refuses it to who has the privilege. */
  readonly mutates: boolean;
  /** VACUUM does not run inside a transaction. It leaves nothing to roll back. */
  readonly outsideTransaction: boolean;
}

/** All of these privileges on the object, or to be one of these. The owner, here a superuser, can do everything. */
export type Needs = { readonly privileges: readonly Privilege[] } | { readonly only: readonly Grantee[] };

export const owner: Needs = { only: [] };

export function operation(
  id: string,
  needs: readonly Privilege[] | Needs,
  sql: string,
  more: Partial<Pick<Operation, "mutates" | "outsideTransaction">> = {},
): Operation {
  const plain: Needs = isList(needs) ? { privileges: needs } : needs;
  return { id, sql, needs: plain, mutates: false, outsideTransaction: false, ...more };
}

const isList = (needs: readonly Privilege[] | Needs): needs is readonly Privilege[] => Array.isArray(needs);

/** A schema in which everybody may create, as another program in the same database could have one. */
export const openSchema = "counterpoint_open";

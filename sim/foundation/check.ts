import type { Catalog } from "./catalog.ts";

/** Something that is not as the contract has it. */
export interface Problem {
  readonly what: string;
  /** The statement that mends it; null where none does by itself. */
  readonly sql: string | null;
  /** What else to do; null where the statement is all. */
  readonly advice: string | null;
}

/** One mechanical check of the foundation. Pure: it judges what was read. */
export interface Check {
  /** Stable: other programs refer to it. */
  readonly id: string;
  readonly name: string;
  /** Section of the contract. */
  readonly contract: string;
  /** Looks at a text only, and what runs may differ: the fuzzer is what decides. */
  readonly weak: boolean;
  /** Empty where all is well. Throws Unread where a part of the catalog that it needs could not be read. */
  readonly judge: (catalog: Catalog) => readonly Problem[];
}

export interface CheckResult extends Omit<Check, "judge"> {
  readonly status: "ok" | "violated" | "unknown";
  readonly problems: readonly Problem[];
  /** Why it is unknown. */
  readonly reason: string | null;
}

/** A part of the catalog that the server did not let us read. */
export class Unread extends Error {
  override readonly name = "Unread";
}

export const mendedBySql = (what: string, sql: string): Problem => ({ what, sql, advice: null });
export const mendedByHand = (what: string, advice: string): Problem => ({ what, sql: null, advice });

/** Never throws: what could not be read is unknown, never ok. */
export function runCheck({ judge, ...check }: Check, catalog: Catalog): CheckResult {
  try {
    const problems = judge(catalog);
    return { ...check, status: problems.length === 0 ? "ok" : "violated", problems, reason: null };
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return { ...check, status: "unknown", problems: [], reason: error.message };
  }
}

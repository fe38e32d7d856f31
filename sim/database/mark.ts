import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { hasEnded, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** Who made a database, kept in the database's comment. What does not carry one is never written to. */
export interface Mark extends ProcessIdentity {
  readonly host: string;
  /** Tells this database from every other, also from a later one of the same name. */
  readonly nonce: string;
  /** Roles that preparing it added to the cluster. */
  readonly roles: readonly string[];
}

const title = "Made by the Counterpoint fuzzer, which drops it; anything in it is thrown away. ";

export const newMark = (): Mark => ({
  ...ownIdentity(),
  host: hostname(),
  nonce: randomBytes(8).toString("hex"),
  roles: [],
});

export const formatMark = (mark: Mark): string => title + JSON.stringify(mark);

/** The mark in a comment; null for any other comment, and for none. */
export function parseMark(comment: unknown): Mark | null {
  if (typeof comment !== "string" || !comment.startsWith(title)) return null;
  try {
    const mark = JSON.parse(comment.slice(title.length)) as Partial<Mark> | null;
    return isMark(mark) ? mark : null;
  } catch {
    return null;
  }
}

/** True if the process that made the database ran on this machine and has ended for sure. */
export const isAbandoned = (mark: Mark): boolean => mark.host === hostname() && hasEnded(mark);

function isMark(mark: Partial<Mark> | null): mark is Mark {
  return (
    typeof mark?.host === "string" &&
    typeof mark.pid === "number" &&
    typeof mark.started === "string" &&
    typeof mark.namespace === "string" &&
    typeof mark.nonce === "string" &&
    Array.isArray(mark.roles) &&
    mark.roles.every((role) => typeof role === "string")
  );
}

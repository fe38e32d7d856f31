import type { YieldPoint } from "../sim/yields/yield-point.ts";

/** A statement of our migrations that no operation of a schedule can come to. */
export interface UnreachableStatement {
  readonly function: string;
  /** How the statement begins (YieldPoint.statement). */
  readonly statement: string;
  /** Why not, as the end of "cannot be reached: ". */
  readonly reason: string;
}

const onlyInSuite = "no operation calls it, the foundation's suite does";

/** A test holds each to a statement that there is. */
export const unreachableStatements: readonly UnreachableStatement[] = [
  {
    function: "bump_participant_outbox_seq",
    statement: "RAISE EXCEPTION 'participant_id must have 1 to 512 bytes'",
    reason: "only enqueue calls it, and has refused such a participant before",
  },
  { function: "uuid_strategy", statement: "IF pg_catalog.to_regprocedure(", reason: onlyInSuite },
  { function: "uuid_strategy", statement: "RETURN 'gen_random_uuid'", reason: onlyInSuite },
  { function: "uuid_strategy", statement: "RETURN 'uuidv7'", reason: onlyInSuite },
  {
    function: "uuid_v7_or_random",
    statement: "RETURN pg_catalog.gen_random_uuid()",
    reason: "PostgreSQL 18 has uuidv7()",
  },
  {
    function: "uuid_v7_or_random",
    statement: "RETURN pg_catalog.uuidv7()",
    reason: "PostgreSQL 15 to 17 have no uuidv7()",
  },
];

/** Why no session can come to it, or null where one should. */
export function reasonUnreached(point: YieldPoint): string | null {
  const known = unreachableStatements.find(
    (each) => each.function === point.function && point.statement.startsWith(each.statement),
  );
  return known?.reason ?? null;
}

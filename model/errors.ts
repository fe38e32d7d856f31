/** Why an operation may fail. Each kind is realised by any of its SQLSTATEs. */
export const sqlstatesOf = {
  /** contract 3, "Bad argument" */
  "bad argument": ["22004", "22023", "23502", "23514"],
  /** contract 3, complete: the fence */
  LEASE_LOST: ["P7002"],
  /** contract 3, complete: p_state */
  "bad state": ["P7003"],
  /** contract 3, outbox_retry_ceiling */
  "bad ceiling": ["22023"],
  /** contract 2: a unique index, a primary key */
  "not unique": ["23505"],
  /** contract 2, "Append-only": who has the privilege */
  "append-only": ["P0001"],
  /** contract 4 */
  "permission denied": ["42501"],
  /** contract 3, "Isolation" */
  "serialization failure": ["40001"],
  /** contract 5, INV-16 */
  deadlock: ["40P01"],
  /** PostgreSQL: a call in a transaction that has failed already */
  "transaction aborted": ["25P02"],
  /** PostgreSQL: an administrator, or a fault of the schedule, has ended the backend */
  terminated: ["57P01"],
  /** What a client says of a server that has crashed: it had no last words */
  crashed: ["08006"],
  /** PostgreSQL: the call was cancelled */
  cancelled: ["57014"],
  /** PostgreSQL: lock_timeout */
  "lock timeout": ["55P03"],
} as const satisfies Record<string, readonly string[]>;

export type ErrorKind = keyof typeof sqlstatesOf;

/** Does the SQLSTATE realise the kind? */
export function realises(sqlstate: string, kind: ErrorKind): boolean {
  const states: readonly string[] = sqlstatesOf[kind];
  return states.includes(sqlstate);
}

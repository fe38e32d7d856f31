import { dbFunctions } from "./db-functions.ts";
import { idempotencyZombie } from "./idempotency-zombie.ts";
import { noTxMigrations } from "./no-tx-migrations.ts";
import { outboxPendingIndexes } from "./outbox-pending-indexes.ts";
import type { Suite } from "./suite.ts";

/** Contract 6: the foundation's tests. */
export const suites: readonly Suite[] = [
  dbFunctions,
  idempotencyZombie,
  noTxMigrations,
  outboxPendingIndexes,
];

import { appendOnly } from "./append-only.ts";
import { attemptNumbering } from "./attempt-numbering.ts";
import { backOff } from "./back-off.ts";
import { ceilingHolds } from "./ceiling.ts";
import { conservation } from "./conservation.ts";
import { durability } from "./durability.ts";
import { dueOrder } from "./due-order.ts";
import { fencing } from "./fencing.ts";
import { idempotency } from "./idempotency.ts";
import type { Invariant } from "./invariant.ts";
import { leaseExclusivity } from "./lease-exclusivity.ts";
import { leastPrivilege } from "./least-privilege.ts";
import { liveness } from "./liveness.ts";
import { noDeadlock } from "./no-deadlock.ts";
import { noWaiting } from "./no-waiting.ts";
import { repairScope } from "./repair-scope.ts";
import { sequence } from "./sequence.ts";
import { singleActivePolicy } from "./single-active-policy.ts";
import { terminalUniqueness } from "./terminal-uniqueness.ts";
import { wakeUp } from "./wake-up.ts";

/** The invariants of contract 5 that a history can show. Of several that one event breaks the first gives the name: what a
 *  crash has lost is missed by others too. */
export const invariants: readonly Invariant[] = [
  durability,
  conservation,
  idempotency,
  sequence,
  leaseExclusivity,
  fencing,
  terminalUniqueness,
  appendOnly,
  attemptNumbering,
  ceilingHolds,
  wakeUp,
  dueOrder,
  repairScope,
  backOff,
  liveness,
  noWaiting,
  noDeadlock,
  leastPrivilege,
  singleActivePolicy,
];

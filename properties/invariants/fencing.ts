import { lastLeaseEvent } from "../lease-history.ts";
import { type Answered, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const fencing: Invariant = {
  id: "INV-05",
  name: "fencing",
  statement: "no completion succeeds without the row's current, live lease",
  check: (timeline) => firstFault(timeline.answered, (answered) => checkCompletion(timeline, answered)),
};

function checkCompletion(timeline: Timeline, answered: Answered): Fault | null {
  const { operation, transaction, respondedAt: event } = answered;
  if (operation.kind !== "complete" || rowsOf(answered, "complete").length === 0) return null;
  const lease = lastLeaseEvent(timeline, operation.outboxId ?? "", answered);
  const observed = `a completion with token ${operation.leaseToken}, worker ${operation.workerId}, at ${transaction.now}`;
  const fault = (rule: string, expected: string) => ({ event, rule, expected, observed });
  if (lease?.kind !== "granted")
    return fault("completed without a lease", "fail P7002 (LEASE_LOST): nobody holds the row");
  if (lease.token !== operation.leaseToken)
    return fault("completed with another token", `only with token ${lease.token}, the row's lease`);
  if (lease.worker !== operation.workerId)
    return fault("completed by another worker", `only by worker ${lease.worker}, who holds ${lease.token}`);
  if (lease.expiresAt > transaction.now) return null;
  return fault(
    "completed after the lease's end",
    `only before ${lease.expiresAt}, the end of ${lease.token}`,
  );
}

import { type Order, compareOrder } from "./batch.ts";
import { claimOrder, isDue } from "./claim.ts";
import type { Operation } from "./operation.ts";
import { isExpired, repairOrder } from "./repair.ts";
import { type OutboxState, type PendingRow, activeSlot, keyOf } from "./state.ts";
import type { CallPoint } from "./transaction-point.ts";
import type { Resource } from "./write.ts";

/** The rows and keys that a call may have to lock or write, as its snapshot shows them. */
export function needs(
  view: OutboxState,
  { operation, transaction }: Pick<CallPoint, "operation" | "transaction">,
  isTakeable: (resource: Resource) => boolean,
): readonly Resource[] {
  const batch = (wanted: (row: PendingRow) => boolean, order: Order, batchSize: number | null) =>
    reachedBy(batchSize ?? 1, [...view.pending.values()].filter(wanted), order, isTakeable);
  switch (operation.kind) {
    case "enqueue": {
      const key: Resource = { table: "keys", id: keyOf(operation) };
      // A repeat touches no counter.
      return view.keys.has(key.id) ? [key] : [key, { table: "sequences", id: operation.participantId ?? "" }];
    }
    case "complete":
      return [{ table: "pending", id: operation.outboxId ?? "" }];
    case "claim":
      return batch((row) => isDue(row, transaction.now), claimOrder, operation.batchSize);
    case "repair":
      return batch((row) => isExpired(row, transaction.now), repairOrder, operation.batchSize);
    case "setPolicy":
      return [{ table: "policies", id: operation.version }];
    case "demotePolicy":
      return [...view.activePolicy.values()].map((version) => ({ table: "policies", id: version }));
    // What only inserts meets a unique index, which answers 23505; what only reads meets nothing.
    case "ceiling":
    case "insertPolicy":
    case "attest":
    case "revoke":
    case "tamper":
      return [];
  }
}

/** The rows that a batch comes to before those that it can take have filled it. */
function reachedBy(
  batchSize: number,
  rows: readonly PendingRow[],
  order: Order,
  isTakeable: (resource: Resource) => boolean,
): readonly Resource[] {
  const resourceOf = ({ outboxId }: PendingRow): Resource => ({ table: "pending", id: outboxId });
  const takeable = rows.filter((row) => isTakeable(resourceOf(row)));
  const before = (row: PendingRow) => takeable.filter((other) => compareOrder(order(other), order(row)) < 0);
  return rows.filter((row) => before(row).length < batchSize).map(resourceOf);
}

/** The places in unique indexes that a call on a table may have to wait for. */
export function placesOf(operation: Operation): readonly Resource[] {
  switch (operation.kind) {
    case "insertPolicy":
    case "setPolicy": {
      const version: Resource = { table: "policies", id: operation.version };
      return operation.status === "ACTIVE" ? [version, { table: "activePolicy", id: activeSlot }] : [version];
    }
    case "attest":
      return [{ table: "attestations", id: operation.attestationId }];
    case "revoke":
      return [{ table: operation.table, id: operation.id }];
    default:
      return [];
  }
}

import { batchChoices } from "./batch-choices.ts";
import { claimOrder } from "./claim.ts";
import { needs } from "./needed-resources.ts";
import { repairOrder } from "./repair.ts";
import type { ClaimedRow, RepairedRow } from "./response.ts";
import type { OutboxState } from "./state.ts";
import type { LockPoint } from "./transaction-point.ts";
import { type World, isLocked, isStale, openOf, withOpen } from "./world.ts";
import { type Resource, applyWrites, resourceName } from "./write.ts";

/** Nothing is locked yet, or all is. A row is locked where it is found, and not where another transaction holds it or a
 *  snapshot is no longer true for it. */
export function* lockEarly(world: World, point: LockPoint): Generator<World, undefined> {
  yield world;
  const own = openOf(world, point.transaction.id);
  if (own.failed) return;
  const { snapshot } = own;
  const isTakeable = (resource: Resource) =>
    !isLocked(world, point.transaction, resource) &&
    (snapshot === null || !isStale(world, snapshot, resource));
  const view = applyWrites(snapshot ?? world.committed, own.writes);
  const takeable = needs(view, point, isTakeable).filter(isTakeable);
  for (const taken of choicesOf(view, point, takeable)) {
    const lockedEarly = new Set(taken.map(resourceName));
    yield withOpen(world, point.transaction.id, { ...own, lockedEarly });
  }
}

/** What of the resources the call locks: all, or a batch of them. That is the rows of its answer; where it failed, any that
 *  a batch may be. */
function* choicesOf(
  view: OutboxState,
  { operation, response }: LockPoint,
  takeable: readonly Resource[],
): Generator<readonly Resource[]> {
  if (operation.kind !== "claim" && operation.kind !== "repair") {
    yield takeable;
    return;
  }
  const rows = takeable.flatMap(({ id }) => view.pending.get(id) ?? []);
  const order = operation.kind === "claim" ? claimOrder : repairOrder;
  const resourceOf = ({ outboxId }: { readonly outboxId: string }): Resource => ({
    table: "pending",
    id: outboxId,
  });
  if (response.kind === "ok") {
    const answered = (response.rows as readonly (ClaimedRow | RepairedRow)[]).map(resourceOf);
    const isFree = ({ id }: Resource) => rows.some((row) => row.outboxId === id);
    if (answered.every(isFree)) yield answered;
    return;
  }
  for (const batch of batchChoices(rows, order, operation.batchSize ?? 1)) yield batch.map(resourceOf);
}

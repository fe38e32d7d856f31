import { describeError, refuse } from "./judgement.ts";
import type { Next } from "./linearization.ts";
import type { SavepointPoint } from "./transaction-point.ts";
import { type OpenTransaction, type Savepoint, type World, fresh, openOf, to, withOpen } from "./world.ts";
import { resourceName } from "./write.ts";

/** A savepoint is taken, let go or gone back to; a transaction that has failed goes on after that alone. */
export function savepoint(world: World, point: SavepointPoint): Next<World> {
  const { kind, transaction, name, outcome } = point;
  const own = openOf(world, transaction.id);
  if (own.failed && kind !== "rollbackTo") {
    if (typeof outcome !== "string" && outcome.sqlstate === "25P02") return to(world);
    return { refusal: refuse("transaction: has failed", describeError("transaction aborted")) };
  }
  if (typeof outcome !== "string") {
    return { refusal: refuse(`${kind}: must not fail, failed with ${outcome.sqlstate}`, "ok") };
  }
  const after = afterSavepoint(own, kind, name);
  return after === null
    ? { refusal: refuse(`${kind}: no such savepoint`, "a failure") }
    : to(withOpen(world, transaction.id, after));
}

function afterSavepoint(
  own: OpenTransaction,
  kind: SavepointPoint["kind"],
  name: string,
): OpenTransaction | null {
  const { savepoints } = own;
  if (kind === "savepoint") {
    return { ...own, savepoints: [...savepoints, { name, writes: own.writes.length }] };
  }
  const at = savepoints.findLastIndex((each) => each.name === name);
  const named = savepoints[at];
  if (named === undefined) return null;
  if (kind === "release") return { ...own, savepoints: savepoints.slice(0, at) };
  return { ...backTo(own, named), savepoints: savepoints.slice(0, at + 1), failed: false };
}

/** What was written since the savepoint is undone, and the locks that were taken with it are free. */
export function backTo(own: OpenTransaction, { writes: count }: Savepoint): OpenTransaction {
  const writes = own.writes.slice(0, count);
  return {
    ...own,
    statement: null,
    writes,
    locks: new Set(writes.map(resourceName)),
    lockedEarly: fresh.lockedEarly,
    tookBack: true,
  };
}

import { realises } from "./errors.ts";
import { judge } from "./judge.ts";
import { type Refusal, describeError, refuse } from "./judgement.ts";
import type { Next } from "./linearization.ts";
import { needs, placesOf } from "./needed-resources.ts";
import type { Operation } from "./operation.ts";
import { mayCall } from "./privileges.ts";
import type { ClaimedRow, Fail, Response } from "./response.ts";
import { backTo } from "./savepoint.ts";
import type { CallPoint, TransactionInfo } from "./transaction-point.ts";
import {
  type OpenTransaction,
  type World,
  fresh,
  isBeside,
  isLocked,
  isStale,
  openOf,
  to,
  withOpen,
} from "./world.ts";
import { type Resource, type Write, applyWrites, resourceName, versionOf } from "./write.ts";

/** The worlds in which a call may have been answered like that, or why it may not. */
export function call(world: World, point: CallPoint, ceiling: number | null): Next<World> {
  const { transaction, operation, response } = point;
  const own = openOf(world, transaction.id);
  const general = generalFailure(world, point, own);
  if (general === "allowed") return to(fail(world, transaction));
  if (general !== null) return { refusal: general };

  const view = applyWrites(own.snapshot ?? world.committed, own.writes);
  const judgement = judge(view, operation, response, {
    now: transaction.now,
    ceiling,
    statement: own.statement === null ? view : applyWrites(own.statement, own.writes),
    latest: own.snapshot === null ? view : applyWrites(world.committed, own.writes),
    lockedByAnother: (id) => isLocked(world, transaction, { table: "pending", id }),
    freshToken: (token) => !world.tokens.has(token),
  });
  if (!judgement.allowed) return { refusal: judgement };
  if (response.kind === "fail") return to(fail(world, transaction));
  return write(world, point, own, judgement.writes);
}

/** The failures that do not come from the operation itself; null when the operation is to be judged. */
function generalFailure(world: World, point: CallPoint, own: OpenTransaction): "allowed" | Refusal | null {
  const { transaction, operation, response } = point;
  if (own.failed)
    return exactly(
      "25P02",
      response,
      refuse("transaction: has failed", describeError("transaction aborted")),
    );
  if (!mayCall(transaction.role, operation)) {
    return exactly("42501", response, refuse("role: may not call it", describeError("permission denied")));
  }
  if (response.kind !== "fail") return null;
  if (isInterrupted(world, point, response)) return "allowed";
  if (response.sqlstate === "40001") return serializationFailure(world, point, own);
  if (response.sqlstate === "40P01") {
    return point.cycleHasSeveralCalls
      ? "allowed"
      : refuse("deadlock: among transactions of one call", "no 40P01");
  }
  return null;
}

function exactly(sqlstate: string, response: Response, refusal: Refusal): "allowed" | Refusal {
  return response.kind === "fail" && response.sqlstate === sqlstate ? "allowed" : refusal;
}

/** An error that comes from outside is allowed to the call that was hit by it, and a lock timeout only where it would have
 *  waited. */
function isInterrupted(world: World, point: CallPoint, { sqlstate }: Fail): boolean {
  switch (point.interruption) {
    case null:
      return false;
    case "terminated":
    case "crashed":
    case "cancelled":
      return realises(sqlstate, point.interruption);
    case "lock timeout":
      return realises(sqlstate, "lock timeout") && mayWait(world, point);
    case "lock timeout behind a TRUNCATE":
      return realises(sqlstate, "lock timeout") && point.operation.kind !== "claim";
  }
}

/** Does another transaction hold what the call may have to wait for? Claim and repair wait for nothing. */
function mayWait(world: World, point: CallPoint): boolean {
  const { operation, transaction } = point;
  switch (operation.kind) {
    case "claim":
    case "repair":
    case "ceiling":
      return false;
    case "tamper":
      // TRUNCATE waits for whoever has so much as read the table, before a savepoint of a transaction that has failed since
      // too.
      return [...world.open].some(
        ([id, { failed, savepoints }]) => id !== transaction.id && (!failed || savepoints.length > 0),
      );
    default: {
      const view = applyWrites(world.committed, openOf(world, transaction.id).writes);
      const wanted = [...needs(view, point, () => true), ...placesOf(operation)];
      return wanted.some((resource) => isLocked(world, transaction, resource));
    }
  }
}

/** 40001: never under READ COMMITTED; under REPEATABLE READ only if something needed was changed since the snapshot;
 *  under SERIALIZABLE also beside another serializable transaction that committed a write since. */
function serializationFailure(world: World, point: CallPoint, own: OpenTransaction): "allowed" | Refusal {
  const refusal = refuse("isolation: 40001 without a cause", "no 40001");
  if (own.snapshot === null) return refusal;
  if (isBeside(world, point.transaction, own)) return "allowed";
  const snapshot = own.snapshot;
  const isChanged = (resource: Resource) =>
    versionOf(snapshot, resource) !== versionOf(world.committed, resource);
  const isTakeable = (resource: Resource) =>
    !isChanged(resource) && !isLocked(world, point.transaction, resource);
  const needed = needs(applyWrites(snapshot, own.writes), point, isTakeable);
  return needed.some(isChanged) ? "allowed" : refusal;
}

/** Takes the writes' locks: nobody else may hold them, and a snapshot must still be true for what is written. */
function write(world: World, point: CallPoint, own: OpenTransaction, writes: readonly Write[]): Next<World> {
  const { transaction, operation, response } = point;
  for (const resource of writes) {
    if (isLocked(world, transaction, resource)) {
      return { refusal: refuse(`${operation.kind}: writes what another transaction holds`, "waits") };
    }
    if (own.snapshot !== null && isStale(world, own.snapshot, resource)) {
      return {
        refusal: refuse(
          `${operation.kind}: writes what was changed since its snapshot`,
          describeError("serialization failure"),
        ),
      };
    }
  }
  const locks = new Set([...own.locks, ...writes.map(resourceName)]);
  const held = {
    ...own,
    lockedEarly: fresh.lockedEarly,
    statement: null,
    writes: [...own.writes, ...writes],
    locks,
  };
  const after = withOpen(world, transaction.id, held);
  return to({ ...after, tokens: new Set([...world.tokens, ...tokensOf(operation, response)]) });
}

function tokensOf(operation: Operation, response: Response): readonly string[] {
  if (operation.kind !== "claim" || response.kind !== "ok") return [];
  return (response.rows as readonly ClaimedRow[]).map((row) => row.leaseToken);
}

/** The transaction has failed: every further call says so, and its effects and locks are gone, those since the innermost
 *  savepoint where it has one. */
function fail(world: World, { id }: TransactionInfo): World {
  const own = openOf(world, id);
  const innermost = own.savepoints.at(-1);
  if (innermost === undefined) return withOpen(world, id, { ...fresh, failed: true });
  return withOpen(world, id, { ...backTo(own, innermost), failed: true });
}

import { describeError, refuse, type Refusal } from "./judgement.ts";
import { realises } from "./errors.ts";
import { judge } from "./judge.ts";
import type { Next, SequentialModel } from "./linearization.ts";
import { isExpired, repairOrder } from "./repair.ts";
import { batchChoices } from "./batch-choices.ts";
import { compareOrder, type Order } from "./batch.ts";
import { claimOrder, isDue } from "./claim.ts";
import { type Observation, stateDifference } from "./observation.ts";
import type { Isolation, Micros, Operation } from "./operation.ts";
import { type Caller, mayCall } from "./privileges.ts";
import type { ClaimedRow, Fail, RepairedRow, Response } from "./response.ts";
import { activeSlot, emptyState, keyOf, type OutboxState, type PendingRow } from "./state.ts";
import { applyWrites, type Resource, resourceName, versionOf, type Write } from "./write.ts";

/** What stays the same while a transaction lives. */
export interface TransactionInfo {
  readonly id: number;
  readonly session: number;
  readonly role: Caller;
  readonly isolation: Isolation;
  /** The transaction's start on the virtual clock. */
  readonly now: Micros;
}

/** What may be done to a call from outside, by the name of the error that it then may meet. It may also wait for no lock,
 *  and that beside a TRUNCATE which stands in line for a whole table, and everybody else behind it. */
export type Interruption =
  "terminated" | "crashed" | "cancelled" | "lock timeout" | "lock timeout behind a TRUNCATE";

/** A point of a history of transactions (see linearization.ts). */
export type TransactionPoint =
  /** The snapshot of a REPEATABLE READ or SERIALIZABLE transaction: at its first call. */
  | { readonly kind: "snapshot"; readonly transaction: TransactionInfo }
  /** The snapshot of one statement under READ COMMITTED, where it may be older than the moment that the statement gets its
   *  row lock: a plain UPDATE judges the row again then, but sees no row that came meanwhile. */
  | { readonly kind: "statement"; readonly transaction: TransactionInfo }
  /** What a call that was stopped on its way may already have locked, before the point at which it is judged: until then,
   *  or until it fails. */
  | {
      readonly kind: "lock";
      readonly transaction: TransactionInfo;
      readonly operation: Operation;
      readonly response: Response;
    }
  | {
      readonly kind: "call";
      readonly transaction: TransactionInfo;
      readonly operation: Operation;
      readonly response: Response;
      /** For a 40P01: a transaction of several calls is in the cycle. */
      readonly cycleHasSeveralCalls: boolean;
      /** What was done to the call from outside; null for nothing. */
      readonly interruption: Interruption | null;
    }
  /** What COMMIT answered: COMMIT, ROLLBACK (the transaction had failed), or an error. Unknown: whoever asked was told
   *  nothing, and it happened or did not. */
  | {
      readonly kind: "commit";
      readonly transaction: TransactionInfo;
      readonly outcome: "committed" | "rolled back" | "unknown" | Fail;
    }
  | { readonly kind: "rollback"; readonly transaction: TransactionInfo }
  | SavepointPoint
  /** All sessions at rest: the committed rows. */
  | { readonly kind: "observe"; readonly observation: Observation };

/** SAVEPOINT, ROLLBACK TO SAVEPOINT, RELEASE SAVEPOINT: the latest of the name. */
interface SavepointPoint {
  readonly kind: "savepoint" | "rollbackTo" | "release";
  readonly transaction: TransactionInfo;
  readonly name: string;
  readonly outcome: "done" | Fail;
}

interface OpenTransaction {
  /** What a REPEATABLE READ or SERIALIZABLE transaction reads; null under READ COMMITTED. */
  readonly snapshot: OutboxState | null;
  /** What the statement in flight reads, where that is a point of its own. */
  readonly statement: OutboxState | null;
  /** world.serializableCommits when the snapshot was taken. */
  readonly serializableCommits: number;
  readonly writes: readonly Write[];
  /** The writes' resources. */
  readonly locks: ReadonlySet<string>;
  /** What the call in flight has locked on its way. */
  readonly lockedEarly: ReadonlySet<string>;
  readonly failed: boolean;
  /** The innermost last. */
  readonly savepoints: readonly Savepoint[];
  /** It may have written something that it took back: another serializable transaction has met it all the same. */
  readonly tookBack: boolean;
}

interface Savepoint {
  readonly name: string;
  /** How many writes came before it. */
  readonly writes: number;
}

/** Committed state, what each open transaction holds, and the little history that later answers depend on. */
export interface World {
  readonly committed: OutboxState;
  readonly open: ReadonlyMap<number, OpenTransaction>;
  /** Every lease token that any claim has returned, rolled back or not. */
  readonly tokens: ReadonlySet<string>;
  /** How many SERIALIZABLE transactions have committed a write. */
  readonly serializableCommits: number;
}

const fresh: OpenTransaction = {
  snapshot: null,
  statement: null,
  serializableCommits: 0,
  writes: [],
  locks: new Set(),
  lockedEarly: new Set(),
  failed: false,
  savepoints: [],
  tookBack: false,
};

/** The outbox under transactions, locks and snapshots (contract 3, "Isolation"). `ceiling`: null when its setting is bad. */
export function transactionModel(ceiling: number | null): SequentialModel<World, TransactionPoint> {
  return {
    initial: { committed: emptyState, open: new Map(), tokens: new Set(), serializableCommits: 0 },
    next: (world, point) => next(world, point, ceiling),
    key: worldKey,
  };
}

function next(world: World, point: TransactionPoint, ceiling: number | null): Next<World> {
  switch (point.kind) {
    case "snapshot":
      return to(takeSnapshot(world, point.transaction));
    case "statement": {
      const { id } = point.transaction;
      return to(withOpen(world, id, { ...openOf(world, id), statement: world.committed }));
    }
    case "lock":
      return { states: { [Symbol.iterator]: () => lockEarly(world, point) } };
    case "call":
      return call(world, point, ceiling);
    case "commit":
      return commit(world, point);
    case "rollback":
      return to(close(world, point.transaction));
    case "savepoint":
    case "rollbackTo":
    case "release":
      return savepoint(world, point);
    case "observe": {
      const refusal = stateDifference(world.committed, point.observation);
      return refusal === null ? to(world) : { refusal };
    }
  }
}

/** Nothing is locked yet, or all is. A row is locked where it is found, and not where another transaction holds it or a
 *  snapshot is no longer true for it. */
function* lockEarly(world: World, point: LockPoint): Generator<World, undefined> {
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

type LockPoint = Extract<TransactionPoint, { kind: "lock" }>;
type CallPoint = Extract<TransactionPoint, { kind: "call" }>;
type CommitPoint = Extract<TransactionPoint, { kind: "commit" }>;

function to(world: World): Next<World> {
  return { states: [world] };
}

function takeSnapshot(world: World, { id }: TransactionInfo): World {
  const { committed, serializableCommits } = world;
  return withOpen(world, id, { ...openOf(world, id), snapshot: committed, serializableCommits });
}

function call(world: World, point: CallPoint, ceiling: number | null): Next<World> {
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

/** The places in unique indexes that a call on a table may have to wait for. */
function placesOf(operation: Operation): readonly Resource[] {
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

/** 40001: never under READ COMMITTED; under REPEATABLE READ only if something needed was changed since the snapshot;
 *  under SERIALIZABLE also beside another serializable transaction that committed a write since. */
function serializationFailure(world: World, point: CallPoint, own: OpenTransaction): "allowed" | Refusal {
  const refusal = refuse("isolation: 40001 without a cause", "no 40001");
  if (own.snapshot === null) return refusal;
  if (beside(world, point.transaction, own)) return "allowed";
  const snapshot = own.snapshot;
  const isChanged = (resource: Resource) =>
    versionOf(snapshot, resource) !== versionOf(world.committed, resource);
  const isTakeable = (resource: Resource) =>
    !isChanged(resource) && !isLocked(world, point.transaction, resource);
  const needed = needs(applyWrites(snapshot, own.writes), point, isTakeable);
  return needed.some(isChanged) ? "allowed" : refusal;
}

function beside(world: World, { isolation }: TransactionInfo, own: OpenTransaction): boolean {
  return isolation === "SERIALIZABLE" && world.serializableCommits > own.serializableCommits;
}

/** The rows and keys that a call may have to lock or write, as its snapshot shows them. */
function needs(
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

/** What the transaction holds itself nobody else has published since. The place in the unique index is judged on the latest
 *  rows, not on the snapshot. */
function isStale(world: World, snapshot: OutboxState, resource: Resource): boolean {
  return (
    resource.table !== "activePolicy" &&
    versionOf(snapshot, resource) !== versionOf(world.committed, resource)
  );
}

function tokensOf(operation: Operation, response: Response): readonly string[] {
  if (operation.kind !== "claim" || response.kind !== "ok") return [];
  return (response.rows as readonly ClaimedRow[]).map((row) => row.leaseToken);
}

function commit(world: World, { transaction, outcome }: CommitPoint): Next<World> {
  const own = openOf(world, transaction.id);
  const closed = close(world, transaction);
  if (outcome === "unknown") {
    const published = publish(world, transaction, own);
    return { states: own.failed || !hasWritten(own) ? [closed] : [published, closed] };
  }
  if (typeof outcome !== "string") {
    if (outcome.sqlstate === "40001" && !own.failed && beside(world, transaction, own)) return to(closed);
    return { refusal: refuse(`commit: must not fail, failed with ${outcome.sqlstate}`, "COMMIT") };
  }
  if (own.failed !== (outcome === "rolled back")) {
    return { refusal: refuse("commit: answers what happened", own.failed ? "ROLLBACK" : "COMMIT") };
  }
  return to(publish(world, transaction, own));
}

/** The transaction is over, and its effects are everybody's, if there are any. */
function publish(world: World, transaction: TransactionInfo, own: OpenTransaction): World {
  const closed = close(world, transaction);
  if (own.failed || !hasWritten(own)) return closed;
  const counts = transaction.isolation === "SERIALIZABLE" ? 1 : 0;
  const committed = applyWrites(world.committed, own.writes);
  return { ...closed, committed, serializableCommits: world.serializableCommits + counts };
}

/** Has it met what others do, also where it has taken that back? */
function hasWritten({ writes, tookBack }: OpenTransaction): boolean {
  return writes.length > 0 || tookBack;
}

/** The transaction has failed: every further call says so, and its effects and locks are gone, those since the innermost
 *  savepoint where it has one. */
function fail(world: World, { id }: TransactionInfo): World {
  const own = openOf(world, id);
  const innermost = own.savepoints.at(-1);
  if (innermost === undefined) return withOpen(world, id, { ...fresh, failed: true });
  return withOpen(world, id, { ...backTo(own, innermost), failed: true });
}

/** A savepoint is taken, let go or gone back to; a transaction that has failed goes on after that alone. */
function savepoint(world: World, point: SavepointPoint): Next<World> {
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
function backTo(own: OpenTransaction, { writes: count }: Savepoint): OpenTransaction {
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

function close(world: World, { id }: TransactionInfo): World {
  const open = new Map(world.open);
  open.delete(id);
  return { ...world, open };
}

function openOf(world: World, id: number): OpenTransaction {
  return world.open.get(id) ?? fresh;
}

function withOpen(world: World, id: number, transaction: OpenTransaction): World {
  return { ...world, open: new Map(world.open).set(id, transaction) };
}

function isLocked(world: World, { id }: TransactionInfo, resource: Resource): boolean {
  const name = resourceName(resource);
  return [...world.open].some(
    ([other, { locks, lockedEarly }]) => other !== id && (locks.has(name) || lockedEarly.has(name)),
  );
}

/** The rows' contents do not tell everything: an UPDATE that changes nothing makes a new version all the same. */
function worldKey(world: World): string {
  const changed = new Map(
    [...world.open].map(([id, { snapshot }]) => [
      id,
      changedSince(snapshot ?? world.committed, world.committed),
    ]),
  );
  return JSON.stringify([world, changed], (_, value: unknown) =>
    value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)].sort() : value,
  );
}

/** The resources of the snapshot that have another version by now. */
function changedSince(snapshot: OutboxState, committed: OutboxState): readonly string[] {
  if (snapshot === committed) return [];
  const tables = Object.keys(snapshot) as Resource["table"][];
  return tables
    .flatMap((table) => [...snapshot[table].keys()].map((id): Resource => ({ table, id })))
    .filter((resource) => versionOf(snapshot, resource) !== versionOf(committed, resource))
    .map(resourceName);
}

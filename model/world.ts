import type { Next } from "./linearization.ts";
import { type OutboxState, emptyState } from "./state.ts";
import type { TransactionInfo } from "./transaction-point.ts";
import { type Resource, type Write, resourceName, versionOf } from "./write.ts";

/** What an open transaction reads, has written and holds. */
export interface OpenTransaction {
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

/** A savepoint that can be gone back to. */
export interface Savepoint {
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

export const emptyWorld: World = {
  committed: emptyState,
  open: new Map(),
  tokens: new Set(),
  serializableCommits: 0,
};

/** A transaction that has done nothing yet. */
export const fresh: OpenTransaction = {
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

export function openOf(world: World, id: number): OpenTransaction {
  return world.open.get(id) ?? fresh;
}

export function withOpen(world: World, id: number, transaction: OpenTransaction): World {
  return { ...world, open: new Map(world.open).set(id, transaction) };
}

/** Without the transaction, and what it held. */
export function close(world: World, { id }: TransactionInfo): World {
  const open = new Map(world.open);
  open.delete(id);
  return { ...world, open };
}

/** Does another transaction hold it? */
export function isLocked(world: World, { id }: TransactionInfo, resource: Resource): boolean {
  const name = resourceName(resource);
  return [...world.open].some(
    ([other, { locks, lockedEarly }]) => other !== id && (locks.has(name) || lockedEarly.has(name)),
  );
}

/** What the transaction holds itself nobody else has published since. The place in the unique index is judged on the latest
 *  rows, not on the snapshot. */
export function isStale(world: World, snapshot: OutboxState, resource: Resource): boolean {
  return (
    resource.table !== "activePolicy" &&
    versionOf(snapshot, resource) !== versionOf(world.committed, resource)
  );
}

/** Is it serializable, and has another such one committed a write since its snapshot? */
export function isBeside(world: World, { isolation }: TransactionInfo, own: OpenTransaction): boolean {
  return isolation === "SERIALIZABLE" && world.serializableCommits > own.serializableCommits;
}

/** This world and no other. */
export function to(world: World): Next<World> {
  return { states: [world] };
}

/** The rows' contents do not tell everything: an UPDATE that changes nothing makes a new version all the same. */
export function worldKey(world: World): string {
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

import { lockEarly } from "./early-locks.ts";
import type { Next, SequentialModel } from "./linearization.ts";
import { stateDifference } from "./observation.ts";
import { savepoint } from "./savepoint.ts";
import { call } from "./transaction-call.ts";
import { commit } from "./transaction-end.ts";
import type { TransactionInfo, TransactionPoint } from "./transaction-point.ts";
import { type World, close, emptyWorld, openOf, to, withOpen, worldKey } from "./world.ts";

/** The outbox under transactions, locks and snapshots (contract 3, "Isolation"). `ceiling`: null when its setting is bad. */
export function transactionModel(ceiling: number | null): SequentialModel<World, TransactionPoint> {
  return {
    initial: emptyWorld,
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

function takeSnapshot(world: World, { id }: TransactionInfo): World {
  const { committed, serializableCommits } = world;
  return withOpen(world, id, { ...openOf(world, id), snapshot: committed, serializableCommits });
}

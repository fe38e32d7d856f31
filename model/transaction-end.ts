import { refuse } from "./judgement.ts";
import type { Next } from "./linearization.ts";
import type { CommitPoint, TransactionInfo } from "./transaction-point.ts";
import { type OpenTransaction, type World, close, isBeside, openOf, to } from "./world.ts";
import { applyWrites } from "./write.ts";

/** The worlds after a COMMIT that was answered like that, or why it may not have been. */
export function commit(world: World, { transaction, outcome }: CommitPoint): Next<World> {
  const own = openOf(world, transaction.id);
  const closed = close(world, transaction);
  if (outcome === "unknown") {
    const published = publish(world, transaction, own);
    return { states: own.failed || !hasWritten(own) ? [closed] : [published, closed] };
  }
  if (typeof outcome !== "string") {
    if (outcome.sqlstate === "40001" && !own.failed && isBeside(world, transaction, own)) return to(closed);
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

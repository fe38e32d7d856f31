import type { EnqueuedRow } from "../../model/response.ts";
import { keyOf } from "../../model/state.ts";
import {
  type Answered,
  committedBefore,
  isCommitted,
  type Look,
  rowsOf,
  type Timeline,
} from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const idempotency: Invariant = {
  id: "INV-02",
  name: "idempotency",
  statement: "one key has one outbox_id, sequence_id and created_at, for ever",
  check: (timeline) => checkAnswers(timeline) ?? firstFault(timeline.looks, checkLook),
};

/** Two answers for one key must agree if both committed, or if one had committed before the other was asked. */
function checkAnswers(timeline: Timeline): Fault | null {
  const enqueued = timeline.answered.filter((each) => rowsOf(each, "enqueue").length > 0);
  return firstFault(enqueued, (later) => {
    const earlier = enqueued.find(
      (each) => each.respondedAt < later.respondedAt && sameKey(each, later) && bound(timeline, each, later),
    );
    if (earlier === undefined) return null;
    const [expected, observed] = [identity(earlier), identity(later)];
    if (expected === observed) return null;
    return { event: later.respondedAt, rule: "a key has two identities", expected, observed };
  });
}

function bound(timeline: Timeline, earlier: Answered, later: Answered): boolean {
  if (committedBefore(timeline, earlier, later.invokedAt)) return true;
  return [earlier, later].every((each) => isCommitted(timeline, each));
}

function sameKey(a: Answered, b: Answered): boolean {
  if (a.operation.kind !== "enqueue" || b.operation.kind !== "enqueue") return false;
  return keyOf(a.operation) === keyOf(b.operation);
}

function identity(answered: Answered): string {
  const [row] = rowsOf(answered, "enqueue");
  return row === undefined ? "none" : describe(row);
}

function describe({ outboxId, sequenceId, createdAt }: EnqueuedRow): string {
  return `${outboxId}, sequence ${sequenceId}, created at ${createdAt}`;
}

function checkLook({ event, observation }: Look): Fault | null {
  const idOf = new Map<string, string>();
  return firstFault([...observation.pending, ...observation.attempts], (row) => {
    const known = idOf.get(keyOf(row));
    idOf.set(keyOf(row), row.outboxId);
    if (known === undefined || known === row.outboxId) return null;
    return { event, rule: "a key has two rows", expected: known, observed: row.outboxId };
  });
}

import type { Operation } from "../model/operation.ts";
import { outcomeOf } from "./outcome.ts";
import { type Answered, rowsOf, type Timeline } from "./timeline.ts";

/** Of what overlapped an operation, so much makes its name: more of it would tell how crowded a case was, and hardly more
 *  of what can happen. */
const mostBeside = 2;

/** The transitions of the model that a history shows, one for each operation that was answered, by name: operation, outcome,
 *  whether it waited for a lock, and what overlapped it. That is of each other session the closest, and of those the two
 *  closest: an operation on its row before one elsewhere, one under way before one whose transaction was merely open. */
export function transitionsOf(timeline: Timeline): readonly string[] {
  const keys = keysOf(timeline);
  const waited = waitedAt(timeline);
  return timeline.answered.map((each) => {
    const beside = overlapping(timeline, each, keys);
    return [
      `${each.operation.kind}: ${outcomeOf(timeline, each)}`,
      ...(waited.has(each.invokedAt) ? ["after a wait"] : []),
      beside.length === 0 ? "alone" : `beside ${beside.join(", ")}`,
    ].join(" ");
  });
}

/** Where the calls began that waited for a lock. */
function waitedAt({ history: { events } }: Timeline): ReadonlySet<number> {
  const waiting = new Set(events.flatMap((event) => (event.kind === "wait" ? [event.call] : [])));
  return new Set(
    events.flatMap((event, index) => (event.kind === "invoke" && waiting.has(event.call) ? [index] : [])),
  );
}

/** Rows by the keys that enqueued them. */
type Keys = ReadonlyMap<string, string>;

function keysOf({ answered }: Timeline): Keys {
  const found = new Map<string, string>();
  for (const each of answered) {
    const [row] = rowsOf(each, "enqueue");
    const key = keyOf(each.operation);
    if (row !== undefined && key !== null) found.set(key, row.outboxId);
  }
  return found;
}

function keyOf(operation: Operation): string | null {
  if (operation.kind !== "enqueue") return null;
  return JSON.stringify([operation.instructionId, operation.idempotencyKey]);
}

/** The rows that an operation asked for or was given. */
function rowsTouched(answered: Answered, keys: Keys): readonly string[] {
  const { operation } = answered;
  switch (operation.kind) {
    case "enqueue": {
      const key = keyOf(operation);
      return key === null ? [] : [keys.get(key) ?? key];
    }
    case "complete":
      return operation.outboxId === null ? [] : [operation.outboxId];
    case "claim":
      return rowsOf(answered, "claim").map(({ outboxId }) => outboxId);
    case "repair":
      return rowsOf(answered, "repair").map(({ outboxId }) => outboxId);
    default:
      return [];
  }
}

function overlapping(timeline: Timeline, each: Answered, keys: Keys): readonly string[] {
  const own = rowsTouched(each, keys);
  const closest = new Map<number, Closeness>();
  for (const other of timeline.answered) {
    const { session } = other.transaction;
    if (session === each.transaction.session || !overlaps(timeline, other, each)) continue;
    const closeness = {
      kind: other.operation.kind,
      sameRow: rowsTouched(other, keys).some((row) => own.includes(row)),
      underWay: other.respondedAt > each.invokedAt,
    };
    const before = closest.get(session);
    if (before === undefined || rankOf(closeness) >= rankOf(before)) closest.set(session, closeness);
  }
  const sorted = [...closest.values()].sort((a, b) => rankOf(b) - rankOf(a) || compare(a.kind, b.kind));
  return [...new Set(sorted.map(closenessName))].slice(0, mostBeside);
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

interface Closeness {
  readonly kind: Operation["kind"];
  readonly sameRow: boolean;
  /** Else its transaction was open. */
  readonly underWay: boolean;
}

function rankOf({ sameRow, underWay }: Closeness): number {
  return 2 * Number(sameRow) + Number(underWay);
}

function closenessName({ kind, sameRow, underWay }: Closeness): string {
  return `${kind}${sameRow ? " of its row" : ""}${underWay ? " under way" : ""}`;
}

/** Was the other under way, or its transaction open, while this one was? */
function overlaps({ fates }: Timeline, other: Answered, { invokedAt, respondedAt }: Answered): boolean {
  const endedAt = Math.max(other.respondedAt, fates.get(other.transaction.id)?.endedAt ?? Infinity);
  return other.invokedAt < respondedAt && endedAt > invokedAt;
}

import { committedBefore, rowsOf, type Timeline } from "./timeline.ts";

/** A transaction that committed a first enqueue: it notifies once, and that is not kept for who does not listen then. */
export interface WakeUp {
  readonly session: number | null;
  /** The event at which it had committed. */
  readonly committedAt: number;
  readonly heard: boolean;
}

export function wakeUpsOf(timeline: Timeline): readonly WakeUp[] {
  const { fates, history } = timeline;
  const first = firstEnqueues(timeline);
  return [...fates]
    .filter(([id, { committed }]) => committed && first.has(id))
    .map(([id, { endedAt: committedAt }]) => ({
      session: history.transactions[id]?.session ?? null,
      committedAt,
      heard: listensAt(timeline, committedAt),
    }));
}

/** The transactions that were told a new outbox id, and kept it: a repeat tells one that was told in a transaction that has
 *  committed. */
function firstEnqueues(timeline: Timeline): ReadonlySet<number> {
  const told = timeline.answered.flatMap((by) =>
    rowsOf(by, "enqueue").map(({ outboxId }) => ({ by, outboxId })),
  );
  const isFirst = ({ by, outboxId }: (typeof told)[number]) =>
    !told.some(
      (earlier) => earlier.outboxId === outboxId && committedBefore(timeline, earlier.by, by.respondedAt),
    );
  const kept = told.filter(({ by }) => by.undoneAt === null);
  return new Set(kept.filter(isFirst).map(({ by }) => by.transaction.id));
}

function listensAt({ history }: Timeline, event: number): boolean {
  const last = history.events.slice(0, event).findLast(({ kind }) => kind === "listener");
  return last?.kind !== "listener" || last.listening;
}

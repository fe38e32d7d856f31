import { committedBefore, type Look, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const wakeUp: Invariant = {
  id: "INV-10",
  name: "wake-up",
  statement:
    "a transaction that committed a first enqueue gives one notification, with an empty payload; a repeat, a rollback and a savepoint rolled back give none",
  check: (timeline) => {
    const first = firstEnqueues(timeline);
    return firstFault(timeline.looks.entries(), ([index, look]) =>
      checkLook(timeline, first, timeline.looks[index - 1], look),
    );
  },
};

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

function checkLook(
  { fates, history }: Timeline,
  first: ReadonlySet<number>,
  before: Look | undefined,
  { event, notifications }: Look,
): Fault | null {
  const expected = [...fates]
    .filter(([id, { committed, endedAt }]) => {
      return committed && first.has(id) && endedAt > (before?.event ?? -1) && endedAt < event;
    })
    .map(([id]) => history.transactions[id]?.session ?? null);
  const fault = (rule: string) => ({
    event,
    rule,
    expected: `notifications from sessions [${expected.join(", ")}]`,
    observed: `from [${notifications.map(({ session }) => session).join(", ")}]`,
  });
  if (notifications.some(({ payload }) => payload !== "")) return fault("a notification has a payload");
  const open = [...notifications.map(({ session }) => session)];
  for (const session of expected) {
    const index = open.indexOf(session);
    if (index < 0) return fault("a first enqueue gives no notification");
    open.splice(index, 1);
  }
  return open.length === 0 ? null : fault("a notification without a first enqueue");
}

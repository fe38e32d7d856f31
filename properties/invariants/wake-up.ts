import { sessionName } from "../../sim/session-name.ts";
import type { Look } from "../timeline.ts";
import { type WakeUp, wakeUpsOf } from "../wake-ups.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const wakeUp: Invariant = {
  id: "INV-10",
  name: "wake-up",
  statement:
    "a transaction that committed a first enqueue gives one notification, with an empty payload; a repeat, a rollback and a savepoint rolled back give none",
  check: (timeline) => {
    const heard = wakeUpsOf(timeline).filter((wakeUp) => wakeUp.heard);
    return firstFault(timeline.looks.entries(), ([index, look]) =>
      checkLook(heard, timeline.looks[index - 1], look),
    );
  },
};

/** "notifications from A, A, B": one for each transaction that enqueued first. */
function sendersText(sessions: readonly (number | null)[]): string {
  const names = sessions.map((session) => (session === null ? "an unknown session" : sessionName(session)));
  if (names.length === 0) return "no notification";
  return `${names.length === 1 ? "a notification" : "notifications"} from ${names.join(", ")}`;
}

function checkLook(
  heard: readonly WakeUp[],
  before: Look | undefined,
  { event, notifications }: Look,
): Fault | null {
  const expected = heard
    .filter(({ committedAt }) => committedAt > (before?.event ?? -1) && committedAt < event)
    .map(({ session }) => session);
  const fault = (rule: string) => ({
    event,
    rule,
    expected: sendersText(expected),
    observed: sendersText(notifications.map(({ session }) => session)),
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

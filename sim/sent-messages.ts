import type { FaultEvent, History } from "./history.ts";
import { isOperation } from "./history.ts";
import { type Message, messageOf } from "./message.ts";
import type { Schedule } from "./schedule.ts";

/** What was sent for each of a history's calls, by call id. Ids that the database made up stand in it by name. */
export function sentMessages({ setup, sessions }: Schedule, history: History): readonly Message[] {
  const impatient = impatientCalls(history);
  return history.calls.map(({ session, transaction, autocommit, action }, id) => {
    const info = history.transactions[transaction];
    if (info === undefined) throw new RangeError(`malformed history: transaction ${transaction}`);
    const begins = autocommit || action.kind === "begin";
    return messageOf(action, {
      start: begins ? { ...info, settings: setup.settings ?? {} } : null,
      prepared: sessions[session]?.prepared === true,
      impatient: impatient.has(id),
    });
  });
}

/** The calls that were sent with a lock timeout: the next one of a session after that fault. */
function impatientCalls({ events, calls }: History): ReadonlySet<number> {
  const sessions = new Set<number>();
  const impatient = new Set<number>();
  for (const event of events) {
    if (event.kind === "fault") noteFault(sessions, event);
    if (event.kind === "closing" || event.kind === "crash") sessions.clear();
    if (event.kind !== "invoke") continue;
    const call = calls[event.call];
    if (call !== undefined && isOperation(call.action) && sessions.delete(call.session))
      impatient.add(event.call);
  }
  return impatient;
}

function noteFault(sessions: Set<number>, { fault, session }: FaultEvent): void {
  if (fault === "lockTimeout") sessions.add(session);
  if (fault === "terminate") sessions.delete(session);
}

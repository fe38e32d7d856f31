import type { Event, History, Told } from "../../sim/history.ts";
import { plainest } from "../shrink/plainest.ts";
import type { Call, FaultKind, Schedule, Step } from "../../sim/schedule.ts";

/** Schedules by hand, for tests: all about one key, four sessions of one role. */
export const row = { instruction: "a", key: "1" };

export const enqueue = (session: number, key = "1", participant = "p"): Step =>
  call(session, { op: "enqueue", instruction: "a", key, participant, rail: "sepa", payload: "{}" });
export const claim = (session: number, leaseSeconds = 10): Step =>
  call(session, { op: "claim", batchSize: 1, worker: "w1", leaseSeconds });
export const repair = (session: number): Step => call(session, { op: "repair", batchSize: 1, worker: "r1" });
export const complete = (session: number, key = "1"): Step =>
  call(session, { op: "complete", ...plainest.complete, row: { ...row, key } });
export const begin = (
  session: number,
  isolation: "READ COMMITTED" | "REPEATABLE READ" = "READ COMMITTED",
): Step => ({
  kind: "begin",
  session,
  isolation,
});
export const commit = (session: number): Step => ({ kind: "commit", session });
export const rollback = (session: number): Step => ({ kind: "rollback", session });
export const fault = (kind: FaultKind, session: number): Step => ({ kind, session });
export const toExpiry = (offsetMicros = 0): Step => ({
  kind: "advanceTo",
  row,
  deadline: "lease",
  offsetMicros,
});

export function call(session: number, of: Call): Step {
  return { kind: "call", session, call: of };
}

export function schedule(...steps: readonly Step[]): Schedule {
  const session = { role: "symphony_control", isolation: "READ COMMITTED" } as const;
  return { setup: { retryCeiling: null }, sessions: [session, session, session, session], steps };
}

/** A history in short: "1 waits for 0", "1 ok 1" for each wait and answer, without what begins and ends transactions, and
 *  without the closing phase. */
export function tell(history: History): string[] {
  const closing = history.events.findIndex(({ kind }) => kind === "closing");
  const session = (event: Event) => ("call" in event ? history.calls[event.call]?.session : undefined);
  return history.events.slice(0, closing).flatMap((event) => {
    if (event.kind === "wait") return [`${session(event)} waits for ${event.blockedBy.join()}`];
    if (event.kind !== "respond" || event.response.kind === "ended") return [];
    return [`${session(event)} ${short(event.response)}`];
  });
}

function short(response: Told): string {
  switch (response.kind) {
    case "ok":
      return `ok ${response.rows.length}`;
    case "fail":
      return response.sqlstate;
    case "ended":
      return response.command;
    case "info":
      return `? (${short(response.lost)})`;
  }
}

import { realises } from "../../model/errors.ts";
import { answerOf, isOperation } from "../../sim/history.ts";
import type { LockWait, Timeline } from "../timeline.ts";
import { firstFault, type Invariant } from "./invariant.ts";

export const noWaiting: Invariant = {
  id: "INV-15",
  name: "no waiting",
  statement: "claim and repair never wait for a row lock",
  check: (timeline) =>
    firstFault([...timeline.waits, ...wouldHaveWaited(timeline)], ({ event, operation, lock }) =>
      // Whoever tries to TRUNCATE a ledger stands in line for the whole table, and others behind it.
      lock !== "relation" && (operation === "claim" || operation === "repair")
        ? {
            event,
            rule: `${operation} waits for a lock`,
            expected: "no wait",
            observed: `waits for a ${lock}`,
          }
        : null,
    ),
};

/** Calls that gave up where they would have waited, which for the whole table can only be behind a TRUNCATE. */
function wouldHaveWaited({ history, interruptions }: Timeline): readonly LockWait[] {
  return history.events.flatMap((event, index) => {
    if (event.kind !== "respond") return [];
    const answer = answerOf(event.response);
    const action = history.calls[event.call]?.action;
    if (answer.kind !== "fail" || action === undefined || !isOperation(action)) return [];
    if (!realises(answer.sqlstate, "lock timeout")) return [];
    const behindTruncate = interruptions.get(event.call) === "lock timeout behind a TRUNCATE";
    return [{ event: index, operation: action.kind, lock: behindTruncate ? "relation" : "lock" }];
  });
}

import { isTerminal } from "../../model/attempt.ts";
import type { AttemptRow } from "../../model/state.ts";
import type { Look } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const terminalUniqueness: Invariant = {
  id: "INV-06",
  name: "terminal uniqueness",
  statement: "at most one terminal attempt per outbox_id, and none after it",
  check: (timeline) => firstFault(timeline.looks, checkLook),
};

function checkLook({ event, observation }: Look): Fault | null {
  const ended = new Map<string, AttemptRow>();
  for (const row of observation.attempts) {
    if (isTerminal(row.state) && !ended.has(row.outboxId)) ended.set(row.outboxId, row);
  }
  return firstFault(observation.attempts, (row) => {
    const terminal = ended.get(row.outboxId);
    if (terminal === undefined || terminal === row) return null;
    if (row.attemptNo < terminal.attemptNo && !isTerminal(row.state)) return null;
    return {
      event,
      rule: "an attempt after the terminal one",
      expected: `${row.outboxId} ended with attempt ${terminal.attemptNo}`,
      observed: `attempt ${row.attemptNo}, ${row.state}`,
    };
  });
}

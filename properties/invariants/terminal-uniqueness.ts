import { isTerminal } from "../../model/attempt.ts";
import type { Look } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const terminalUniqueness: Invariant = {
  id: "INV-06",
  name: "terminal uniqueness",
  statement: "at most one terminal attempt per outbox_id, and none after it",
  check: (timeline) => firstFault(timeline.looks, checkLook),
};

function checkLook({ event, observation }: Look): Fault | null {
  const ended = new Map<string, number>();
  for (const row of observation.attempts) {
    if (isTerminal(row.state) && !ended.has(row.outboxId)) ended.set(row.outboxId, row.attemptNo);
  }
  return firstFault(observation.attempts, ({ outboxId, attemptNo, state }) => {
    const terminal = ended.get(outboxId);
    if (terminal === undefined || attemptNo <= terminal) return null;
    return {
      event,
      rule: "an attempt after the terminal one",
      expected: `${outboxId} ended with attempt ${terminal}`,
      observed: `attempt ${attemptNo}, ${state}`,
    };
  });
}

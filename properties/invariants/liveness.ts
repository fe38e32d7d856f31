import type { PendingRow } from "../../model/state.ts";
import { closingRounds } from "../../sim/closing.ts";
import type { Timeline } from "../timeline.ts";
import type { Fault, Invariant } from "./invariant.ts";

export const liveness: Invariant = {
  id: "INV-14",
  name: "liveness",
  statement:
    "with no transaction left open, a valid ceiling and time free to jump, an honest worker and a repairer bring every row to a terminal attempt in a bounded number of calls",
  check: checkClosing,
};

/** Judged at the end of the closing phase (sim/closing.ts), which has its bound from contract 3. Where it was left out, for
 *  want of a valid ceiling, nothing was promised. */
function checkClosing({ history, looks }: Timeline): Fault | null {
  const closing = history.events.find((event) => event.kind === "closing");
  const last = looks.at(-1);
  if (closing === undefined || closing.omitted !== null || last === undefined) return null;
  const { pending } = last.observation;
  if (pending.length === 0) return null;
  return {
    event: last.event,
    rule: "rows are left that nobody brings to an end",
    expected: `no pending row after ${closingRounds} rounds of repair, claim and complete`,
    observed: pending.map(describe).join("; "),
  };
}

function describe({ outboxId, attemptCount, leaseExpiresAt, nextAttemptAt }: PendingRow): string {
  const until = leaseExpiresAt === null ? `due at ${nextAttemptAt}` : `leased until ${leaseExpiresAt}`;
  return `${outboxId}: attempts ${attemptCount}, ${until}`;
}

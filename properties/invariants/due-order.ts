import { compareOrder } from "../../model/batch.ts";
import { claimOrder, isDue } from "../../model/claim.ts";
import type { PendingRow } from "../../model/state.ts";
import { type Answered, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const dueOrder: Invariant = {
  id: "INV-11",
  name: "due order",
  statement:
    "no claim passes over a row that was due, visible in its snapshot, unchanged since and unlocked throughout the call, in favour of a later one",
  check: (timeline) => firstFault(timeline.answered, (answered) => checkClaim(timeline, answered)),
};

/** Judged where the last observation is what the claim saw: in its transaction's first call, with no other transaction
 *  open. */
function checkClaim(timeline: Timeline, claim: Answered): Fault | null {
  const taken = rowsOf(claim, "claim");
  if (taken.length === 0 || !sawLastLook(timeline, claim)) return null;
  const look = timeline.looks.findLast(({ event }) => event < claim.invokedAt);
  const due = (look?.observation.pending ?? []).filter((row) => isDue(row, claim.transaction.now));
  const ids = new Set(taken.map((row) => row.outboxId));
  const rows = due.filter((row) => ids.has(row.outboxId));
  const passedOver = due.find((row) => !ids.has(row.outboxId) && rows.some((other) => isEarlier(row, other)));
  if (passedOver === undefined) return null;
  return {
    event: claim.respondedAt,
    rule: "a claim passes over an earlier due row",
    expected: `takes ${passedOver.outboxId}, due since ${passedOver.nextAttemptAt}, before any that is due later`,
    observed: `takes ${[...ids].join(", ")}, passes over ${passedOver.outboxId}`,
  };
}

function sawLastLook({ answered, history, fates }: Timeline, claim: Answered): boolean {
  const begun = history.calls.filter((call) => call.transaction !== claim.transaction.id);
  const othersOpen = begun.some((call) => {
    const fate = fates.get(call.transaction);
    const started = history.events.findIndex(
      (event) => event.kind === "invoke" && history.calls[event.call] === call,
    );
    return started < claim.respondedAt && (fate === undefined || fate.endedAt > claim.invokedAt);
  });
  const isFirst = !answered.some(
    (other) => other.transaction.id === claim.transaction.id && other.respondedAt < claim.respondedAt,
  );
  return isFirst && !othersOpen;
}

function isEarlier(a: PendingRow, b: PendingRow): boolean {
  return compareOrder(claimOrder(a), claimOrder(b)) < 0;
}

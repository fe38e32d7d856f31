import type { AttemptRow } from "../../model/state.ts";
import type { Look } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const appendOnly: Invariant = {
  id: "INV-07",
  name: "append-only",
  statement: "every row that a ledger ever held committed is still there, unchanged",
  check: (timeline) =>
    firstFault(timeline.looks.entries(), ([index, look]) => checkLooks(timeline.looks[index - 1], look)),
};

function checkLooks(before: Look | undefined, { event, observation }: Look): Fault | null {
  if (before === undefined) return null;
  const after = new Map(observation.attempts.map((row) => [nameOf(row), JSON.stringify(row)]));
  return firstFault(before.observation.attempts, (row) => {
    const expected = JSON.stringify(row);
    const observed = after.get(nameOf(row)) ?? "no such row";
    return expected === observed
      ? null
      : { event, rule: "an attempt has changed or gone", expected, observed };
  });
}

function nameOf({ outboxId, attemptNo }: AttemptRow): string {
  return `${outboxId} ${attemptNo}`;
}

import { type Ledger, ledgers } from "../../model/operation.ts";
import type { Look } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const appendOnly: Invariant = {
  id: "INV-07",
  name: "append-only",
  statement: "every row that a ledger ever held committed is still there, unchanged",
  check: (timeline) =>
    firstFault(timeline.looks.entries(), ([index, look]) => checkLooks(timeline.looks[index - 1], look)),
};

function checkLooks(before: Look | undefined, after: Look): Fault | null {
  if (before === undefined) return null;
  return firstFault(ledgers, (ledger) => {
    const rows = rowsByName(after, ledger);
    return firstFault(rowsByName(before, ledger), ([name, expected]) => {
      const observed = rows.get(name) ?? "no such row";
      if (expected === observed) return null;
      return { event: after.event, rule: `a row of ${ledger} has changed or gone`, expected, observed };
    });
  });
}

function rowsByName({ observation }: Look, ledger: Ledger): ReadonlyMap<string, string> {
  switch (ledger) {
    case "attempts":
      return named(observation.attempts, ({ outboxId, attemptNo }) => `${outboxId} ${attemptNo}`);
    case "attestations":
      return named(observation.attestations, ({ attestationId }) => attestationId);
    case "revokedCerts":
    case "revokedTokens":
      return named(observation[ledger], ({ id }) => id);
  }
}

function named<R>(rows: readonly R[], nameOf: (row: R) => string): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [nameOf(row), JSON.stringify(row)]));
}

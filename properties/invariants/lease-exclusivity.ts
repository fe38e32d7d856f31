import { leaseEvents, type LeaseEvent } from "../lease-history.ts";
import { isCommitted, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const leaseExclusivity: Invariant = {
  id: "INV-04",
  name: "lease exclusivity",
  statement: "at any time a row has at most one live lease, and no two claims that succeed share a token",
  check: (timeline) => sharedToken(timeline) ?? secondLiveLease(timeline),
};

function sharedToken(timeline: Timeline): Fault | null {
  const seen = new Set<string>();
  const granted = timeline.answered.flatMap((answered) =>
    rowsOf(answered, "claim").map((row) => ({ event: answered.respondedAt, token: row.leaseToken })),
  );
  return firstFault(granted, ({ event, token }) => {
    if (!seen.has(token)) {
      seen.add(token);
      return null;
    }
    return { event, rule: "two claims share a token", expected: "a fresh token", observed: token };
  });
}

function secondLiveLease(timeline: Timeline): Fault | null {
  const rows = new Set(
    timeline.answered.flatMap((answered) => rowsOf(answered, "claim").map((row) => row.outboxId)),
  );
  return firstFault(rows, (row) => {
    const committed = leaseEvents(timeline, row).filter(({ by }) => isCommitted(timeline, by));
    return firstFault(committed.entries(), ([index, event]) => overlap(row, committed[index - 1], event));
  });
}

function overlap(row: string, before: LeaseEvent | undefined, after: LeaseEvent): Fault | null {
  if (before?.kind !== "granted" || after.kind !== "granted") return null;
  if (after.by.transaction.now >= before.expiresAt) return null;
  return {
    event: after.by.respondedAt,
    rule: "a row has two live leases",
    expected: `no other lease of ${row} before ${before.expiresAt}, when ${before.token} ends`,
    observed: `${row} is leased again as ${after.token} at ${after.by.transaction.now}`,
  };
}

import { type Answered, isCommitted, rowsOf, type Timeline } from "../../properties/timeline.ts";
import type { Lease } from "../../schema/json/explanation.ts";
import type { StoryLine } from "./lines.ts";

/** The leases that claims were answered, and what became of each as callers were told. */
export function leasesOf(timeline: Timeline, lines: readonly StoryLine[]): readonly Lease[] {
  return timeline.answered.flatMap((claim) => {
    if (claim.operation.kind !== "claim") return [];
    const { workerId } = claim.operation;
    const granted = lineAt(lines, claim.respondedAt);
    if (granted === null) return [];
    return rowsOf(claim, "claim").map(({ outboxId, leaseToken, leaseExpiresAt }): Lease => {
      const expired = lines.findIndex(({ clock }, index) => index >= granted && clock >= leaseExpiresAt);
      return {
        row: outboxId,
        token: leaseToken,
        worker: workerId,
        session: claim.transaction.session,
        granted,
        expiresAt: leaseExpiresAt,
        expired: expired < 0 ? null : expired,
        ...endOf(timeline, lines, claim, outboxId),
      };
    });
  });
}

function endOf(
  timeline: Timeline,
  lines: readonly StoryLine[],
  claim: Answered,
  outboxId: string,
): Pick<Lease, "ended" | "how"> {
  if (!isCommitted(timeline, claim)) {
    const endedAt = claim.undoneAt ?? timeline.fates.get(claim.transaction.id)?.endedAt ?? null;
    return { ended: endedAt === null ? null : lineAt(lines, endedAt), how: "rolled back" };
  }
  const end = timeline.answered.find((later) => {
    return (
      later.respondedAt > claim.respondedAt && endsLease(later, outboxId) && isCommitted(timeline, later)
    );
  });
  if (end === undefined) return { ended: null, how: null };
  const ended = lineAt(lines, end.respondedAt);
  if (ended === null) return { ended, how: null };
  return { ended, how: end.operation.kind === "complete" ? "completed" : "repaired" };
}

function endsLease(answered: Answered, outboxId: string): boolean {
  const { operation } = answered;
  if (operation.kind === "complete") {
    return operation.outboxId === outboxId && rowsOf(answered, "complete").length > 0;
  }
  return rowsOf(answered, "repair").some((row) => row.outboxId === outboxId);
}

/** Index of the line that has the event; null where that is not shown. */
export function lineAt(lines: readonly StoryLine[], event: number): number | null {
  const at = lines.findIndex(({ event: first, lastEvent }) => first <= event && event <= lastEvent);
  return at < 0 ? null : at;
}

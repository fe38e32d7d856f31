import { lastLeaseEvent } from "../lease-history.ts";
import { type Answered, type Look, rowsOf, type Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const repairScope: Invariant = {
  id: "INV-12",
  name: "repair scope",
  statement: "repair changes expired rows and no others",
  check: (timeline) =>
    firstFault(timeline.answered, (answered) => checkRepaired(timeline, answered)) ??
    firstFault(timeline.looks.entries(), ([index, look]) =>
      checkOthers(timeline, timeline.looks[index - 1], look),
    ),
};

function checkRepaired(timeline: Timeline, repair: Answered): Fault | null {
  return firstFault(rowsOf(repair, "repair"), ({ outboxId }) => {
    const lease = lastLeaseEvent(timeline, outboxId, repair);
    if (lease?.kind === "granted" && lease.expiresAt <= repair.transaction.now) return null;
    return {
      event: repair.respondedAt,
      rule: "repaired a row that was not expired",
      expected:
        lease?.kind === "granted"
          ? `nobody repairs ${outboxId} before ${lease.expiresAt}, when ${lease.token} ends`
          : `nobody repairs ${outboxId}, which has no lease`,
      observed: `${outboxId} repaired at ${repair.transaction.now}`,
    };
  });
}

/** Where a repair was all that ended between two looks, the rows that it did not name are as they were. */
function checkOthers({ answered, fates }: Timeline, before: Look | undefined, look: Look): Fault | null {
  const since = before?.event ?? -1;
  const ended = [...fates].filter(([, { endedAt }]) => endedAt > since && endedAt < look.event);
  const calls = answered.filter(({ transaction }) => ended.some(([id]) => id === transaction.id));
  if (calls.length === 0 || calls.some(({ operation }) => operation.kind !== "repair")) return null;
  const named = new Set(calls.flatMap((call) => rowsOf(call, "repair").map((row) => row.outboxId)));
  const now = new Map(look.observation.pending.map((row) => [row.outboxId, JSON.stringify(row)]));
  return firstFault(before?.observation.pending ?? [], (row) => {
    if (named.has(row.outboxId)) return null;
    const [expected, observed] = [JSON.stringify(row), now.get(row.outboxId) ?? "no such row"];
    if (expected === observed) return null;
    return { event: look.event, rule: "repair changed a row that it did not name", expected, observed };
  });
}

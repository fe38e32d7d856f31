import type { Standing } from "../../schema/json/explanation.ts";
import type { History } from "../../sim/history.ts";
import { describeAction } from "./describe-action.ts";
import type { StoryLine } from "./lines.ts";

/** Where each session stood when the wrong line had come. */
export function standingOf(
  lines: readonly StoryLine[],
  history: History,
  sessions: number,
): readonly Standing[] {
  const wrong = lines.findIndex((line) => line.wrong);
  const until = lines.slice(0, wrong < 0 ? undefined : wrong + 1);
  return Array.from({ length: sessions }, (_, session) => standing(until, history, session));
}

function standing(lines: readonly StoryLine[], history: History, session: number): Standing {
  const last = lines.findLast((line) => line.session === session && line.call !== null);
  const call = last?.call == null ? undefined : history.calls[last.call];
  const nothing = { session, action: null, at: null, blockedBy: [] };
  if (last === undefined || call === undefined) return { ...nothing, doing: "idle" };
  if (last.answer !== null) {
    const isOpen = isOpenAfter(lines, history, session, call.transaction);
    return { ...nothing, doing: isOpen ? "in a transaction" : "idle" };
  }
  const isolation = history.transactions[call.transaction]?.isolation ?? "READ COMMITTED";
  const action = describeAction(call.action, isolation);
  if (last.parkedAt !== null) return { ...nothing, action, doing: "parked", at: last.parkedAt };
  return { ...nothing, action, doing: "waits", blockedBy: last.wait?.blockedBy ?? [] };
}

/** Has the transaction neither ended by a command of its own nor by a fault? */
function isOpenAfter(
  lines: readonly StoryLine[],
  { calls, events }: History,
  session: number,
  transaction: number,
): boolean {
  const own = lines.filter((line) => line.session === session || line.kind === "fault");
  const ended = own.some(({ call: id, answer, kind, event }) => {
    const at = events[event];
    if (kind === "fault")
      return (at?.kind === "fault" || at?.kind === "crash") && at.ended.includes(transaction);
    const call = id === null ? undefined : calls[id];
    if (call?.transaction !== transaction || answer === null) return false;
    return call.autocommit || call.action.kind === "commit" || call.action.kind === "rollback";
  });
  return !ended;
}

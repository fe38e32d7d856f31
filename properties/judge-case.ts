import { ceilingOf } from "../model/ceiling.ts";
import type { History } from "../sim/history.ts";
import type { Schedule } from "../sim/schedule.ts";
import { invariants } from "./invariants/index.ts";
import type { Invariant } from "./invariants/invariant.ts";
import { searchByModel, type SearchEffort } from "./oracle-model.ts";
import { timelineOf } from "./timeline.ts";
import type { Verdict, Violation } from "./verdict.ts";

/** What judges. Less than all is for asking what one oracle sees by itself. */
export interface Oracles {
  readonly invariants: readonly Invariant[];
  /** The response and the state oracle. */
  readonly model: boolean;
}

export const allOracles: Oracles = { invariants, model: true };

/** A judgement, and what the model's oracle took for it; null where it was not asked. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly effort: SearchEffort | null;
}

/** Every oracle's judgement of one case. Violated if any sees a violation; unknown if the model can't tell and none does. A
 *  history without any response is ok: that a campaign has shown something is the campaign's to say. */
export function judgeCase(schedule: Schedule, history: History, oracles = allOracles): Verdict {
  return judge(schedule, history, oracles).verdict;
}

/** The same, and what it took. */
export function judge(schedule: Schedule, history: History, oracles = allOracles): Judgement {
  const timeline = timelineOf(history, ceilingOf(schedule.setup.retryCeiling));
  const violations: Violation[] = oracles.invariants.flatMap((invariant) => {
    const fault = invariant.check(timeline);
    if (fault === null) return [];
    return [{ ...fault, oracle: "invariant", invariant: invariant.id, expected: [fault.expected] }];
  });
  const search = oracles.model ? searchByModel(schedule, history) : null;
  const byModel = search?.verdict ?? ({ kind: "ok" } as const);
  const effort = search?.effort ?? null;
  if (byModel.kind === "violated") violations.push(byModel.violation);

  const [first, ...rest] = violations.sort(byEvent);
  if (first !== undefined) return { verdict: { kind: "violated", violations: [first, ...rest] }, effort };
  if (byModel.kind === "unknown") return { verdict: byModel, effort };
  return { verdict: { kind: "ok" }, effort };
}

/** Earliest first; at one event an invariant, which has a name, before the model's rule. */
function byEvent(a: Violation, b: Violation): number {
  return a.event - b.event || Number(a.invariant === null) - Number(b.invariant === null);
}

import { isSavepointStep, type Schedule } from "../../sim/schedule.ts";
import { remarkableArguments } from "./plainest.ts";

/** How much there is to read, most telling first: compared from left to right. */
export function costOf({ setup, sessions, steps }: Schedule): readonly number[] {
  return [
    steps.length,
    sessions.length,
    steps.filter(({ kind }) => kind === "crash").length,
    setup.yields === true ? 1 : 0,
    parks(steps).length,
    steps.filter((step) => step.kind === "begin").length,
    steps.filter(isSavepointStep).length,
    switches(steps),
    steps.filter((step) => step.kind === "begin" && step.isolation !== "READ COMMITTED").length +
      sessions.filter(({ isolation }) => isolation !== "READ COMMITTED").length,
    sessions.filter(({ role }) => role !== "symphony_control").length,
    // The lower the ceiling, the sooner it is reached.
    setup.retryCeiling === null ? 0 : 1 + Math.abs(Number(setup.retryCeiling) || 0),
    Object.keys(setup.settings ?? {}).length,
    sessions.filter(({ prepared }) => prepared === true).length,
    steps.filter((step) => step.kind === "advanceTo" && step.offsetMicros !== 0).length,
    steps.filter((step) => isSavepointStep(step) && step.name !== "s1").length,
    remarkableArguments({ setup, sessions, steps }),
    parks(steps).reduce((total, each) => total + each, 0),
    JSON.stringify(steps).length + JSON.stringify(setup).length,
  ];
}

/** Negative where the first costs less: for sorting, the plainest first. */
export function compareCosts(a: Schedule, b: Schedule): number {
  const [left, right] = [costOf(a), costOf(b)];
  const index = left.findIndex((value, i) => value !== right[i]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

export function isCheaper(a: Schedule, b: Schedule): boolean {
  return compareCosts(a, b) < 0;
}

/** Where calls park. */
function parks(steps: Schedule["steps"]): readonly number[] {
  return steps.flatMap((step) => ("parkAt" in step ? [step.parkAt] : []));
}

/** How often one session's step follows another's. */
function switches(steps: Schedule["steps"]): number {
  const sessions = steps.flatMap((step) => ("session" in step ? [step.session] : []));
  return sessions.filter((session, index) => index > 0 && session !== sessions[index - 1]).length;
}

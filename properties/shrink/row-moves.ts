import type { RowRef, Schedule, Step } from "../../sim/schedule.ts";
import { plainest } from "./plainest.ts";

/** A row under the plainest name, wherever the schedule speaks of it. */
export function* withPlainerRows(schedule: Schedule): Generator<Schedule> {
  for (const row of rowsOf(schedule))
    yield { ...schedule, steps: schedule.steps.map((step) => renamed(step, row, plainest.complete.row)) };
}

/** Those that are enqueued. */
export function rowsOf({ steps }: Schedule): readonly RowRef[] {
  const rows = steps.flatMap((step): RowRef[] => {
    if (step.kind !== "call" || step.call.op !== "enqueue") return [];
    const { instruction, key } = step.call;
    return instruction === null || key === null ? [] : [{ instruction, key }];
  });
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

function renamed(step: Step, from: RowRef, to: RowRef): Step {
  const isIt = ({ instruction, key }: { readonly [Name in keyof RowRef]: string | null }): boolean =>
    instruction === from.instruction && key === from.key;
  if (step.kind === "advanceTo") return isIt(step.row) ? { ...step, row: to } : step;
  if (step.kind !== "call") return step;
  const { call } = step;
  if (call.op === "enqueue") return isIt(call) ? { ...step, call: { ...call, ...to } } : step;
  if (call.op !== "complete" || call.row === null || !isIt(call.row)) return step;
  return { ...step, call: { ...call, row: to } };
}

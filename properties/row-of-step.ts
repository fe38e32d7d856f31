import type { RowRef, Step } from "../sim/schedule.ts";

/** The row that a step speaks of: enqueues, completes, or has the deadline of. Null where it speaks of none, or where a part
 *  of its key is null. */
export function rowOf(step: Step): RowRef | null {
  if (step.kind === "advanceTo") return step.row;
  if (step.kind !== "call") return null;
  if (step.call.op === "complete") return step.call.row;
  if (step.call.op !== "enqueue") return null;
  const { instruction, key } = step.call;
  return instruction === null || key === null ? null : { instruction, key };
}

/** The step, of another row; as it is where it speaks of none. */
export function withRow(step: Step, row: RowRef): Step {
  if (step.kind === "advanceTo") return { ...step, row };
  if (step.kind !== "call") return step;
  const { call } = step;
  if (call.op === "complete") return { ...step, call: { ...call, row } };
  return call.op === "enqueue" ? { ...step, call: { ...call, ...row } } : step;
}

export function rowName({ instruction, key }: RowRef): string {
  return JSON.stringify([instruction, key]);
}

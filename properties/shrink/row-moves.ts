import type { RowRef, Schedule } from "../../sim/schedule.ts";
import { rowName, rowOf, withRow } from "../row-of-step.ts";
import { plainest } from "./plainest.ts";

/** A row under the plainest name, wherever the schedule speaks of it. */
export function* withPlainerRows(schedule: Schedule): Generator<Schedule> {
  for (const row of rowsOf(schedule)) {
    const steps = schedule.steps.map((step) => {
      const own = rowOf(step);
      return own !== null && rowName(own) === rowName(row) ? withRow(step, plainest.complete.row) : step;
    });
    yield { ...schedule, steps };
  }
}

/** Those that are enqueued. */
export function rowsOf({ steps }: Schedule): readonly RowRef[] {
  const enqueues = steps.filter((step) => step.kind === "call" && step.call.op === "enqueue");
  const rows = enqueues.flatMap((step) => rowOf(step) ?? []);
  return [...new Map(rows.map((row) => [rowName(row), row])).values()];
}

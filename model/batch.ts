import type { Micros } from "./operation.ts";
import type { OutboxState, PendingRow } from "./state.ts";

/** The sort key of a row, compared from left to right. */
export type Order = (row: PendingRow) => readonly Micros[];

/** The fault of a batch that is not "the first n rows in order that are lockable without waiting" (contract 3, claim), or null. */
export interface BatchFault {
  readonly rule: string;
  readonly expected: string;
}

interface Batch {
  readonly view: OutboxState;
  /** Which rows are wanted: due, or expired. */
  readonly wanted: (row: PendingRow) => boolean;
  readonly order: Order;
  readonly batchSize: number;
  readonly lockedByAnother: (outboxId: string) => boolean;
}

/** Judges which rows were taken: no strangers, no row twice, not too many, and none passed over that was free. Ties may fall either way. */
export function batchFault(batch: Batch, taken: readonly string[]): BatchFault | null {
  const wanted = [...batch.view.pending.values()].filter(batch.wanted);
  const expected = describeBatch(batch, wanted);
  const set = new Set(taken);
  if (set.size !== taken.length) return { rule: "returns a row twice", expected };
  if (taken.length > batch.batchSize) return { rule: "takes more than the batch size", expected };
  const takenRows = wanted.filter((row) => set.has(row.outboxId));
  if (takenRows.length < taken.length) return { rule: "takes a row that it must not take", expected };

  const last = takenRows.map(batch.order).reduce<readonly Micros[] | null>(later, null);
  const full = taken.length === batch.batchSize;
  const passedOver = wanted.filter(
    (row) =>
      !set.has(row.outboxId) &&
      !batch.lockedByAnother(row.outboxId) &&
      (!full || last === null || compareOrder(batch.order(row), last) < 0),
  );
  return passedOver.length > 0 ? { rule: "passes over a free row", expected } : null;
}

function describeBatch(batch: Batch, wanted: readonly PendingRow[]): string {
  const sorted = wanted.toSorted((a, b) => compareOrder(batch.order(a), batch.order(b)));
  const names = sorted.map(
    (row) => `${row.outboxId}${batch.lockedByAnother(row.outboxId) ? " (locked)" : ""}`,
  );
  if (names.length === 0) return "no rows: none is free";
  return `the first ${batch.batchSize} free of [${names.join(", ")}]`;
}

function later(a: readonly Micros[] | null, b: readonly Micros[]): readonly Micros[] {
  return a === null || compareOrder(b, a) > 0 ? b : a;
}

/** Negative where a comes first, 0 for a tie. */
export function compareOrder(a: readonly Micros[], b: readonly Micros[]): number {
  const index = a.findIndex((value, i) => value !== b[i]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

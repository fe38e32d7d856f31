import { compareOrder, type Order } from "./batch.ts";
import type { PendingRow } from "./state.ts";

/** Which rows a batch may be, one choice after the other: the first `size` in order, "ties in any order" (contract 3, claim). */
export function* batchChoices(
  rows: readonly PendingRow[],
  order: Order,
  size: number,
): Generator<readonly PendingRow[]> {
  const comesBefore = (row: PendingRow) =>
    rows.filter((other) => compareOrder(order(other), order(row)) < 0).length;
  const isTied = (row: PendingRow, other: PendingRow) => compareOrder(order(row), order(other)) === 0;
  const fits = (row: PendingRow) =>
    comesBefore(row) + rows.filter((other) => isTied(row, other)).length <= size;
  const certain = rows.filter(fits);
  const tied = rows.filter((row) => comesBefore(row) < size && !fits(row));
  const left = tied.length === 0 ? 0 : size - certain.length;
  for (const choice of subsets(tied, left)) yield [...certain, ...choice];
}

/** The subsets of that size, those with the first items first. */
function* subsets<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  if (size === 0) yield [];
  const [first, ...rest] = items;
  if (size === 0 || first === undefined || items.length < size) return;
  for (const subset of subsets(rest, size - 1)) yield [first, ...subset];
  yield* subsets(rest, size);
}

import { compareOrder, type Order } from "./batch.ts";
import type { PendingRow } from "./state.ts";

/** More ways than this are not looked at one by one. */
const mostChoices = 5_000;

/** Which rows a batch may be: the first `size` in order, "ties in any order" (contract 3, claim). Throws RangeError where the
 *  ties leave more than 5,000 ways. */
export function batchChoices(
  rows: readonly PendingRow[],
  order: Order,
  size: number,
): readonly (readonly PendingRow[])[] {
  const comesBefore = (row: PendingRow) =>
    rows.filter((other) => compareOrder(order(other), order(row)) < 0).length;
  const isTied = (row: PendingRow, other: PendingRow) => compareOrder(order(row), order(other)) === 0;
  const fits = (row: PendingRow) =>
    comesBefore(row) + rows.filter((other) => isTied(row, other)).length <= size;
  const certain = rows.filter(fits);
  const tied = rows.filter((row) => comesBefore(row) < size && !fits(row));
  const choices = tied.length === 0 ? [[]] : subsets(tied, size - certain.length);
  return choices.map((choice) => [...certain, ...choice]);
}

/** The subsets of that size. */
function subsets<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  let found: readonly (readonly T[])[] = [[]];
  for (const [index, item] of items.entries()) {
    const left = items.length - index - 1;
    found = found.flatMap((chosen) => {
      const withItem = chosen.length < size ? [[...chosen, item]] : [];
      return chosen.length + left >= size ? [...withItem, chosen] : withItem;
    });
    if (found.length > mostChoices) throw new RangeError(`more than ${mostChoices} ways to fill a batch`);
  }
  return found;
}

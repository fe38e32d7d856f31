import { expect, test } from "vitest";
import { batchChoices } from "./batch-choices.ts";
import { now, pending } from "./fixtures.ts";
import type { PendingRow } from "./state.ts";

const row = (id: string, nextAttemptAt: number): PendingRow =>
  pending(id, { nextAttemptAt: now + nextAttemptAt });
const order = ({ nextAttemptAt }: PendingRow) => [nextAttemptAt];
const choices = (rows: readonly PendingRow[], size: number) =>
  [...batchChoices(rows, order, size)].map((choice) => choice.map(({ outboxId }) => outboxId).sort());

const rows = [row("c", 2), row("a", 1), row("d", 2), row("b", 1), row("e", 3)];

test("the first in order are certain, and of those tied with the last one any may be left out", () => {
  expect(choices(rows, 1)).toEqual([["a"], ["b"]]);
  expect(choices(rows, 2)).toEqual([["a", "b"]]);
  expect(choices(rows, 3)).toEqual([
    ["a", "b", "c"],
    ["a", "b", "d"],
  ]);
  expect(choices(rows, 4)).toEqual([["a", "b", "c", "d"]]);
  expect(choices(rows, 2_147_483_647)).toEqual([["a", "b", "c", "d", "e"]]);
});

test("without rows there is nothing to choose", () => {
  expect(choices([], 3)).toEqual([[]]);
});

test("millions of choices cost nothing until they are asked for", () => {
  const many = Array.from({ length: 24 }, (_, index) => row(`r${index}`, 0));
  expect(choices(many, 3)).toHaveLength(2_024);
  expect(batchChoices(many, order, 12).next().value).toEqual(many.slice(0, 12));
});

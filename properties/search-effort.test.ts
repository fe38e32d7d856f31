import { expect, test } from "vitest";
import { enqueue, now, ok, pending } from "../model/fixtures.ts";
import { history } from "./history-builder.ts";
import { searchByModel } from "./oracle-model.ts";
import { effortSummary, sumOfEfforts } from "./search-effort.ts";
import { schedule } from "./testing/scenario.ts";

const first = (row: string) => ok({ outboxId: row, sequenceId: 1, createdAt: now, state: "PENDING" });
const row = pending("r1", { instructionId: "a" });

test("a history whose steps tell their order takes one state more than it has points", () => {
  const { verdict, effort } = searchByModel(
    schedule(),
    history().call(0, enqueue(), first("r1")).look([row]).history(),
  );
  expect(verdict).toEqual({ kind: "ok" });
  expect(effort.visited).toBe(effort.points + 1);
});

test("what was lost, and is seen not to have happened, takes a second try", () => {
  const { verdict, effort } = searchByModel(
    schedule(),
    history().lost(0, enqueue(), first("r1")).look([]).history(),
  );
  expect(verdict).toEqual({ kind: "ok" });
  expect(effort.visited).toBeGreaterThan(effort.points + 1);
});

const efforts = Array.from({ length: 200 }, (_, index) => ({ points: 150, visited: index + 1 }));

test("the summary tells the median, the slowest in a hundred and the most", () => {
  expect(effortSummary(efforts)).toMatchObject({
    cases: 200,
    inStepOrder: 151,
    visited: { median: 100, p99: 198, most: 200 },
  });
  const alike = [1, 1, 1, 9].map((visited) => ({ points: 0, visited }));
  expect(effortSummary(alike).visited).toEqual({ median: 1, p99: 9, most: 9 });
  expect(effortSummary([])).toEqual({ cases: 0, inStepOrder: 0, visited: null, histogram: {} });
});

test("the sum of parts is the summary of the whole", () => {
  const parts = [efforts.slice(0, 3), [], efforts.slice(3, 150), efforts.slice(150), efforts.slice(0, 20)];
  expect(sumOfEfforts(parts.map(effortSummary))).toEqual(effortSummary(parts.flat()));
});

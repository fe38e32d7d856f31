import { expect, test } from "vitest";
import type { Schedule, Step } from "../../sim/schedule.ts";
import { call, claim, complete, enqueue, repair, schedule, toExpiry } from "../testing/scenario.ts";
import { attemptMoves } from "./attempt-moves.ts";
import { plainest } from "./plainest.ts";
import { moves } from "./moves.ts";

const reached = (from: Schedule) => [...attemptMoves(from)].map((moved) => JSON.stringify(moved));
const retryable = (session: number): Step =>
  call(session, { op: "complete", ...plainest.complete, state: "RETRYABLE" });

test("an attempt ends by a completion, where it was a jump and a repair", () => {
  const from = schedule(enqueue(0), claim(0), toExpiry(), repair(1), claim(0));
  for (const end of [retryable(1), complete(1)])
    expect(reached(from)).toContain(JSON.stringify(schedule(enqueue(0), claim(0), end, claim(0))));
  expect(reached(schedule(enqueue(0), claim(0), repair(1)))).toEqual([]);
});

test("an attempt is left out, and the ceiling comes one attempt sooner", () => {
  const steps = [enqueue(0), claim(0), retryable(0), toExpiry(), claim(0)];
  const at = (retryCeiling: string | null, of: readonly Step[]) => ({
    ...schedule(...of),
    setup: { retryCeiling },
  });
  expect(reached(at("2", steps))).toContain(JSON.stringify(at("1", steps.slice(0, 2))));
  expect(reached(at("3", steps))).toContain(JSON.stringify(at("2", steps.slice(0, 4))));
  for (const ceiling of [null, "1", "two", "0"]) expect(reached(at(ceiling, steps))).toEqual([]);
});

test("both are among the moves, and none is longer than what it comes from", () => {
  const from = {
    ...schedule(enqueue(0), claim(0), toExpiry(), repair(1), claim(0)),
    setup: { retryCeiling: "2" },
  };
  const all = new Set([...moves(from)].map((moved) => JSON.stringify(moved)));
  const own = [...attemptMoves(from)];
  expect(own.length).toBeGreaterThan(2);
  for (const moved of own) {
    expect(all.has(JSON.stringify(moved))).toBe(true);
    expect(moved.steps.length).toBeLessThan(from.steps.length);
  }
});

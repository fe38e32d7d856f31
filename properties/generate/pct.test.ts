import seedrandom from "seedrandom";
import { expect, test } from "vitest";
import type { Step } from "../../sim/schedule.ts";
import { pctOrder } from "./pct.ts";

const programs = [0, 1, 2].map((session) =>
  ["commit", "rollback", "commit"].map((kind): Step => ({ kind: kind as "commit" | "rollback", session })),
);
const told = (order: readonly Step[]): string =>
  order.map((step) => ("session" in step ? step.session : "?")).join("");

function ordersOf(depth: number): ReadonlySet<string> {
  const random = seedrandom("pct");
  return new Set(Array.from({ length: 2_000 }, () => told(pctOrder(programs, depth, random))));
}

/** How often another program than before goes on. */
const switches = (order: string): number =>
  Array.from(order).filter((session, index) => index > 0 && order[index - 1] !== session).length;

test("at depth 1 programs run to their end, in any order of the programs", () => {
  expect([...ordersOf(1)].sort()).toEqual(
    ["000111222", "000222111", "111000222", "111222000", "222000111", "222111000"].sort(),
  );
});

test("each further depth is one preemption more, which may fall anywhere", () => {
  const deeper = ordersOf(2);
  expect(Math.max(...[...deeper].map(switches))).toBe(3);
  expect(deeper).toContain("011122200");
  expect(deeper).toContain("001112220");
  expect(Math.max(...[...ordersOf(3)].map(switches))).toBe(4);
});

test("each program keeps its own order, and no step is lost", () => {
  const random = seedrandom("order");
  for (let time = 0; time < 100; time += 1) {
    const order = pctOrder(programs, 3, random);
    for (const [session, program] of programs.entries()) {
      expect(order.filter((step) => "session" in step && step.session === session)).toEqual(program);
    }
  }
});

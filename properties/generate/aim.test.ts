import { describe, expect, test } from "vitest";
import type { RowRef, Step } from "../../sim/schedule.ts";
import { plainest } from "../shrink/plainest.ts";
import { rowOf } from "../row-of-step.ts";
import { begin, call, claim, complete, enqueue, repair, row, toExpiry } from "../testing/scenario.ts";
import { aim, type Draw } from "./aim.ts";
import { rowRefs } from "./calls.ts";
import { caseOf } from "./cases.ts";
import { Guess, isAmong } from "./guess.ts";
import { strategies } from "./strategies.ts";

/** Those of the first instruction: of the keys "1" and "12". */
const keys = rowRefs.filter(({ instruction }) => instruction === "a");
const [a, b]: [RowRef, RowRef] = [row, { ...row, key: "12" }];
const jumpTo = (row: RowRef, deadline: "lease" | "due" = "lease") =>
  ({ kind: "advanceTo", row, deadline, offsetMicros: 1 }) as const;

const aimed: Draw = { number: 0, enqueue: enqueue(3, "12"), claim: claim(3), jump: jumpTo(a) };
const everything = { claim: true, advanceTo: true };
function aimAll(steps: readonly Step[], draw = aimed, usable = everything): readonly Step[] {
  const draws = steps.map(() => draw);
  return aim(steps, draws, usable, keys);
}

function rowAt(steps: readonly Step[], index: number): RowRef | null {
  const step = steps[index];
  return step === undefined ? null : rowOf(step);
}

describe("aim", () => {
  test("turns a completion to a row that is leased, and a jump to one that has the deadline", () => {
    const steps = aimAll([enqueue(0), claim(0), complete(0, "12"), enqueue(0, "12"), claim(0), toExpiry()]);
    expect([rowAt(steps, 2), rowAt(steps, 5)]).toEqual([a, b]);
  });
  test("leaves what has its row", () => {
    const steps = [enqueue(0), enqueue(0, "12"), claim(0), claim(0), complete(0, "12"), toExpiry()];
    expect(aimAll(steps)).toEqual(steps);
  });
  test("turns two who were to meet to the same row", () => {
    const steps = aimAll([enqueue(0), claim(0), begin(0), complete(0, "12"), complete(1, "12")]);
    expect([rowAt(steps, 3), rowAt(steps, 4)]).toEqual([a, a]);
  });
  test("has something done before what would find nothing, by the same session, parked where that was", () => {
    const [enqueued] = aimAll([{ ...complete(2), parkAt: 5 } as Step]);
    expect(enqueued).toEqual({ ...enqueue(2, "12"), parkAt: 5 });
    expect(aimAll([enqueue(0), complete(2)]).at(-1)).toEqual(claim(2));
    expect(aimAll([enqueue(0), claim(0), repair(0)]).at(-1)).toEqual(jumpTo(a));
    const retryable = call(0, { op: "complete", ...plainest.complete, row, state: "RETRYABLE" });
    expect(aimAll([enqueue(0), claim(0), retryable, claim(0)]).at(-1)).toEqual(jumpTo(a, "due"));
  });
  test("uses nothing that the case goes without", () => {
    const completed = [enqueue(0), complete(0)];
    expect(aimAll(completed, aimed, { ...everything, claim: false })).toEqual(completed);
    const repaired = [enqueue(0), claim(0), repair(0)];
    expect(aimAll(repaired, aimed, { ...everything, advanceTo: false })).toEqual(repaired);
  });
  test("lets another row take the place of one that has ended, for all that speaks of it", () => {
    const once = [enqueue(0), claim(0), complete(0)];
    const again = [enqueue(0, "12"), claim(0), complete(0, "12")];
    expect(aimAll([...once, ...once])).toEqual([...once, ...again]);
  });
  test("leaves one in four as it is", () => {
    const steps = [complete(0), repair(0), claim(0), enqueue(0), claim(0), complete(0, "12"), complete(0)];
    expect(aimAll([...steps, enqueue(0)], { ...aimed, number: 3 })).toEqual([...steps, enqueue(0)]);
  });
});

/** Of the completions of a row, the share whose row has a lease, or may have. */
function shareOfLeased(cases: readonly (readonly Step[])[]): number {
  let [all, leased] = [0, 0];
  for (const steps of cases) {
    const guess = new Guess();
    for (const step of steps) {
      const row = rowOf(step);
      if (step.kind === "call" && step.call.op === "complete" && row !== null) {
        all += 1;
        if (isAmong(guess.of("live", "expired"), row)) leased += 1;
      }
      guess.see(step);
    }
  }
  return leased / all;
}

test("most completions of a swarm find a lease; a random walk's seldom do (seed 3)", () => {
  const size = { sessions: 3, steps: 40 };
  const indices = Array.from({ length: 300 }, (_, index) => index);
  const walk = strategies.random({ seed: 3, size, yields: "never", crashes: "never" });
  const swarm = shareOfLeased(indices.map((index) => caseOf(3, index, size).steps));
  const random = shareOfLeased(indices.map((index) => walk.caseAt(index).steps));
  expect(swarm).toBeGreaterThan(0.5);
  expect(random).toBeLessThan(0.3);
});

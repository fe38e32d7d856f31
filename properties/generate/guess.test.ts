import { describe, expect, test } from "vitest";
import type { RowRef, Step } from "../../sim/schedule.ts";
import { plainest } from "../shrink/plainest.ts";
import {
  begin,
  call,
  claim,
  commit,
  complete,
  enqueue,
  fault,
  repair,
  row,
  toExpiry,
} from "../testing/scenario.ts";
import { Guess } from "./guess.ts";

const [a, b]: [RowRef, RowRef] = [row, { ...row, key: "2" }];
const toDue: Step = { kind: "advanceTo", row, deadline: "due", offsetMicros: 0 };
const retryable = call(0, { op: "complete", ...plainest.complete, row, state: "RETRYABLE" });

function after(...steps: readonly Step[]): Guess {
  const guess = new Guess();
  for (const step of steps) guess.see(step);
  return guess;
}
const came = [enqueue(0), enqueue(0, "2")];
const leased = [...came, claim(0)];

describe("a guess", () => {
  test("lets rows come in their order, once, and a claim take the first", () => {
    expect(after(...came, enqueue(1)).of("pending")).toEqual([a, b]);
    const guess = after(...leased);
    expect([guess.of("pending"), guess.of("live")]).toEqual([[b], [a]]);
  });
  test("knows a row whose deadline has passed, and one that was handed back", () => {
    const late = after(...leased, toExpiry());
    expect([late.of("live"), late.of("expired")]).toEqual([[], [a]]);
    const back = after(...leased, toExpiry(), repair(0));
    expect([back.of("expired"), back.of("waiting")]).toEqual([[], [a]]);
    expect(after(...leased, toExpiry(), repair(0), toDue).of("pending")).toEqual([b, a]);
    expect(after(...leased, { kind: "advance", seconds: 60 }).of("expired")).toEqual([a]);
  });
  test("tells a row that has ended from one that comes back, and from one that never came", () => {
    const ended = after(...leased, complete(0));
    expect([ended.isOver(a), ended.isOver(b), ended.isKnown(a)]).toEqual([true, false, true]);
    const comesBack = after(...leased, retryable);
    expect([comesBack.isOver(a), comesBack.of("waiting")]).toEqual([false, [a]]);
    expect(after().isOver(a)).toBe(false);
  });
  test("does not let a completion take what nobody holds, nor a claim of less than nothing take any", () => {
    expect(after(...came, complete(0)).of("pending")).toEqual([a, b]);
    const nothing = call(0, { op: "claim", batchSize: -1, worker: "w1", leaseSeconds: 1 });
    expect(after(...came, nothing).of("pending")).toEqual([a, b]);
  });

  const both = (guess: Guess) => [guess.of("pending"), guess.of("live")];
  test("holds a row for both what it was and what it becomes until its transaction ends", () => {
    const open = [...came, begin(0), claim(0)];
    expect(both(after(...open))).toEqual([[a, b], [a]]);
    for (const end of [commit(0), { kind: "rollback", session: 0 } as const, fault("terminate", 0)])
      expect(both(after(...open, end))).toEqual([[b], [a]]);
    expect(both(after(...open, commit(1)))).toEqual([[a, b], [a]]);
  });
  test("and until a parked call goes on, unless that is in a transaction", () => {
    const parked = { ...claim(0), parkAt: 3 } as Step;
    const resume = { kind: "resume", session: 0 } as const;
    expect(both(after(...came, parked))).toEqual([[a, b], [a]]);
    expect(both(after(...came, parked, resume))).toEqual([[b], [a]]);
    expect(both(after(...came, begin(0), parked, resume))).toEqual([[a, b], [a]]);
  });
});

import { describe, expect, test } from "vitest";
import type { Step } from "../sim/schedule.ts";
import { claim, commit, begin, enqueue, schedule, toExpiry } from "./testing/scenario.ts";
import { variationsOf } from "./vary-case.ts";

const changes = (...steps: readonly Step[]) =>
  variationsOf(schedule(...steps))
    .filter(({ step }) => step !== null)
    .map(({ step, change }) => `${step} ${change}`);

describe("the variations of a case", () => {
  test("drop each step, and make each choice of it otherwise", () => {
    expect(changes(begin(0), claim(0), commit(0), toExpiry())).toEqual([
      "0 dropped",
      "0 isolation READ COMMITTED -> REPEATABLE READ",
      "0 isolation READ COMMITTED -> SERIALIZABLE",
      "1 dropped",
      "1 batchSize 1 -> 0",
      "1 batchSize 1 -> 2",
      "1 worker w1 -> another",
      "1 leaseSeconds 10 -> 1",
      "1 leaseSeconds 10 -> 9",
      "1 leaseSeconds 10 -> 11",
      "2 dropped",
      "3 dropped",
      "3 offsetMicros 0 -> -1",
      "3 offsetMicros 0 -> 1",
    ]);
  });

  test("change one thing each, and differ all", () => {
    const original = schedule(begin(0), enqueue(0), claim(1), commit(0));
    const texts = variationsOf(original).map((each) => JSON.stringify(each.schedule));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).not.toContain(JSON.stringify(original));
  });
});

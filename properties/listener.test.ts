import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { play } from "../sim/play.ts";
import type { Step } from "../sim/schedule.ts";
import { type OwnLane, startOwnLane } from "../sim/testing/embedded-stage.ts";
import { playInOrder } from "./testing/play-in-order.ts";
import { begin, commit, enqueue, fault, rollback, schedule } from "./testing/scenario.ts";

const drop: Step = { kind: "dropListener" };
const restore: Step = { kind: "restoreListener" };

let own: OwnLane;
beforeAll(async () => {
  own = await startOwnLane(4);
});
afterAll(() => own.stop());

/** The sessions from which the listener hears, 10 times the same; the oracles must find it in order. */
async function heardOf(...steps: readonly Step[]): Promise<readonly (number | null)[]> {
  const { events } = await playInOrder(own.lane, schedule(...steps), 10);
  const wakeups = events.flatMap((event) => (event.kind === "observe" ? event.notifications : []));
  return wakeups.map(({ session }) => session);
}

describe("the listener's connection is dropped", () => {
  test("what commits meanwhile is lost to it, and what commits later is not", async () => {
    const lost = [drop, enqueue(0), restore];
    expect(await heardOf(...lost)).toEqual([]);
    expect(await heardOf(...lost, enqueue(1, "2"))).toEqual([1]);
  });

  test("what has committed before is heard, though nobody has looked yet", async () => {
    // While session 1 waits, nobody looks.
    const before = [begin(0), enqueue(0), enqueue(1), enqueue(2, "2", "q")];
    expect(await heardOf(...before, drop, restore, commit(0))).toEqual([2, 0]);
    expect(await heardOf(...before, drop, commit(0))).toEqual([2]);
  });

  test("a transaction counts by its commit", async () => {
    expect(await heardOf(begin(0), enqueue(0), drop, restore, commit(0))).toEqual([0]);
    expect(await heardOf(drop, begin(0), enqueue(0), restore, commit(0))).toEqual([0]);
    expect(await heardOf(begin(0), enqueue(0), drop, commit(0), restore)).toEqual([]);
  });

  test("a call that waits counts when it goes on", async () => {
    const waits = [begin(0), enqueue(0), enqueue(1)];
    expect(await heardOf(...waits, drop, rollback(0), restore)).toEqual([]);
    expect(await heardOf(drop, ...waits, restore, rollback(0))).toEqual([1]);
  });

  test("what the steps leave open is committed while nobody listens", async () => {
    expect(await heardOf(begin(0), enqueue(0), drop)).toEqual([]);
  });

  test("a lost answer wakes it all the same", async () => {
    const lost = [fault("loseAcknowledgement", 0), enqueue(0)];
    expect(await heardOf(...lost, enqueue(0))).toEqual([0]);
    expect(await heardOf(drop, ...lost, restore, enqueue(0))).toEqual([]);
  });

  test("only where it is there, and it comes back only where it is not", async () => {
    const { events } = await play(own.lane, schedule(restore, drop, drop, restore));
    expect(events.filter(({ kind }) => kind === "skip" || kind === "listener")).toEqual([
      { kind: "skip", step: 0, reason: "listening" },
      { kind: "listener", step: 1, listening: false },
      { kind: "skip", step: 2, reason: "not listening" },
      { kind: "listener", step: 3, listening: true },
    ]);
  });
});

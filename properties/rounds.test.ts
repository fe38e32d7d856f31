import { describe, expect, test } from "vitest";
import type { PlayedCase, Strategy } from "./generate/strategy.ts";
import { Rounds } from "./rounds.ts";
import { schedule } from "./testing/scenario.ts";

const caseAt = () => schedule();
const played = (index: number): PlayedCase => ({ index, timeline: null });

/** Learns in rounds of three; `learned` are the indexes of each. */
function learning(): { readonly strategy: Strategy; readonly learned: number[][] } {
  const learned: number[][] = [];
  const learn = (round: readonly PlayedCase[]) => learned.push(round.map(({ index }) => index));
  return { strategy: { caseAt, learner: { roundSize: 3, learn } }, learned };
}

describe("rounds", () => {
  test("are learned from in the order of the cases, not in that of their ends", () => {
    const { strategy, learned } = learning();
    const rounds = new Rounds(strategy);
    for (const order of [
      [2, 0, 1],
      [5, 4, 3],
    ]) {
      for (const index of order) expect([index, rounds.begin()]).toEqual([index, true]);
      for (const index of order) rounds.end(played(index));
    }
    expect(learned).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
  });

  test("begin no case before all of the round before are learned from", async () => {
    const { strategy, learned } = learning();
    const rounds = new Rounds(strategy);
    for (let index = 0; index < 3; index += 1) expect(rounds.begin()).toBe(true);
    rounds.end(played(1));
    rounds.end(played(2));
    let opened = 0;
    const waiting = [rounds.opened(), rounds.opened()].map(async (each) => {
      await each;
      opened += 1;
    });
    await Promise.resolve();
    expect([rounds.begin(), opened, learned]).toEqual([false, 0, []]);
    rounds.end(played(0));
    await Promise.all(waiting);
    expect([rounds.begin(), opened, learned]).toEqual([true, 2, [[0, 1, 2]]]);
  });

  test("have no end where nothing is learned", () => {
    const rounds = new Rounds({ caseAt });
    for (let index = 0; index < 1_000; index += 1) expect(rounds.begin()).toBe(true);
    rounds.end(played(0));
    expect(rounds.begin()).toBe(true);
  });
});

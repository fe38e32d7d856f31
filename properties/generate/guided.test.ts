import { describe, expect, test } from "vitest";
import { laneKindOf } from "../../sim/lane-slot.ts";
import type { Schedule } from "../../sim/schedule.ts";
import { history } from "../history-builder.ts";
import type { Timeline } from "../timeline.ts";
import { caseOf, type Origin } from "./cases.ts";
import { Corpus } from "./corpus.ts";
import { guidedCases } from "./guided.ts";

const origin: Origin = { seed: 11, size: { sessions: 4, steps: 20 }, yields: "mix", crashes: "never" };

/** As if each case had reached something that no other has. */
const reached = (index: number): Timeline => ({
  ...history().timeline(),
  history: { ...history().history(), yields: { [index + 1]: 1 } },
});

/** The cases of so many rounds, each of which is learned from. */
function casesOf(
  by: Origin,
  rounds: number,
  timelineOf: (index: number) => Timeline | null = reached,
): Schedule[] {
  const { caseAt, learner } = guidedCases(by);
  if (learner === undefined) throw new Error("does not learn");
  const { roundSize } = learner;
  return Array.from({ length: rounds }, (_, round) => {
    const indexes = Array.from({ length: roundSize }, (__, at) => round * roundSize + at);
    const cases = indexes.map(caseAt);
    learner.learn(indexes.map((index) => ({ index, timeline: timelineOf(index) })));
    return cases;
  }).flat();
}

const isFresh = (schedule: Schedule, index: number) =>
  JSON.stringify(schedule) === JSON.stringify(caseOf(11, index, origin.size, origin.yields, origin.crashes));

describe("guided cases", () => {
  const cases = casesOf(origin, 6);
  const [first, later] = [cases.slice(0, 32), cases.slice(32)];

  test("are fresh in the first round, and mostly mutants in those that follow", () => {
    expect(first.filter(isFresh)).toHaveLength(32);
    const fresh = later.filter((schedule, index) => isFresh(schedule, index + 32)).length;
    expect(fresh).toBeGreaterThan(0);
    expect(fresh).toBeLessThan(later.length / 2);
  });

  test("are the same where the rounds before came to the same", () => {
    expect(casesOf(origin, 6)).toEqual(cases);
    expect(casesOf({ ...origin, seed: 12 }, 2).slice(32)).not.toEqual(cases.slice(32, 64));
  });

  test("depend on what the rounds before reached, and stay fresh where that was nothing", () => {
    const other = casesOf(origin, 2, (index) => (index % 2 === 0 ? reached(index) : null));
    expect(other.slice(32)).not.toEqual(cases.slice(32, 64));
    const none = casesOf(origin, 2, () => null);
    expect(none.filter(isFresh)).toHaveLength(64);
    const alike = casesOf(origin, 2, () => reached(0));
    expect(alike.slice(32)).not.toEqual(cases.slice(32, 64));
  });

  test("are of the kinds that are asked for, as many of each as without mutation", () => {
    expect(cases.every(({ steps }) => steps.length > 0 && steps.length <= 20)).toBe(true);
    const yielding = cases.filter((schedule) => laneKindOf(schedule).yields).length / cases.length;
    expect([yielding > 0.2, yielding < 0.47]).toEqual([true, true]);
    expect(cases.some((schedule) => laneKindOf(schedule).crashes)).toBe(false);
    const crashing = casesOf({ ...origin, yields: "always", crashes: "always" }, 5);
    expect(new Set(crashing.map((schedule) => JSON.stringify(laneKindOf(schedule))))).toEqual(
      new Set(['{"yields":true,"crashes":true}']),
    );
    const crashes = crashing.map(({ steps }) => steps.filter(({ kind }) => kind === "crash").length);
    expect([Math.min(...crashes), Math.max(...crashes)]).toEqual([1, 2]);
  });
});

describe("a corpus", () => {
  const [a, b] = [caseOf(1, 0, origin.size), caseOf(1, 1, origin.size)];
  const picks = (corpus: Corpus) =>
    Array.from({ length: 100 }, (_, at) => corpus.pick(() => at / 100)).filter((each) => each === b).length;

  test("keeps what reached something new", () => {
    const corpus = new Corpus();
    expect(corpus.pick(() => 0.5)).toBeNull();
    corpus.add(a, new Set(["x"]));
    corpus.add(b, new Set(["x"]));
    expect(picks(corpus)).toBe(0);
    corpus.add(b, new Set(["x", "y"]));
    expect(picks(corpus)).toBe(75);
  });

  test("has what is rarer picked more often", () => {
    const corpus = new Corpus();
    corpus.add(a, new Set(["x"]));
    corpus.add(b, new Set(["y"]));
    expect(picks(corpus)).toBe(50);
    for (let time = 0; time < 3; time += 1) corpus.add(a, new Set(["x"]));
    expect(picks(corpus)).toBe(80);
  });
});

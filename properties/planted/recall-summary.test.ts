import { describe, expect, test } from "vitest";
import type { PlantedBug } from "./planted-bug.ts";
import type { Trial } from "./recall.ts";
import { type BugRecall, type CleanRecall, median, summaryOf } from "./recall-summary.ts";

const bug: PlantedBug = {
  id: "a-bug",
  description: "",
  bugClass: "weak fence",
  source: null,
  needs: ["sequence"],
  invariant: null,
  edits: [],
  steps: 3,
};
const hit: Extract<Trial, { found: true }> = {
  found: true,
  seed: 1,
  schedules: 7,
  seconds: 0.5,
  signature: "s",
  oracle: "response",
  invariants: [],
  steps: 3,
  reproduced: 3,
  replays: 3,
};
const miss: Trial = { found: false, seed: 2, schedules: 100, seconds: 2, verdict: "ok" };
const yields = "never";
const found: BugRecall = { bug, yields, trials: [hit] };
const quiet: CleanRecall = { change: null, yields, trials: [miss] };

describe("a recall is complete", () => {
  test("where every bug was found, small, again and again, and nothing else", () => {
    const other = { ...hit, seed: 2, schedules: 30, steps: 2 };
    const summary = summaryOf([{ bug, yields, trials: [hit, other] }], [quiet]);
    expect(summary).toMatchObject({
      verdict: "complete",
      bugs: 1,
      found: 1,
      missed: [],
      cleanSchedules: 100,
    });
    expect(summary).toMatchObject({ medianSchedules: 7, worstSchedules: 30, minimal: 2, trialsThatFound: 2 });
  });

  test("where one of twenty shows another symptom, which has a minimum of its own, but not two", () => {
    const trials = (long: number): Trial[] =>
      Array.from({ length: 20 }, (_, seed) => ({ ...hit, seed, steps: seed < long ? 4 : 3 }));
    const verdicts = [1, 2].map(
      (long) => summaryOf([{ bug, yields, trials: trials(long) }], [quiet]).verdict,
    );
    expect(verdicts).toEqual(["complete", "incomplete"]);
  });

  test("and tells the time that the slowest seed took for all bugs", () => {
    const other: Trial = { ...hit, seconds: 4 };
    const recalls: BugRecall[] = [
      { bug, yields, trials: [hit, { ...hit, seed: 2, seconds: 3 }] },
      { bug, yields, trials: [other, { ...miss, seconds: 2 }] },
    ];
    expect(summaryOf(recalls, []).worstSeedSeconds).toBe(5);
    expect(summaryOf([], []).worstSeedSeconds).toBeNull();
  });

  test.each([
    ["one seed missed it", [{ bug, yields, trials: [hit, miss] }], [quiet], "incomplete"],
    ["nothing found it", [{ bug, yields, trials: [miss] }], [quiet], "incomplete"],
    ["it shrank too little", [{ bug, yields, trials: [{ ...hit, steps: 4 }] }], [quiet], "incomplete"],
    ["a replay differed", [{ bug, yields, trials: [{ ...hit, reproduced: 2 }] }], [quiet], "incomplete"],
    ["a clean tree was reported", [found], [{ change: null, yields, trials: [hit] }], "incomplete"],
    [
      "a clean tree could not be judged",
      [found],
      [{ change: null, yields, trials: [{ ...miss, verdict: "unknown" }] }],
      "unknown",
    ],
    ["a clean tree was not played", [found], [{ change: null, yields, trials: [] }], "unknown"],
    ["a bug was not looked for", [found, { bug, yields, trials: [] }], [quiet], "unknown"],
    ["there was no bug to find", [], [quiet], "unknown"],
  ] as const)("but not where %s", (_, bugs, clean, verdict) => {
    expect(summaryOf(bugs, clean).verdict).toBe(verdict);
  });

  test("where a bug was not looked for it is neither found nor missed", () => {
    expect(summaryOf([{ bug, yields, trials: [] }], [])).toMatchObject({
      ...{ verdict: "unknown", bugs: 1, found: 0, missed: [] },
    });
  });
});

test("the median is one of the values", () => {
  expect([median([]), median([4]), median([9, 1]), median([9, 1, 5])]).toEqual([null, 4, 1, 5]);
});

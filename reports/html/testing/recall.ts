import type { MutantsResult, Trials } from "../../../schema/json/mutants-result.ts";

const found: Trials = [
  {
    found: true,
    seed: 1,
    schedules: 12,
    seconds: 0.4,
    signature: "INV-05: completed with another token",
    oracle: "invariant",
    invariants: ["INV-05"],
    steps: 3,
    reproduced: 10,
    replays: 10,
  },
];
const notFound: Trials = [{ found: false, seed: 1, schedules: 2000, seconds: 60, verdict: "ok" }];
const bug = {
  class: "weak fence",
  source: null,
  needs: ["sequence"],
  invariant: "INV-05",
  knownSteps: 3,
  yields: "never",
} as const;

/** A recall table of two planted bugs, of which one was missed, and of a tree without a bug. */
export const madeRecall: MutantsResult = {
  formatVersion: 1,
  harnessVersion: "0.1.0",
  verdict: "incomplete",
  seeds: [1],
  runs: 2000,
  sessions: 8,
  steps: 40,
  seconds: 61,
  summary: {
    bugs: 2,
    found: 1,
    missed: ["fence-lost"],
    medianSchedules: 12,
    worstSchedules: 12,
    worstSeedSeconds: 60.4,
    minimal: 1,
    trialsThatFound: 1,
    replays: 10,
    reproduced: 10,
    cleanSchedules: 2000,
    falseAlarms: [],
  },
  bugs: [
    {
      ...bug,
      id: "fence-without-token",
      description: "a completion is not fenced by its token",
      trials: found,
    },
    { ...bug, id: "fence-lost", description: "<script>alert(1)</script>", trials: notFound },
  ],
  clean: [{ change: null, argument: null, yields: "mix", trials: notFound }],
  postgres: "18.4",
};

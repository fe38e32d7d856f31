import { expect, test } from "vitest";
import { type Counterexample, asFound } from "./counterexample.ts";
import { caseOf } from "./generate/cases.ts";
import { type CampaignFailure, type Found, shrinkFailures } from "./shrink-failures.ts";

/** A counterexample of so many steps. */
function counterexample(signature: string, steps: number): Counterexample {
  const { setup, sessions } = caseOf(1, 0, { sessions: 1, steps: 1 });
  const violation = {
    oracle: "state",
    invariant: null,
    rule: signature,
    event: 0,
    expected: [],
    observed: "",
  } as const;
  return {
    signature,
    violations: [violation],
    schedule: {
      setup,
      sessions,
      steps: Array.from({ length: steps }, () => ({ kind: "advance", seconds: 1 })),
    },
    history: { transactions: [], calls: [], events: [] },
  };
}

const found = (index: number, signature: string, steps: number): Found => ({
  case: index,
  count: 3,
  counterexample: counterexample(signature, steps),
  metWhileShrinking: null,
});

/** Shrinks each signature to so many steps, and meets on the way what is listed unless it is known. */
async function shrunk(
  all: readonly Found[],
  to: Readonly<Record<string, number>>,
  meets: Readonly<Record<string, readonly [signature: string, steps: number]>>,
): Promise<{ failures: readonly CampaignFailure[]; told: readonly string[] }> {
  const told: string[] = [];
  const failures = await shrinkFailures(all, {
    shrink: ({ counterexample: original }, known) => {
      const met = meets[original.signature];
      const minimal = counterexample(original.signature, to[original.signature] ?? 0);
      return Promise.resolve({
        shrunk: { ...asFound(minimal), original: original.schedule, candidates: 5, reproduced: true },
        met: met === undefined || known.has(met[0]) ? null : counterexample(...met),
      });
    },
    onFailure: ({ signature, schedule, reproduced }) =>
      told.push(`${signature} ${schedule.steps.length}${reproduced ? " shrunk" : ""}`),
  });
  return { failures, told };
}

test("each is told as found before any is shrunk, and again when it is", async () => {
  const { told } = await shrunk([found(1, "a", 9), found(2, "b", 8)], { a: 4, b: 3 }, {});
  expect(told).toEqual(["a 9", "b 8", "a 4 shrunk", "b 3 shrunk"]);
});

test("what is met is shrunk too, with what is met then, and said to be met", async () => {
  const { failures, told } = await shrunk(
    [found(7, "consequence", 20), found(8, "other", 20)],
    { consequence: 9, middle: 6, plain: 3, other: 5 },
    { consequence: ["middle", 8], middle: ["plain", 4] },
  );
  expect(told.slice(2)).toEqual([
    "consequence 9 shrunk",
    "middle 8",
    "middle 6 shrunk",
    "plain 4",
    "plain 3 shrunk",
    "other 5 shrunk",
  ]);
  expect(failures).toMatchObject([
    { signature: "plain", case: 7, count: 0, metWhileShrinking: "middle" },
    { signature: "other", case: 8, count: 3, metWhileShrinking: null },
    { signature: "middle", case: 7, count: 0, metWhileShrinking: "consequence" },
    { signature: "consequence", case: 7, count: 3, metWhileShrinking: null },
  ]);
});

test("a signature that is known is not met, whoever found it", async () => {
  const { failures } = await shrunk(
    [found(1, "a", 9), found(2, "b", 9)],
    { a: 7, b: 6, plain: 3 },
    { a: ["plain", 4], b: ["plain", 4], plain: ["b", 2] },
  );
  expect(failures.map(({ signature }) => signature)).toEqual(["plain", "b", "a"]);
});

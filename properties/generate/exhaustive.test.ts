import { expect, test } from "vitest";
import type { Step } from "../../sim/schedule.ts";
import { commute, touching } from "./commute.ts";
import { countOrders } from "./distinct-orders.ts";
import { exhausted } from "./exhaustive.ts";
import { strategies } from "./strategies.ts";
import type { Strategy } from "./strategy.ts";
import { strategyNames } from "./strategy-name.ts";

const origin = { seed: 5, size: { sessions: 3, steps: 40 }, yields: "never", crashes: "never" } as const;
const texts = (count: number, { caseAt }: Strategy): readonly string[] =>
  Array.from({ length: count }, (_, index) => JSON.stringify(caseAt(index)));

test.each(strategyNames)("%s: a case is a function of its origin and index", (name) => {
  const strategy = strategies[name];
  const whole = texts(60, strategy(origin));
  const again = strategy(origin);
  for (const index of [59, 3, 4, 30]) expect(JSON.stringify(again.caseAt(index))).toBe(whole[index]);
  expect(texts(5, strategy({ ...origin, seed: 6 }))).not.toEqual(whole.slice(0, 5));
});

test.each(strategyNames)("%s: keeps to its size, and parks calls only where it may", (name) => {
  for (const yields of ["never", "always"] as const) {
    const { caseAt } = strategies[name]({ ...origin, size: { sessions: 2, steps: 12 }, yields });
    const cases = Array.from({ length: 200 }, (_, index) => caseAt(index));
    expect(Math.max(...cases.map(({ sessions }) => sessions.length))).toBe(2);
    expect(Math.max(...cases.map(({ steps }) => steps.length))).toBeLessThanOrEqual(12);
    const parks = cases.some(({ steps }) => steps.some((step) => step.kind === "call" && "parkAt" in step));
    expect(parks).toBe(yields === "always");
  }
});

test("no order of a scope is played twice, and it says how many scopes were complete", () => {
  const { scopes, orders, allOrders } = exhausted(origin, 1_000);
  expect(scopes).toBeGreaterThan(3);
  expect(orders).toBeLessThanOrEqual(1_000);
  expect(allOrders).toBeGreaterThan(orders);
  expect(new Set(texts(orders, strategies.exhaustive(origin))).size).toBe(orders);
  expect(exhausted(origin, 0)).toEqual({ scopes: 0, orders: 0, allOrders: 0 });
  expect(exhausted(origin, orders)).toEqual({ scopes, orders, allOrders });
  expect(exhausted(origin, orders - 1).scopes).toBe(scopes - 1);
  expect(countOrders([4, 4])).toBe(70);
});

const call = (session: number, instruction: string, participant: string): Step => ({
  kind: "call",
  session,
  call: { op: "enqueue", instruction, key: "1", participant, rail: "sepa", payload: "{}" },
});
const claim: Step = {
  kind: "call",
  session: 1,
  call: { op: "claim", batchSize: 1, worker: "w1", leaseSeconds: 1 },
};
const within = (...steps: readonly Step[]) =>
  touching([
    { kind: "begin", session: 0, isolation: "READ COMMITTED" },
    ...steps,
    { kind: "commit", session: 0 },
  ]);

test("steps commute where they touch different things and take no time of their own", () => {
  const [begin, own, commit] = within(call(0, "a", "p"));
  const [, other] = within(call(1, "b", "q"));
  const [, sameParticipant] = within(call(1, "b", "p"));
  const [, claiming] = within(claim);
  const [alone] = touching([call(1, "b", "q")]);
  const [clock] = touching([{ kind: "advance", seconds: 1 }]);
  const pairs = { other, sameParticipant, claiming, alone, clock };
  const commuting = (step: typeof begin) =>
    Object.entries(pairs).flatMap(([name, each]) =>
      step !== undefined && each !== undefined && commute(step, each) && commute(each, step) ? [name] : [],
    );
  expect(commuting(own)).toEqual(["other", "alone"]);
  expect(commuting(commit)).toEqual(["other", "alone"]);
  expect(commuting(begin)).toEqual(["other", "sameParticipant", "claiming"]);
});

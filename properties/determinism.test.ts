import { describe, expect, test } from "vitest";
import { nothingObserved } from "../model/observation.ts";
import type { Event, History } from "../sim/history.ts";
import { differenceBetween } from "./determinism.ts";
import type { Verdict, Violation } from "./verdict.ts";

const transaction = {
  id: 0,
  session: 0,
  role: "symphony_control",
  isolation: "READ COMMITTED",
  now: 1,
} as const;
const call = {
  step: 0,
  session: 0,
  transaction: 0,
  autocommit: true,
  action: { kind: "ceiling" },
} as const;
const events: readonly Event[] = [
  { kind: "invoke", call: 0 },
  { kind: "respond", call: 0, response: { kind: "ok", rows: [{ ceiling: 20 }] } },
  { kind: "observe", now: 1, observation: nothingObserved, notifications: [] },
];
const history: History = { transactions: [transaction], calls: [call], events, yields: { 1: 2 } };
const ok: Verdict = { kind: "ok" };

const difference = (second: History, exact = true) =>
  differenceBetween({ history, verdict: ok }, { history: second, verdict: ok }, exact);

describe("two histories", () => {
  test("that are equal do not differ", () => {
    expect(difference(structuredClone(history))).toBeNull();
  });

  const otherAnswer: Event = { kind: "respond", call: 0, response: { kind: "ok", rows: [{ ceiling: 21 }] } };
  const notified = [{ session: 0, payload: "row1" }];
  test.each<[what: string, second: History, rule: string, event: number]>([
    ["another answer", { ...history, events: events.with(1, otherAnswer) }, "another answer", 1],
    ["another call", { ...history, calls: [{ ...call, session: 1 }] }, "another call", 0],
    ["another time", { ...history, transactions: [{ ...transaction, now: 2 }] }, "another call", 0],
    [
      "a notification",
      {
        ...history,
        events: events.with(2, { ...(events[2] as never as object), notifications: notified } as never),
      },
      "other rows or notifications",
      2,
    ],
    ["another event", { ...history, events: events.toSpliced(1, 1) }, "respond or observe", 1],
    [
      "no further event",
      { ...history, events: events.slice(0, 2) },
      "one play goes on where the other ends",
      2,
    ],
    ["another statement passed", { ...history, yields: { 1: 3 } }, "other statements are passed", 2],
  ])("differ by %s, at its event", (_, second, rule, event) => {
    expect(difference(second)).toMatchObject({ oracle: "determinism", invariant: null, rule, event });
    expect(difference(second, false)).toBeNull();
  });

  test("the longer one second: its last event is the place", () => {
    const second = { ...history, events: [...events, otherAnswer] };
    expect(difference(second)).toMatchObject({ event: 2, expected: ["nothing more"] });
  });

  test("say what both did", () => {
    const found = difference({ ...history, events: events.with(1, otherAnswer) });
    expect(found?.expected[0]).toContain('{"ceiling":20}');
    expect(found?.observed).toContain('{"ceiling":21}');
  });
});

test("on a server that wakes sessions in its own order only the verdict and the signature must be the same", () => {
  const violation: Violation = {
    ...{ oracle: "invariant", invariant: "INV-05", rule: "forged", event: 1 },
    ...{ expected: [], observed: "" },
  };
  const violated = (rule: string): Verdict => ({ kind: "violated", violations: [{ ...violation, rule }] });
  const compare = (first: Verdict, second: Verdict) =>
    differenceBetween({ history, verdict: first }, { history, verdict: second }, false);
  expect(compare(violated("forged"), violated("forged"))).toBeNull();
  expect(compare(violated("forged"), ok)).toMatchObject({ rule: "another verdict", event: 2 });
  expect(compare(violated("forged"), violated("stale"))).toMatchObject({
    expected: ["INV-05: forged"],
    observed: "INV-05: stale",
  });
});

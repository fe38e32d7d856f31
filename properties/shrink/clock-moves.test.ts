import { describe, expect, test } from "vitest";
import type { Schedule, Step } from "../../sim/schedule.ts";
import { clockMoves } from "./clock-moves.ts";
import { isCheaper } from "./cost.ts";

const claim = (leaseSeconds: number): Step => ({
  kind: "call",
  session: 0,
  call: { op: "claim", batchSize: 1, worker: "w1", leaseSeconds },
});
const repair: Step = { kind: "call", session: 0, call: { op: "repair", batchSize: 1, worker: "r1" } };
const toDeadline: Step = {
  kind: "advanceTo",
  row: { instruction: "a", key: "1" },
  deadline: "lease",
  offsetMicros: 0,
};
const advance = (seconds: number): Step => ({ kind: "advance", seconds });

const schedule = (steps: readonly Step[]): Schedule => ({
  setup: { retryCeiling: null },
  sessions: [{ role: "symphony_control", isolation: "READ COMMITTED" }],
  steps,
});

function expectMove(from: readonly Step[], to: readonly Step[]): void {
  const moved = [...clockMoves(schedule(from))].map((each) => JSON.stringify(each));
  expect(moved).toContain(JSON.stringify(schedule(to)));
  expect(isCheaper(schedule(to), schedule(from))).toBe(true);
}

describe("a move in time", () => {
  test("goes past the end of a lease that nobody has to have", () => {
    expectMove([claim(60), toDeadline, repair], [advance(61), repair]);
  });
  test("has one lease outlast the others, instead of a transaction that keeps a row from a claim", () => {
    const [begin, end]: [Step, Step] = [
      { kind: "begin", session: 0, isolation: "READ COMMITTED" },
      { kind: "commit", session: 0 },
    ];
    const longer = [claim(2), claim(1), advance(3), repair];
    expectMove([begin, claim(1), end, claim(1), advance(1), repair], longer);
    expectMove([begin, claim(1), end, claim(1), toDeadline, repair], longer);
  });
  test("is none where no step is about time", () => {
    expect([...clockMoves(schedule([claim(60), repair]))]).toEqual([]);
  });
});

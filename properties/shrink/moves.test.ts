import { describe, expect, test } from "vitest";
import type { Call, Schedule, Step } from "../../sim/schedule.ts";
import { caseOf } from "../generate/cases.ts";
import { costOf, isCheaper } from "./cost.ts";
import { moves } from "./moves.ts";
import { plainest, plainestArguments, remarkableArguments } from "./plainest.ts";

const seed = 20_260_104;

/** Small cases: a schedule of n steps has about n to the third moves. */
const cases = Array.from({ length: 40 }, (_, index) =>
  caseOf(seed, index, { sessions: (index % 6) + 1, steps: 8 }),
);

describe(`moves, from ${cases.length} cases (seed ${seed})`, () => {
  test("lead to schedules that can be played", () => {
    for (const schedule of cases) {
      for (const moved of moves(schedule)) expect(faultOf(moved)).toBeNull();
    }
  });
  test("add neither steps nor sessions, and leave the schedule that they start from alone", () => {
    for (const schedule of cases) {
      const before = structuredClone(schedule);
      for (const moved of moves(schedule)) {
        expect(moved.steps.length).toBeLessThanOrEqual(schedule.steps.length);
        expect(moved.sessions.length).toBeLessThanOrEqual(schedule.sessions.length);
      }
      expect(schedule).toEqual(before);
    }
  });
});

/** What is wrong with a schedule, or null. */
function faultOf({ sessions, steps }: Schedule): string | null {
  if (sessions.length === 0) return "no session";
  for (const step of steps) {
    if ("session" in step && sessions[step.session] === undefined) return `no session ${step.session}`;
    if (step.kind === "advance" && !(step.seconds >= 1)) return `advances ${step.seconds} s`;
    if (step.kind === "call" && !hasArguments(step.call)) return `arguments of ${step.call.op}`;
  }
  return null;
}

function hasArguments({ op, ...given }: Call): boolean {
  const wanted = Object.keys(plainestArguments({ op } as Call)).sort();
  return Object.keys(given).sort().join() === wanted.join();
}

const session = { role: "symphony_control", isolation: "READ COMMITTED" } as const;
const setup = { retryCeiling: null };
const call = (player: number, seconds = 1): Step => {
  return {
    kind: "call",
    session: player,
    call: { op: "claim", batchSize: 1, worker: "w1", leaseSeconds: seconds },
  };
};
const schedule = (steps: readonly Step[], over: Partial<Schedule> = {}): Schedule => ({
  setup,
  sessions: [session, session],
  steps,
  ...over,
});
const reached = (from: Schedule) => [...moves(from)].map((moved) => JSON.stringify(moved));

describe("a move", () => {
  test("drops two steps at once", () => {
    const [begin, end]: Step[] = [
      { kind: "begin", session: 0, isolation: "SERIALIZABLE" },
      { kind: "commit", session: 0 },
    ];
    expect(reached(schedule([begin, call(0), end].flatMap((step) => step ?? [])))).toContain(
      JSON.stringify(schedule([call(0)])),
    );
  });
  test("makes one plain call of all, by any of its sessions", () => {
    const from = schedule([call(0, 60), call(1)]);
    const repairs = (player: number): Step => ({
      kind: "call",
      session: player,
      call: { op: "repair", batchSize: 1, worker: "r1" },
    });
    for (const player of [0, 1]) expect(reached(from)).toContain(JSON.stringify(schedule([repairs(player)])));
    expect(reached(schedule([call(0)]))).not.toContain(JSON.stringify(schedule([repairs(0)])));
  });
  test("gives a session's steps to another, and renumbers", () => {
    const three = schedule([call(0), call(2)], { sessions: [session, session, session] });
    expect(reached(three)).toContain(JSON.stringify(schedule([call(0), call(1)])));
    expect(reached(three)).toContain(JSON.stringify(schedule([call(0), call(0)])));
  });
  test("makes a ceiling, a role, a level, a jump and an argument plain", () => {
    const other = { role: "symphony_ingest", isolation: "SERIALIZABLE" } as const;
    const due: Step = {
      kind: "advanceTo",
      row: { instruction: "b", key: "2" },
      deadline: "due",
      offsetMicros: -1,
    };
    const from = schedule([call(0, 60), { kind: "advance", seconds: 3600 }, due], {
      setup: { retryCeiling: "3" },
      sessions: [other],
    });
    const changes: Partial<Schedule>[] = [
      { setup },
      { setup: { retryCeiling: "1" } },
      { sessions: [session] },
      { sessions: [{ ...other, role: "symphony_control" }] },
      { sessions: [{ ...other, isolation: "READ COMMITTED" }] },
      { steps: from.steps.with(0, call(0)) },
      { steps: from.steps.with(1, { kind: "advance", seconds: 1 }) },
      { steps: from.steps.with(1, { kind: "advance", seconds: 1800 }) },
      { steps: from.steps.with(2, { ...due, offsetMicros: 0 }) },
      { steps: from.steps.with(2, { kind: "advance", seconds: 1 }) },
    ];
    for (const change of changes) expect(reached(from)).toContain(JSON.stringify({ ...from, ...change }));
  });
  test("drops settings, one or all, and prepares nothing", () => {
    const from = schedule([call(0)], {
      setup: { retryCeiling: null, settings: { enable_sort: "off", jit: "on" } },
      sessions: [{ ...session, prepared: true }, session],
    });
    for (const change of [
      { setup },
      { setup: { ...setup, settings: { jit: "on" } } },
      { sessions: [session, session] },
    ]) {
      expect(reached(from)).toContain(JSON.stringify({ ...from, ...change }));
      expect(isCheaper({ ...from, ...change }, from)).toBe(true);
    }
  });
  test("makes savepoints plainer, and of going back to one a rollback", () => {
    const steps: readonly Step[] = [
      { kind: "savepoint", session: 0, name: "s2" },
      { kind: "rollbackTo", session: 0, name: "s2" },
    ];
    const from = schedule(steps);
    for (const [index, plainer] of [
      [0, { kind: "savepoint", session: 0, name: "s1" }],
      [1, { kind: "rollbackTo", session: 0, name: "s1" }],
      [1, { kind: "rollback", session: 0 }],
    ] as const) {
      const changed = schedule(steps.with(index, plainer));
      expect(reached(from)).toContain(JSON.stringify(changed));
      expect(isCheaper(changed, from)).toBe(true);
    }
  });
  test("moves a step next to another of its session", () => {
    expect(reached(schedule([call(0), call(1), call(0, 9)]))).toContain(
      JSON.stringify(schedule([call(0), call(0, 9), call(1)])),
    );
  });
  test("lets a call run through, park earlier, and the whole case go without yields", () => {
    const parking = { ...call(0), parkAt: 8 } as Step;
    const from = schedule([parking, call(1), { kind: "resume", session: 0, parkAt: 2 }], {
      setup: { ...setup, yields: true },
    });
    const steps: readonly Step[][] = [
      [call(0), ...from.steps.slice(1)],
      ...[1, 4, 7].map((parkAt) => [{ ...call(0), parkAt } as Step, ...from.steps.slice(1)]),
      [...from.steps.slice(0, 2), { kind: "resume", session: 0 }],
    ];
    for (const each of steps) expect(reached(from)).toContain(JSON.stringify({ ...from, steps: each }));
    expect(reached(from)).toContain(JSON.stringify(schedule([call(0), call(1)])));
  });
  test("makes of a crash what it does to one session", () => {
    const crashing = schedule([call(1), { kind: "crash" }]);
    for (const player of [0, 1]) {
      const terminating = schedule([call(1), { kind: "terminate", session: player }]);
      expect(reached(crashing)).toContain(JSON.stringify(terminating));
      expect(isCheaper(terminating, crashing)).toBe(true);
    }
  });
  test("gives a row the plainest name, wherever the schedule speaks of it", () => {
    const about = (row: { instruction: string; key: string }): readonly Step[] => [
      { kind: "call", session: 0, call: { op: "enqueue", ...plainest.enqueue, ...row } },
      { kind: "advanceTo", row, deadline: "lease", offsetMicros: 0 },
      { kind: "call", session: 1, call: { op: "complete", ...plainest.complete, row } },
    ];
    const [from, to] = [{ instruction: "c", key: "2" }, plainest.complete.row].map((row) =>
      schedule(about(row)),
    );
    if (from === undefined || to === undefined) throw new Error("no schedule");
    expect(reached(from)).toContain(JSON.stringify(to));
    expect(isCheaper(to, from)).toBe(true);
  });
  test("drops one step and makes another plain", () => {
    expect(reached(schedule([call(0, 60), call(1)]))).toContain(JSON.stringify(schedule([call(0)])));
  });
});

describe("the cost", () => {
  const base = schedule([call(0), call(1)]);
  test("is smaller for what is easier to read", () => {
    const dearer: readonly Schedule[] = [
      schedule([call(0), call(1), call(1)]),
      schedule([call(0), call(1)], { sessions: [session, session, session] }),
      schedule([call(0), { kind: "begin", session: 1, isolation: "READ COMMITTED" }]),
      schedule([call(0), call(1)], { sessions: [session, { ...session, isolation: "SERIALIZABLE" }] }),
      schedule([call(0), call(1)], { sessions: [session, { ...session, role: "symphony_ingest" }] }),
      schedule([call(0), call(1)], { setup: { retryCeiling: "1" } }),
      schedule([call(0), call(1, 60)]),
      schedule([call(0), call(1)], { setup: { ...setup, yields: true } }),
      schedule([{ ...call(0), parkAt: 1 } as Step, call(1)], { setup: { ...setup, yields: true } }),
    ];
    for (const other of dearer)
      expect([isCheaper(base, other), isCheaper(other, base)]).toEqual([true, false]);
    expect(isCheaper(base, base)).toBe(false);
    expect(isCheaper(schedule([call(0), call(0), call(1)]), schedule([call(0), call(1), call(0)]))).toBe(
      true,
    );
  });
  test("is a number in each place", () => {
    for (const each of cases) expect(costOf(each).every((part) => part >= 0)).toBe(true);
  });
  test("counts the arguments that a reader would stop at", () => {
    expect(remarkableArguments(base)).toBe(0);
    expect(remarkableArguments(schedule([call(0, 60), call(1, 10)]))).toBe(2);
    const plain = { op: "complete", ...plainestArguments({ op: "complete" } as Call) } as Call;
    expect(
      remarkableArguments(
        schedule([{ kind: "call", session: 0, call: { ...plain, state: "FAILED" } as Call }]),
      ),
    ).toBe(1);
  });
});

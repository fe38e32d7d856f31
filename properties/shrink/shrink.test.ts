import { describe, expect, test } from "vitest";
import type { Schedule, Step } from "../../sim/schedule.ts";
import { caseOf } from "../generate/cases.ts";
import { isCheaper } from "./cost.ts";
import { shrink } from "./shrink.ts";

const seed = 20_260_105;
const never = new AbortController().signal;

type Predicate = (schedule: Schedule) => boolean;

/** The first case of the seed for which the predicate holds. */
function caseWhere(holds: Predicate, sessions = 3): Schedule {
  for (let index = 0; index < 500; index += 1) {
    const schedule = caseOf(seed, index, { sessions, steps: 20 });
    if (holds(schedule)) return schedule;
  }
  throw new Error("no case has what is looked for");
}

async function shrunk(original: Schedule, holds: Predicate): Promise<Schedule> {
  const { schedule } = await shrink(original, (candidate) => Promise.resolve(holds(candidate)), never);
  expect(holds(schedule)).toBe(true);
  return schedule;
}

const isCall = (op: string) => (step: Step) => step.kind === "call" && step.call.op === op;
const isKind = (kind: Step["kind"]) => (step: Step) => step.kind === kind;

/** Is there a step of each sort, in this order? */
function inOrder(...sorts: readonly ((step: Step) => boolean)[]): Predicate {
  return ({ steps }) => {
    let found = 0;
    for (const step of steps) if (sorts[found]?.(step) === true) found += 1;
    return found === sorts.length;
  };
}

const sessionOf = (step: Step | undefined) => (step !== undefined && "session" in step ? step.session : null);
const plainSession = { role: "symphony_control", isolation: "READ COMMITTED" };

describe(`shrink (seed ${seed})`, () => {
  test("reaches the known minimum: one kind of step before another", async () => {
    const holds = inOrder(isCall("repair"), isCall("enqueue"));
    const minimum = await shrunk(caseWhere(holds), holds);
    expect(minimum).toEqual({
      setup: { retryCeiling: null },
      sessions: [plainSession],
      steps: [
        { kind: "call", session: 0, call: { op: "repair", batchSize: 1, worker: "r1" } },
        {
          kind: "call",
          session: 0,
          call: { op: "enqueue", instruction: "a", key: "1", participant: "p", rail: "sepa", payload: "{}" },
        },
      ],
    });
  });

  test("reaches the known minimum: a transaction of one session with a call of another in it", async () => {
    const holds: Predicate = ({ steps }) =>
      steps.some((begin, first) => {
        const end = steps.findIndex(
          (step, index) => index > first && step.kind === "commit" && sessionOf(step) === sessionOf(begin),
        );
        const between = steps.slice(first + 1, Math.max(end, 0));
        return (
          begin.kind === "begin" &&
          between.some((step) => isCall("claim")(step) && sessionOf(step) !== sessionOf(begin))
        );
      });
    const minimum = await shrunk(caseWhere(holds), holds);
    expect(minimum.sessions).toEqual([plainSession, plainSession]);
    expect(minimum.steps.map(({ kind }) => kind)).toEqual(["begin", "call", "commit"]);
    expect(minimum.steps[0]).toMatchObject({ isolation: "READ COMMITTED" });
    expect(minimum.steps[1]).toMatchObject({ call: { batchSize: 1, worker: "w1", leaseSeconds: 1 } });
  });

  test("keeps what the failure needs, and only that: an argument, a role, a level, a ceiling", async () => {
    const argument: Predicate = ({ steps }) =>
      steps.some(
        (step) => step.kind === "call" && step.call.op === "complete" && step.call.state === "FAILED",
      );
    const [complete] = (await shrunk(caseWhere(argument), argument)).steps;
    expect(complete).toMatchObject({
      call: {
        row: { instruction: "a", key: "1" },
        lease: "latest",
        worker: "holder",
        state: "FAILED",
        latencyMs: null,
      },
    });

    const role: Predicate = ({ sessions }) => sessions.some((session) => session.role === "symphony_auditor");
    expect((await shrunk(caseWhere(role), role)).sessions).toEqual([
      { ...plainSession, role: "symphony_auditor" },
    ]);
    const level: Predicate = ({ sessions }) => sessions.some(({ isolation }) => isolation === "SERIALIZABLE");
    expect((await shrunk(caseWhere(level), level)).sessions).toEqual([
      { ...plainSession, isolation: "SERIALIZABLE" },
    ]);
    const ceiling: Predicate = ({ setup }) => setup.retryCeiling === "0002";
    expect((await shrunk(caseWhere(ceiling), ceiling)).setup).toEqual({ retryCeiling: "0002" });
  });

  test("keeps steps that only count together", async () => {
    const holds: Predicate = ({ steps }) =>
      steps.filter(isKind("advanceTo")).length >= 2 && steps.length % 2 === 0;
    expect((await shrunk(caseWhere(holds), holds)).steps.map(({ kind }) => kind)).toEqual([
      "advanceTo",
      "advanceTo",
    ]);
  });

  test("ends, at one step, where everything fails", async () => {
    const minimum = await shrunk(caseOf(seed, 0, { sessions: 6, steps: 20 }), () => true);
    expect([minimum.steps.length <= 1, minimum.sessions.length]).toEqual([true, 1]);
  });

  test("ends where nothing at all fails too", async () => {
    const even: Predicate = ({ steps }) => steps.length % 2 === 0;
    expect((await shrunk(caseWhere(even), even)).steps).toEqual([]);
  });

  test("asks each candidate once, and accepts only cheaper ones", async () => {
    const original = caseWhere(inOrder(isCall("claim"), isCall("complete")));
    const asked = new Set<string>();
    let best = original;
    const { candidates } = await shrink(
      original,
      (candidate) => {
        const text = JSON.stringify(candidate);
        expect(asked.has(text)).toBe(false);
        asked.add(text);
        const fails = inOrder(isCall("claim"), isCall("complete"))(candidate);
        if (fails) expect(isCheaper(candidate, best)).toBe(true);
        if (fails) best = candidate;
        return Promise.resolve(fails);
      },
      never,
    );
    expect(candidates).toBe(asked.size);
  });

  test("keeps what can't be made smaller", async () => {
    const original = caseOf(seed, 1, { sessions: 2, steps: 10 });
    const only = (candidate: Schedule) =>
      Promise.resolve(JSON.stringify(candidate) === JSON.stringify(original));
    expect((await shrink(original, only, never)).schedule).toEqual(original);
  });

  test("stops when it is told to, with the best so far", async () => {
    const stop = new AbortController();
    const original = caseOf(seed, 2, { sessions: 3, steps: 20 });
    const { schedule, candidates } = await shrink(
      original,
      () => {
        stop.abort();
        return Promise.resolve(true);
      },
      stop.signal,
    );
    expect(candidates).toBe(1);
    expect(isCheaper(schedule, original)).toBe(true);
  });

  test("shrinks a schedule that comes from a file like one that was generated", async () => {
    const holds = inOrder(isCall("complete"), isKind("advanceTo"));
    const original = caseWhere(holds);
    const fromFile = JSON.parse(JSON.stringify(original)) as Schedule;
    expect(await shrunk(fromFile, holds)).toEqual(await shrunk(original, holds));
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plainLane } from "../sim/lane-slot.ts";
import type { History } from "../sim/history.ts";
import type { Lane } from "../sim/lane.ts";
import { play } from "../sim/play.ts";
import type { Schedule } from "../sim/schedule.ts";
import { type OwnStage, startOwnStage } from "../sim/testing/embedded-stage.ts";
import { caseOf } from "./generate/cases.ts";
import { judgeCase } from "./judge-case.ts";
import { reasonUnreached, unreachableStatements } from "./unreachable-statements.ts";
import { begin, enqueue, fault, rollback, schedule as scenario, tell } from "./testing/scenario.ts";

const seed = 20_261_124;
const size = { sessions: 3, steps: 40 };

let own: OwnStage;
let plain: Lane;
let instrumented: Lane;

beforeAll(async () => {
  own = await startOwnStage();
  plain = await own.stage.openLane(size.sessions);
  instrumented = await own.stage.openLane(size.sessions, { ...plainLane, yields: true });
});

afterAll(async () => {
  await plain.close();
  await instrumented.close();
  await own.stop();
});

const withYields = (schedule: Schedule): Schedule => ({
  ...schedule,
  setup: { ...schedule.setup, yields: true },
});

function withoutCounts({ transactions, calls, events }: History): History {
  return { transactions, calls, events };
}

describe(`instrumented functions (seed ${seed})`, () => {
  test("behave as they did where no call parks, whatever sessions do to each other", async () => {
    for (let index = 0; index < 200; index += 1) {
      const schedule = caseOf(seed, index, size);
      const history = await play(instrumented, withYields(schedule));
      expect(withoutCounts(history)).toEqual(await play(plain, schedule));
    }
  });

  test("behave as they did where every call parks at every statement and nobody interferes", async () => {
    let parks = 0;
    for (let index = 0; index < 40; index += 1) {
      const schedule = sequential(caseOf(seed, index, size));
      const history = await play(instrumented, withYields(steppedThrough(schedule)));
      expect(answersOf(history)).toEqual(answersOf(await play(plain, schedule)));
      const through = await play(instrumented, withYields(schedule));
      expect(history.yields).toEqual(through.yields);
      parks += parksOf(history);
    }
    expect(parks).toBeGreaterThan(3_000);
  });

  test("may park in a trigger that holds a whole table, and nobody of ours waits for that", async () => {
    const truncate = { op: "tamper", ledger: "attempts", verb: "truncate" } as const;
    const schedule: Schedule = {
      setup: { retryCeiling: null, yields: true },
      sessions: [
        { role: "owner", isolation: "READ COMMITTED" },
        { role: "symphony_control", isolation: "READ COMMITTED" },
      ],
      steps: [{ kind: "call", session: 0, call: truncate, parkAt: 1 }, enqueue(1)],
    };
    const history = await play(instrumented, schedule);
    expect(tell(history)).toEqual(["1 ok 1", "0 P0001"]);
    expect(judgeCase(schedule, history)).toEqual({ kind: "ok" });
  });

  test("may park where the answer will be lost: what the call does comes out later", async () => {
    const { steps, ...rest } = scenario(fault("loseAcknowledgement", 0), enqueue(0), enqueue(1));
    const parked = steps.map((step) =>
      step.kind === "call" && step.session === 0 ? { ...step, parkAt: 12 } : step,
    );
    const schedule = withYields({ ...rest, steps: parked, sessions: rest.sessions.slice(0, size.sessions) });
    const history = await play(instrumented, schedule);
    expect(tell(history)).toEqual(["1 waits for 0", "0 ? (ok 1)", "1 ok 1"]);
    expect(judgeCase(schedule, history)).toEqual({ kind: "ok" });
  });

  test("of a call that was ended before it came to where it would have parked hold up no later call", async () => {
    const { steps, ...rest } = scenario(
      begin(0),
      enqueue(0),
      // Waits for the key, long before the last of its yield points.
      enqueue(1),
      fault("terminate", 1),
      rollback(0),
      enqueue(1),
    );
    const late = steps.map((step, index) => (index === 2 ? { ...step, parkAt: 20 } : step));
    const schedule = withYields({
      ...rest,
      steps: late,
      sessions: rest.sessions.slice(0, size.sessions),
    });
    const history = await play(instrumented, schedule);
    expect(tell(history)).toEqual(["0 ok 1", "1 waits for 0", "1 57P01", "1 ok 1"]);
  });

  test("are all of those in PL/pgSQL, and no other function is there", async () => {
    const { points, refused } = await own.stage.instrumentation();
    expect(refused).toEqual([]);
    expect(new Set(points.map((point) => point.function))).toEqual(
      new Set([
        "bump_participant_outbox_seq",
        "claim_outbox_batch",
        "complete_outbox_attempt",
        "deny_append_only_mutation",
        "enqueue_payment_outbox",
        "outbox_retry_ceiling",
        "repair_expired_leases",
        "uuid_strategy",
        "uuid_v7_or_random",
      ]),
    );
  });

  test("are there for each statement of which it is said that nobody can come to it", async () => {
    const { points } = await own.stage.instrumentation();
    const explained = new Set(points.map(reasonUnreached));
    expect(explained).toEqual(new Set([null, ...unreachableStatements.map(({ reason }) => reason)]));
    expect(points.filter((point) => reasonUnreached(point) !== null)).toHaveLength(
      unreachableStatements.length,
    );
  });
});

/** All steps by one session, so that nothing can come between. */
function sequential({ setup, sessions, steps }: Schedule): Schedule {
  const played = steps.map((step) => ("session" in step ? { ...step, session: 0 } : step));
  return { setup, sessions: sessions.slice(0, 1), steps: played };
}

/** Each call parks at its first yield point, and goes on one by one. What is left over is skipped. */
function steppedThrough(schedule: Schedule): Schedule {
  const most = 60;
  const steps = schedule.steps.flatMap((step): Schedule["steps"] => {
    if (step.kind !== "call") return [step];
    const { session } = step;
    const resumes = Array.from({ length: most }, () => ({ kind: "resume", session, parkAt: 1 }) as const);
    return [{ ...step, parkAt: 1 }, ...resumes];
  });
  return { ...schedule, steps };
}

/** What was asked, answered and observed. */
function answersOf({ transactions, calls, events }: History) {
  return {
    transactions,
    actions: calls.map(({ action }) => action),
    events: events.filter(({ kind }) => kind === "respond" || kind === "observe" || kind === "wait"),
  };
}

function parksOf({ events }: History): number {
  return events.filter(({ kind }) => kind === "park").length;
}

import type { Call, Schedule, Step } from "../../sim/schedule.ts";
import type { SettingName } from "../../sim/settings.ts";
import { attemptMoves } from "./attempt-moves.ts";
import { clockMoves } from "./clock-moves.ts";
import { plainest, plainestArguments } from "./plainest.ts";
import { withPlainerRows } from "./row-moves.ts";

/** Smaller schedules that neither delta debugging nor fast-check's own shrinking would think of. */
export function* moves(schedule: Schedule): Generator<Schedule> {
  yield* asOneCall(schedule);
  yield* withoutPairs(schedule);
  yield* withoutYields(schedule);
  yield* withoutCrashes(schedule);
  yield* withFewerSessions(schedule);
  yield* withPlainerSetup(schedule);
  yield* withPlainerSteps(schedule);
  yield* withFewerSwitches(schedule);
  yield* withPlainerRows(schedule);
  yield* withMergedBatches(schedule);
  yield* attemptMoves(schedule);
  yield* withoutOneAndPlainer(schedule);
  yield* clockMoves(schedule);
}

/** One plain call and nothing else: what fails whenever it is called may have been seen in the closing phase. */
function* asOneCall(schedule: Schedule): Generator<Schedule> {
  if (schedule.steps.length < 2) return;
  for (const session of schedule.sessions.keys())
    for (const [op, plain] of Object.entries(plainest))
      yield { ...schedule, steps: [{ kind: "call", session, call: { op, ...plain } as Call }] };
}

/** Two steps that only make sense together, such as a begin and its commit. */
function* withoutPairs(schedule: Schedule): Generator<Schedule> {
  const { steps } = schedule;
  for (let first = 0; first < steps.length; first += 1) {
    for (let second = first + 1; second < steps.length; second += 1) {
      yield { ...schedule, steps: steps.filter((_, index) => index !== first && index !== second) };
    }
  }
}

/** Every call whole, in functions as they were migrated. */
function* withoutYields({ setup: { yields, ...setup }, sessions, steps }: Schedule): Generator<Schedule> {
  if (yields !== true) return;
  const whole = steps.flatMap((step): Step[] => {
    if (step.kind === "resume") return [];
    if (step.kind !== "call") return [step];
    const { kind, session, call } = step;
    return [{ kind, session, call }];
  });
  yield { setup, sessions, steps: whole };
}

/** Of a crash, what it does to one session. */
function* withoutCrashes(schedule: Schedule): Generator<Schedule> {
  const { sessions, steps } = schedule;
  for (const [index, { kind }] of steps.entries()) {
    if (kind !== "crash") continue;
    for (const session of sessions.keys())
      yield { ...schedule, steps: steps.with(index, { kind: "terminate", session }) };
  }
}

/** One session's steps played by another; a session that has none left out. */
function* withFewerSessions(schedule: Schedule): Generator<Schedule> {
  const { sessions } = schedule;
  for (let dropped = 0; dropped < sessions.length && sessions.length > 1; dropped += 1) {
    for (let heir = 0; heir < sessions.length; heir += 1) {
      if (heir !== dropped) yield dropSession(schedule, dropped, heir);
    }
  }
}

function dropSession({ setup, sessions, steps }: Schedule, dropped: number, heir: number): Schedule {
  const renumber = (session: number): number => {
    const player = session === dropped ? heir : session;
    return player > dropped ? player - 1 : player;
  };
  return {
    setup,
    sessions: sessions.filter((_, index) => index !== dropped),
    steps: steps.map((step) => ("session" in step ? { ...step, session: renumber(step.session) } : step)),
  };
}

function* withPlainerSetup(schedule: Schedule): Generator<Schedule> {
  for (const retryCeiling of [null, "1", "2"])
    yield { ...schedule, setup: { ...schedule.setup, retryCeiling } };
  yield* withFewerSettings(schedule);
  for (const [index, session] of schedule.sessions.entries()) {
    const replaced = (spec: typeof session): Schedule => ({
      ...schedule,
      sessions: schedule.sessions.with(index, spec),
    });
    yield replaced({ role: "symphony_control", isolation: "READ COMMITTED" });
    yield replaced({ ...session, role: "symphony_control" });
    yield replaced({ ...session, isolation: "READ COMMITTED" });
    const { prepared, ...plain } = session;
    if (prepared === true) yield replaced(plain);
  }
}

function* withFewerSettings(schedule: Schedule): Generator<Schedule> {
  const { settings = {}, ...setup } = schedule.setup;
  const names = Object.keys(settings) as SettingName[];
  if (names.length > 0) yield { ...schedule, setup };
  for (const dropped of names.length > 1 ? names : []) {
    const fewer = Object.entries(settings).filter(([name]) => name !== dropped);
    yield { ...schedule, setup: { ...setup, settings: Object.fromEntries(fewer) } };
  }
}

function* withPlainerSteps(schedule: Schedule): Generator<Schedule> {
  for (const [index, step] of schedule.steps.entries()) {
    for (const plainer of plainerSteps(step))
      yield { ...schedule, steps: schedule.steps.with(index, plainer) };
  }
}

function plainerSteps(step: Step): readonly Step[] {
  switch (step.kind) {
    case "begin":
      return [
        { ...step, isolation: "READ COMMITTED" },
        { ...step, isolation: "REPEATABLE READ" },
      ];
    case "call":
      return [...earlierParks(step), ...plainerCalls(step.call).map((call) => ({ ...step, call }))];
    case "resume":
      return earlierParks(step);
    case "advance":
      return [
        { ...step, seconds: 1 },
        { ...step, seconds: Math.ceil(step.seconds / 2) },
      ];
    case "advanceTo":
      return [
        { kind: "advance", seconds: 1 },
        { ...step, offsetMicros: 0 },
      ];
    case "terminate":
      return [
        { kind: "rollback", session: step.session },
        { kind: "cancel", session: step.session },
      ];
    case "rollbackTo":
      return [
        { kind: "rollback", session: step.session },
        { ...step, name: "s1" },
      ];
    case "savepoint":
    case "release":
      return [{ ...step, name: "s1" }];
    case "crash":
    case "cancel":
    case "lockTimeout":
    case "loseAcknowledgement":
    case "dropListener":
    case "restoreListener":
    case "commit":
    case "rollback":
      return [];
  }
}

/** The step that runs through, and where it parks at an earlier point. */
function earlierParks(step: Extract<Step, { kind: "call" | "resume" }>): readonly Step[] {
  const { parkAt, ...through } = step;
  if (parkAt === undefined) return [];
  return [
    through,
    ...[1, Math.ceil(parkAt / 2), parkAt - 1].map((at) => ({ ...step, parkAt: Math.max(1, at) })),
  ];
}

/** The plainest call of its kind, and the call with one argument plain. */
function plainerCalls(call: Call): readonly Call[] {
  const plain = plainestArguments(call);
  const one = Object.entries(plain).map(([name, value]) => ({ ...call, [name]: value }));
  return [{ ...plain, op: call.op } as Call, ...one];
}

/** Two claims, or two repairs, in one. */
function* withMergedBatches(schedule: Schedule): Generator<Schedule> {
  const { steps } = schedule;
  for (const [first, step] of steps.entries()) {
    for (const [second, other] of steps.entries()) {
      if (second <= first || step.kind !== "call" || other.kind !== "call") continue;
      const merged = mergedBatch(step.call, other.call);
      if (merged === null) continue;
      const shorter = steps.with(first, { ...step, call: merged }).filter((_, index) => index !== second);
      yield { ...schedule, steps: shorter };
    }
  }
}

function mergedBatch(a: Call, b: Call): Call | null {
  if ((a.op !== "claim" && a.op !== "repair") || b.op !== a.op) return null;
  if (a.batchSize === null || b.batchSize === null) return null;
  return { ...a, batchSize: a.batchSize + b.batchSize };
}

/** One step less, and another one plainer: a batch of two for two rows becomes a batch of one for one. */
function* withoutOneAndPlainer(schedule: Schedule): Generator<Schedule> {
  for (const dropped of schedule.steps.keys()) {
    const steps = schedule.steps.filter((_, index) => index !== dropped);
    yield* withPlainerSteps({ ...schedule, steps });
  }
}

/** A step moved beside the previous one of its session: fewer preemptions, the same steps. */
function* withFewerSwitches(schedule: Schedule): Generator<Schedule> {
  const { steps } = schedule;
  for (let from = 1; from < steps.length; from += 1) {
    const step = steps[from];
    if (step === undefined || !("session" in step)) continue;
    for (let to = from - 1; to >= 0; to -= 1) {
      const others = steps.filter((_, index) => index !== from);
      yield { ...schedule, steps: [...others.slice(0, to), step, ...others.slice(to)] };
    }
  }
}

import { describe, expect, test } from "vitest";
import { isolationLevels, operationKinds } from "../../model/operation.ts";
import { roles } from "../../model/privileges.ts";
import {
  faultKinds,
  isSavepointStep,
  leaseRefs,
  listenerStepKinds,
  savepointNames,
  savepointVerbs,
  type Schedule,
  workerRefs,
} from "../../sim/schedule.ts";
import { settingValues } from "../../sim/settings.ts";
import { caseOf } from "./cases.ts";
import type { Mode } from "./mode.ts";
import { scheduleArbitrary, type ScheduleSize } from "./schedules.ts";
import { swarm } from "./swarm.ts";

const seed = 20_260_106;
const usual: ScheduleSize = { sessions: 3, steps: 30 };
const casesOf = (size: ScheduleSize, count: number) =>
  Array.from({ length: count }, (_, index) => caseOf(seed, index, size));
const cases = casesOf(usual, 500);

describe(`caseOf (seed ${seed})`, () => {
  test("is the same for the same seed and index, whatever was asked before", () => {
    for (const index of [0, 7, 499]) expect(caseOf(seed, index, usual)).toEqual(cases[index]);
  });
  test("is another for another index or seed", () => {
    const texts = new Set(cases.map((schedule) => JSON.stringify(schedule)));
    expect(texts.size).toBeGreaterThan(495);
    expect(caseOf(seed + 1, 0, usual)).not.toEqual(cases[0]);
    // "1/11" and "11/1" are not the same case.
    expect(caseOf(1, 11, usual)).not.toEqual(caseOf(11, 1, usual));
  });

  for (const sessions of [1, 2, 3, 8]) {
    test(`with up to ${sessions} sessions keeps to its size, and every step to a session that there is`, () => {
      for (const steps of [1, 5, 40]) {
        for (const schedule of casesOf({ sessions, steps }, 40)) {
          expect(schedule.sessions.length).toBeGreaterThan(0);
          expect(schedule.sessions.length).toBeLessThanOrEqual(sessions);
          expect(schedule.steps.length).toBeGreaterThan(0);
          expect(schedule.steps.length).toBeLessThanOrEqual(steps);
          for (const step of schedule.steps)
            if ("session" in step) expect(schedule.sessions[step.session]).toBeDefined();
        }
      }
    });
  }
  test("has each number of sessions, mostly three", () => {
    const counts = casesOf({ sessions: 8, steps: 5 }, 400).map(({ sessions }) => sessions.length);
    expect([...new Set(counts)].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const three = counts.filter((count) => count === 3).length / counts.length;
    expect(three).toBeGreaterThan(0.65);
  });
  test("is short and long", () => {
    const lengths = cases.map(({ steps }) => steps.length);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([1, usual.steps]);
  });
});

/** Everything that the cases have, under a name. */
function seen(schedules: readonly Schedule[]): ReadonlySet<string> {
  const names = schedules.flatMap(({ setup, sessions, steps }) => [
    `ceiling ${setup.retryCeiling}`,
    ...sessions.flatMap(({ role, isolation, prepared }) => [
      role,
      `session ${isolation}`,
      ...(prepared === true ? ["prepared"] : []),
    ]),
    ...Object.entries(setup.settings ?? {}).map(([name, value]) => `${name} ${value}`),
    ...steps.flatMap((step) => {
      if (step.kind === "call" && step.call.op === "claim") return [`claim ${step.call.batchSize}`];
      if (step.kind === "call")
        return step.call.op === "complete"
          ? ["complete", `lease ${step.call.lease}`, `worker ${step.call.worker}`, `state ${step.call.state}`]
          : [step.call.op];
      if (step.kind === "begin") return ["begin", `begin ${step.isolation}`];
      if (isSavepointStep(step)) return [`${step.kind} ${step.name}`];
      return step.kind === "advanceTo" ? [`advanceTo ${step.deadline} ${step.offsetMicros}`] : [step.kind];
    }),
  ]);
  return new Set(names);
}

describe(`500 cases (seed ${seed})`, () => {
  const names = seen(cases);
  const expected = [
    ...operationKinds.filter((kind) => kind !== "claim"),
    ...[1, 2, 3, 8, 16, 24, 0, -1, null].map((size) => `claim ${size}`),
    ...["begin", "commit", "rollback", "advance"],
    ...faultKinds,
    ...listenerStepKinds,
    ...savepointVerbs.flatMap((verb) => savepointNames.map((name) => `${verb} ${name}`)),
    ...["lease", "due"].flatMap((deadline) => [-1, 0, 1].map((offset) => `advanceTo ${deadline} ${offset}`)),
    ...roles,
    "prepared",
    ...Object.entries(settingValues).flatMap(([name, values]) => values.map((value) => `${name} ${value}`)),
    ...isolationLevels.flatMap((level) => [`session ${level}`, `begin ${level}`]),
    ...leaseRefs.map((ref) => `lease ${ref}`),
    ...workerRefs.map((ref) => `worker ${ref}`),
    ...["DISPATCHING", "DISPATCHED", "RETRYABLE", "FAILED", "ZOMBIE_REQUEUE", null].map(
      (state) => `state ${state}`,
    ),
    ...[null, "1", "2", "3", "0002", "1000", "0", "1001", "", "two", " 2", "-1", "20000"].map(
      (text) => `ceiling ${text}`,
    ),
  ];
  for (const name of expected) {
    test(`have: ${name}`, () => {
      expect([...names]).toContain(name);
    });
  }
});

describe("scheduleArbitrary", () => {
  const sizeOf = ({ sessions, steps }: Schedule): ScheduleSize => ({
    sessions: sessions.length,
    steps: steps.length,
  });
  const shrinkable = (schedule: Schedule) =>
    scheduleArbitrary(sizeOf(schedule)).canShrinkWithoutContext(schedule);

  test(`knows every case, whatever its profile (seed ${seed})`, () => {
    expect(cases.filter((schedule) => !shrinkable(schedule))).toEqual([]);
  });
  test(`and every case that comes from a file (seed ${seed})`, () => {
    const copies = cases.slice(0, 100).map((schedule) => JSON.parse(JSON.stringify(schedule)) as Schedule);
    expect(copies.filter((schedule) => !shrinkable(schedule))).toEqual([]);
  });
  test(`shrinks to schedules of its own kind (seed ${seed})`, () => {
    for (const schedule of cases.slice(0, 50)) {
      const arbitrary = scheduleArbitrary(sizeOf(schedule));
      const some = [...arbitrary.shrink(schedule, undefined).take(20)].map(({ value }) => value);
      expect(some.filter((value) => !arbitrary.canShrinkWithoutContext(value))).toEqual([]);
    }
  });
});

describe("swarm", () => {
  test("gives a seed the same profile, and different ones to different seeds", () => {
    expect(swarm(5, 3)).toEqual(swarm(5, 3));
    expect(
      new Set(Array.from({ length: 50 }, (_, index) => JSON.stringify(swarm(index, 3)))).size,
    ).toBeGreaterThan(40);
  });
  test("switches each feature off now and then, and enqueue never", () => {
    const profiles = Array.from({ length: 300 }, (_, index) => swarm(index, 3).weights);
    for (const name of Object.keys(profiles[0] ?? {}) as (keyof (typeof profiles)[number])[]) {
      const off = profiles.filter((weights) => weights[name] === 0).length;
      if (name === "enqueue") expect(off).toBe(0);
      else expect([off > 0, off < 150]).toEqual([true, true]);
    }
  });
});

describe(`cases with yields (seed ${seed})`, () => {
  const isYielding = ({ setup }: Schedule) => setup.yields === true;
  const of = (mode: Mode) => Array.from({ length: 300 }, (_, index) => caseOf(seed, index, usual, mode));

  test("are all of them, none, or about a third; the others are what they would be without", () => {
    expect(of("always").every(isYielding)).toBe(true);
    expect(of("never")).toEqual(cases.slice(0, 300));
    const mixed = of("mix");
    const share = mixed.filter(isYielding).length / mixed.length;
    expect(share).toBeGreaterThan(0.25);
    expect(share).toBeLessThan(0.42);
    for (const [index, schedule] of mixed.entries())
      if (!isYielding(schedule)) expect(schedule).toEqual(cases[index]);
  });
  test("have calls that park, and sessions that go on, through and to a further point", () => {
    const steps = of("always").flatMap((schedule) => schedule.steps);
    const parking = steps.filter((step) => step.kind === "call" && step.parkAt !== undefined);
    const resumes = steps.filter(({ kind }) => kind === "resume");
    expect(parking.length).toBeGreaterThan(300);
    expect(resumes.filter((step) => "parkAt" in step).length).toBeGreaterThan(50);
    expect(resumes.filter((step) => !("parkAt" in step)).length).toBeGreaterThan(300);
  });
  test("shrink by the arbitrary that knows no case", () => {
    const [schedule] = of("always").filter(({ steps }) => steps.some((step) => "parkAt" in step));
    if (schedule === undefined) throw new Error("no case parks");
    const { sessions, steps } = schedule;
    const shrunk = scheduleArbitrary({ sessions: sessions.length, steps: steps.length }).shrink(
      schedule,
      undefined,
    );
    expect([...shrunk.take(200)].some(({ value }) => value.setup.yields === true)).toBe(true);
  });
  test("none of the others parks", () => {
    for (const { setup, steps } of cases) {
      expect(setup).not.toHaveProperty("yields");
      expect(steps.some((step) => step.kind === "resume" || "parkAt" in step)).toBe(false);
    }
  });
});

describe(`cases with crashes (seed ${seed})`, () => {
  const crashes = ({ steps }: Schedule) => steps.filter(({ kind }) => kind === "crash").length;
  const of = (mode: Mode, yields: Mode, length: number) =>
    Array.from({ length }, (_, index) => caseOf(seed, index, usual, yields, mode));
  const crashing = of("always", "mix", 150);

  test("are all of them, or about one in a hundred; the others are what they would be without", () => {
    expect(crashing.every((schedule) => crashes(schedule) > 0)).toBe(true);
    const mixed = of("mix", "never", 500);
    const some = mixed.filter((schedule) => crashes(schedule) > 0);
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(15);
    for (const [index, schedule] of mixed.entries())
      if (!some.includes(schedule)) expect(schedule).toEqual(cases[index]);
  });
  test("crash once, or now and then twice, and are no longer than others", () => {
    const counts = crashing.map(crashes);
    expect(new Set(counts)).toEqual(new Set([1, 2]));
    expect(counts.filter((count) => count === 2).length).toBeLessThan(counts.length / 3);
    expect(crashing.every(({ steps }) => steps.length <= usual.steps)).toBe(true);
  });
  test("crash anywhere: at the first step, at the last, and beside calls that park", () => {
    const places = crashing.map(({ steps }) => [steps[0]?.kind === "crash", steps.at(-1)?.kind === "crash"]);
    expect(places.some(([first]) => first)).toBe(true);
    expect(places.some(([, last]) => last)).toBe(true);
    const parking = crashing.filter(({ setup }) => setup.yields === true);
    expect(parking.some(({ steps }) => steps.some((step) => "parkAt" in step))).toBe(true);
  });
  test("shrink by the arbitrary that knows no case", () => {
    for (const schedule of crashing.slice(0, 50)) {
      const { sessions, steps } = schedule;
      const arbitrary = scheduleArbitrary({ sessions: sessions.length, steps: steps.length });
      expect(arbitrary.canShrinkWithoutContext(schedule)).toBe(true);
    }
  });
});

import fc from "fast-check";
import { isolationLevels, type Isolation, operationKinds } from "../../model/operation.ts";
import { roles } from "../../model/privileges.ts";
import {
  faultKinds,
  savepointVerbs,
  type Schedule,
  type SessionSpec,
  type Setup,
  type Step,
} from "../../sim/schedule.ts";
import { type Settings, settingValues } from "../../sim/settings.ts";
import { aim, type Draw } from "./aim.ts";
import { crowdRefs } from "./calls.ts";
import { sessionsUpTo, stepKinds } from "./steps.ts";
import { crash, crashPhrase } from "./fault-phrases.ts";
import { type Phrase, phrases, scenes } from "./phrases.ts";
import { type Profile, usualProfile } from "./swarm.ts";
import type { Weights } from "./weights.ts";

export interface ScheduleSize {
  /** The most sessions that a schedule may have, 1 to 8. */
  readonly sessions: number;
  /** The most steps that a schedule may have. */
  readonly steps: number;
}

const one = fc.constantFrom;

/** Whole schedules as ordinary values, each step drawn for itself: fast-check shrinks any schedule through it, wherever
 *  the schedule comes from. */
export function scheduleArbitrary(size: ScheduleSize): fc.Arbitrary<Schedule> {
  const profile = { ...usualProfile, sessions: size.sessions };
  const any = fc.oneof({ weight: 100, arbitrary: step(profile) }, { weight: 1, arbitrary: crash });
  const steps = fc.array(any, {
    minLength: 1,
    maxLength: size.steps,
    size: "max",
  });
  const setup = fc.record(
    { retryCeiling: retryCeiling(profile.weights), yields: one(true), settings },
    { requiredKeys: ["retryCeiling"] },
  );
  return fc.record({ ...cast(profile, setup), steps });
}

/** Schedules worth playing: single steps among phrases of steps that mean something together. */
export function phrasedScheduleArbitrary(mostSteps: number, profile: Profile): fc.Arbitrary<Schedule> {
  const { claim, advanceTo } = profile.weights;
  const keys = crowdRefs.slice(0, profile.keys);
  const usable = { claim: claim > 0, advanceTo: advanceTo > 0 };
  // Without the size, arrays stay short and long cases never come.
  const ofMostSteps = { minLength: mostSteps, maxLength: mostSteps, size: "max" } as const;
  const steps = fc
    .tuple(
      fc.integer({ min: profile.long ? mostSteps : 1, max: mostSteps }),
      fc.array(partArbitrary(profile), ofMostSteps),
      fc.array(aimDraw(profile), ofMostSteps),
    )
    .map(([length, parts, draws]) => {
      const drawn = parts.flat().slice(0, length);
      return profile.aimed ? aim(drawn, draws, usable, keys) : drawn;
    });
  const setup = fc.record<Setup>({
    retryCeiling: retryCeiling(profile.weights),
    ...(profile.yields ? { yields: one(true) } : {}),
    ...(profile.settings ? { settings } : {}),
  });
  return fc.record({
    ...cast(profile, setup),
    steps: profile.crashes ? withCrashes(steps, mostSteps, profile) : steps,
  });
}

function aimDraw({ sessions, keys, oddArguments }: Profile): fc.Arbitrary<Draw> {
  const { call, advanceTo } = stepKinds(sessionsUpTo(sessions), crowdRefs.slice(0, keys), oddArguments);
  return fc.record({ number: fc.nat(), enqueue: call("enqueue"), claim: call("claim"), jump: advanceTo });
}

/** A single step, or a phrase where the profile has some. */
export function partArbitrary(profile: Profile): fc.Arbitrary<Phrase> {
  const single = step(profile).map((each) => [each]);
  const phrase = profile.phrases ? phrases(profile, isolation(profile.weights)) : single;
  return fc.oneof({ weight: 2, arbitrary: single }, { weight: profile.yields ? 6 : 1, arbitrary: phrase });
}

/** One crash, or two, take the place of other steps, so that they come wherever sessions happen to be. */
function withCrashes(
  steps: fc.Arbitrary<readonly Step[]>,
  mostSteps: number,
  profile: Profile,
): fc.Arbitrary<readonly Step[]> {
  const phrase = scenes(profile, isolation(profile.weights)).chain(crashPhrase);
  const placed = fc.record({ phrase, place: fc.nat() });
  const crashes = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(placed) },
    { weight: 1, arbitrary: fc.tuple(placed, placed) },
  );
  return fc
    .tuple(steps, crashes)
    .map(([all, some]) => some.reduce((before, each) => overwrite(before, each.phrase, each.place), all))
    .map((put) => put.slice(-mostSteps));
}

function overwrite(steps: readonly Step[], phrase: Phrase, place: number): readonly Step[] {
  const places = Math.max(0, steps.length - phrase.length) + 1;
  return steps.toSpliced(place % places, phrase.length, ...phrase);
}

function cast(profile: Profile, setup: fc.Arbitrary<Setup>) {
  const { sessions } = profile;
  return {
    setup,
    sessions: fc.array(sessionSpec(profile), { minLength: sessions, maxLength: sessions }),
  };
}

/** Each is set, or not. */
const settings = fc.record(
  Object.fromEntries(Object.entries(settingValues).map(([name, values]) => [name, one<string[]>(...values)])),
  { requiredKeys: [] },
) as fc.Arbitrary<Settings>;

function retryCeiling({ ceilingSetting }: Weights): fc.Arbitrary<string | null> {
  return fc.oneof(
    { weight: 6, arbitrary: one<(string | null)[]>(null) },
    { weight: ceilingSetting, arbitrary: one("1", "2", "3", "0002", "1000") },
    { weight: ceilingSetting / 5, arbitrary: one("0", "1001", "", "two", " 2", "-1", "20000") },
  );
}

const owners = Array<"owner">(6).fill("owner");

function sessionSpec({ weights, prepared }: Profile): fc.Arbitrary<SessionSpec> {
  const plain = {
    role: fc.oneof(
      { weight: 8, arbitrary: one("symphony_control" as const) },
      // Only the owner gets past the privileges to what guards the ledgers.
      { weight: weights.otherRoles, arbitrary: one(...roles, "symphony_ingest" as const, ...owners) },
    ),
    isolation: isolation(weights),
  };
  if (!prepared) return fc.record(plain);
  return fc.record({ ...plain, prepared: one(true) }, { requiredKeys: ["role", "isolation"] });
}

function isolation({ otherIsolation }: Weights): fc.Arbitrary<Isolation> {
  return fc.oneof(
    { weight: 8, arbitrary: one("READ COMMITTED" as const) },
    { weight: otherIsolation, arbitrary: one(...isolationLevels.slice(1)) },
  );
}

function step({ sessions, weights, keys, yields, oddArguments }: Profile): fc.Arbitrary<Step> {
  const { call, parkedCall, resume, begin, end, savepoint, advance, advanceTo, fault, listener } = stepKinds(
    sessionsUpTo(sessions),
    crowdRefs.slice(0, keys),
    oddArguments,
  );
  const preemptions = [
    ...operationKinds.map((op) => ({ weight: Math.ceil(weights[op] / 6), arbitrary: parkedCall(op) })),
    { weight: 6, arbitrary: resume.through },
    { weight: 3, arbitrary: resume.parking },
  ];
  return fc.oneof(
    ...(yields ? preemptions : []),
    ...operationKinds.map((op) => ({ weight: weights[op], arbitrary: call(op) })),
    { weight: weights.begin, arbitrary: begin(isolation(weights)) },
    { weight: weights.commit, arbitrary: end("commit") },
    { weight: weights.rollback, arbitrary: end("rollback") },
    ...savepointVerbs.map((verb) => ({ weight: weights[verb], arbitrary: savepoint(verb) })),
    { weight: weights.advance, arbitrary: advance },
    { weight: weights.advanceTo, arbitrary: advanceTo },
    ...faultKinds.map((kind) => ({ weight: weights[kind], arbitrary: fault(kind) })),
    { weight: weights.dropListener, arbitrary: listener("dropListener") },
    // Nothing is expected of whom nobody hears: most of a case somebody listens.
    { weight: 2 * weights.dropListener, arbitrary: listener("restoreListener") },
  );
}

import { deadlines, type Fault, faultKinds, type Schedule, type Step } from "../../sim/schedule.ts";
import type { Phrase } from "./phrases.ts";
import { furthestPark } from "./steps.ts";

/** What a mutation may draw on. */
export interface Mutating {
  /** 0 to below 1. */
  readonly random: () => number;
  /** Another schedule worth taking steps from. */
  readonly donor: () => Schedule;
  /** Steps as a fresh case has them, for the sessions of the one that is mutated. */
  readonly phrase: () => Phrase;
}

type Steps = readonly Step[];
type Mutation = (schedule: Schedule, by: Mutating) => Steps;

/** The probability of one more mutation: five in a row on average. */
const goesOn = 0.8;

/** The most that one mutation drops or duplicates. */
const longestRun = 4;

/** A few mutations, one after another. Setup and sessions stay; every step is one that a session can be given. */
export function mutate(schedule: Schedule, mostSteps: number, by: Mutating): Schedule {
  let mutant = schedule;
  do {
    const mutation = pick(mutations, by.random);
    mutant = { ...mutant, steps: mutation(mutant, by).slice(0, mostSteps) };
  } while (by.random() < goesOn);
  return mutant.steps.length > 0 ? mutant : schedule;
}

/** Phrases and splices come more often: what they put in belongs together. */
const mutations: readonly Mutation[] = [
  drop,
  duplicate,
  swap,
  move,
  splice,
  splice,
  handOver,
  otherJump,
  otherPark,
  putIn,
  putIn,
  putIn,
  faultIn,
];

function drop({ steps }: Schedule, { random }: Mutating): Steps {
  return steps.toSpliced(below(steps.length, random), 1 + below(longestRun, random));
}

function duplicate({ steps }: Schedule, { random }: Mutating): Steps {
  const from = below(steps.length, random);
  const run = steps.slice(from, from + 1 + below(longestRun, random));
  return steps.toSpliced(placeIn(steps, random), 0, ...run);
}

function swap({ steps }: Schedule, { random }: Mutating): Steps {
  const [a, b] = [below(steps.length, random), below(steps.length, random)];
  const [first, second] = [steps[a], steps[b]];
  return first === undefined || second === undefined ? steps : steps.with(a, second).with(b, first);
}

function move({ steps }: Schedule, { random }: Mutating): Steps {
  const from = below(steps.length, random);
  const others = steps.toSpliced(from, 1);
  return others.toSpliced(placeIn(others, random), 0, ...steps.slice(from, from + 1));
}

/** The beginning of one and the end of another, whose sessions become sessions of the first. */
function splice({ steps, sessions }: Schedule, { random, donor }: Mutating): Steps {
  const others = donor().steps;
  const rest = others.slice(placeIn(others, random));
  return [...steps.slice(0, placeIn(steps, random)), ...rest.map((step) => within(step, sessions.length))];
}

function within(step: Step, sessions: number): Step {
  return "session" in step ? { ...step, session: step.session % sessions } : step;
}

function handOver({ steps, sessions }: Schedule, { random }: Mutating): Steps {
  return changeOne(steps, random, (step) => {
    return "session" in step ? { ...step, session: below(sessions.length, random) } : null;
  });
}

function otherJump({ steps }: Schedule, { random }: Mutating): Steps {
  return changeOne(steps, random, (step) => {
    if (step.kind === "advance") return { ...step, seconds: pick([1, 2, 10, 60, 3600], random) };
    if (step.kind !== "advanceTo") return null;
    return { ...step, deadline: pick(deadlines, random), offsetMicros: pick([-1, 0, 1], random) };
  });
}

/** A call that parks does so a little earlier or later. */
function otherPark({ steps }: Schedule, { random }: Mutating): Steps {
  return changeOne(steps, random, (step) => {
    if ((step.kind !== "call" && step.kind !== "resume") || step.parkAt === undefined) return null;
    const furthest = furthestPark(step.kind === "call" ? step.call.op : null);
    const parkAt = step.parkAt + pick([-3, -2, -1, 1, 2, 3], random);
    return { ...step, parkAt: Math.min(furthest, Math.max(1, parkAt)) };
  });
}

function putIn({ steps }: Schedule, { random, phrase }: Mutating): Steps {
  return steps.toSpliced(placeIn(steps, random), 0, ...phrase());
}

/** In place of a step, or beside it. */
function faultIn({ steps, sessions }: Schedule, { random }: Mutating): Steps {
  const fault: Fault = { kind: pick(faultKinds, random), session: below(sessions.length, random) };
  return steps.toSpliced(below(steps.length, random), below(2, random), fault);
}

/** Changes one of the steps that the change is for; null says that it is for another. */
function changeOne(steps: Steps, random: () => number, change: (step: Step) => Step | null): Steps {
  const changes = steps.flatMap((step, at) => {
    const changed = change(step);
    return changed === null ? [] : [{ at, changed }];
  });
  if (changes.length === 0) return steps;
  const { at, changed } = pick(changes, random);
  return steps.with(at, changed);
}

/** Before any step, or after the last one. */
function placeIn(steps: Steps, random: () => number): number {
  return below(steps.length + 1, random);
}

function below(end: number, random: () => number): number {
  return Math.floor(random() * end);
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[below(items.length, random)];
  if (item === undefined) throw new RangeError("nothing to pick from");
  return item;
}

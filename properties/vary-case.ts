import { type AttemptState, isolationLevels, ledgers, tamperVerbs } from "../model/operation.ts";
import { type LaneSlot, type OpenLane, withLaneSlot } from "../sim/lane-slot.ts";
import { type Call, leaseRefs, type Schedule, type Step, workerRefs } from "../sim/schedule.ts";
import { counterexampleOf } from "./counterexample.ts";
import { runCase } from "./run-case.ts";
import { plainestArguments } from "./shrink/plainest.ts";

/** A schedule that differs in one thing. */
export interface Variation {
  /** Index of the step that is changed; null for the setup and the sessions. */
  readonly step: number | null;
  /** "dropped", "batchSize 1 -> 2" */
  readonly change: string;
  readonly schedule: Schedule;
}

/** What became of a variation: the same signature, another one, none, or no verdict. */
export interface Varied extends Pick<Variation, "step" | "change"> {
  readonly outcome: "same" | "other" | "ok" | "unknown";
  /** The other signature, or why it could not be judged. */
  readonly detail: string | null;
}

/** Plays each variation of a counterexample's schedule on one lane: which steps and choices does it need? Stops early when
 *  `signal` says so. */
export function varyCase(
  schedule: Schedule,
  signature: string,
  openLane: OpenLane,
  signal: AbortSignal,
): Promise<readonly Varied[]> {
  return withLaneSlot(openLane, async (slot) => {
    const varied: Varied[] = [];
    for (const variation of variationsOf(schedule)) {
      if (signal.aborted) break;
      varied.push(await vary(slot, variation, signature));
    }
    return varied;
  });
}

async function vary(slot: LaneSlot, variation: Variation, signature: string): Promise<Varied> {
  const { step, change, schedule } = variation;
  const result = await runCase(slot, schedule);
  const found = counterexampleOf(schedule, result);
  if (found !== null) {
    const isSame = found.signature === signature;
    return { step, change, outcome: isSame ? "same" : "other", detail: isSame ? null : found.signature };
  }
  if (result.verdict.kind !== "unknown") return { step, change, outcome: "ok", detail: null };
  return { step, change, outcome: "unknown", detail: result.verdict.reason };
}

/** Each step dropped, and each choice of a step, a session or the setup made otherwise. */
export function variationsOf(schedule: Schedule): readonly Variation[] {
  return [
    ...schedule.steps.flatMap((step, index) => stepVariations(schedule, step, index)),
    ...setupVariations(schedule),
    ...schedule.sessions.flatMap((_, index) => sessionVariations(schedule, index)),
  ];
}

function stepVariations(schedule: Schedule, step: Step, index: number): readonly Variation[] {
  const dropped = { ...schedule, steps: schedule.steps.filter((_, other) => other !== index) };
  const changed = otherSteps(step).map(({ change, step: other }) => {
    return { step: index, change, schedule: { ...schedule, steps: schedule.steps.with(index, other) } };
  });
  return [{ step: index, change: "dropped", schedule: dropped }, ...changed];
}

interface OtherStep {
  readonly change: string;
  readonly step: Step;
}

/** The step with one choice made otherwise. */
function otherSteps(step: Step): readonly OtherStep[] {
  switch (step.kind) {
    case "begin":
      return isolationLevels
        .filter((isolation) => isolation !== step.isolation)
        .map((isolation) => ({
          change: changeOf("isolation", step.isolation, isolation),
          step: { ...step, isolation },
        }));
    case "call":
      return [
        ...otherParks(step),
        ...otherCalls(step.call).map(({ change, call }) => ({ change, step: { ...step, call } })),
      ];
    case "resume":
      return otherParks(step);
    case "advance":
      return [step.seconds - 1, step.seconds + 1]
        .filter((seconds) => seconds > 0)
        .map((seconds) => ({
          change: changeOf("seconds", step.seconds, seconds),
          step: { ...step, seconds },
        }));
    case "advanceTo":
      return [step.offsetMicros - 1, step.offsetMicros + 1].map((offsetMicros) => ({
        change: changeOf("offsetMicros", step.offsetMicros, offsetMicros),
        step: { ...step, offsetMicros },
      }));
    default:
      return [];
  }
}

/** It runs through, or parks a point earlier or later. */
function otherParks(step: Extract<Step, { kind: "call" | "resume" }>): readonly OtherStep[] {
  const { parkAt, ...through } = step;
  if (parkAt === undefined) return [];
  const parks = [parkAt - 1, parkAt + 1].filter((at) => at > 0);
  return [
    { change: changeOf("parkAt", parkAt, "none"), step: through },
    ...parks.map((at) => ({ change: changeOf("parkAt", parkAt, at), step: { ...step, parkAt: at } })),
  ];
}

function otherCalls(call: Call): readonly { readonly change: string; readonly call: Call }[] {
  return Object.entries(call)
    .filter(([name]) => name !== "op")
    .flatMap(([name, value]: readonly [string, unknown]) =>
      otherValues(call, name, value).map((other) => ({
        change: changeOf(name, value, other),
        call: { ...call, [name]: other },
      })),
    );
}

/** Where a choice has few values, all the others are tried; of a name, another one. */
const otherChoices: Readonly<Record<string, readonly unknown[]>> = {
  lease: leaseRefs,
  state: ["DISPATCHED", "FAILED", "RETRYABLE"] satisfies readonly AttemptState[],
  verb: tamperVerbs,
  ledger: ledgers,
  instruction: ["another"],
  key: ["another"],
  participant: ["another"],
  version: ["another"],
  payload: ['{"another":1}'],
};

/** Values beside the one that is there, the plainest among them. */
function otherValues(call: Call, name: string, value: unknown): readonly unknown[] {
  const plain: unknown = plainestArguments(call)[name];
  const values = [plain, ...valuesBeside(call, name, value)].map((each) => JSON.stringify(each));
  return [...new Set(values)]
    .filter((each) => each !== JSON.stringify(value))
    .map((each): unknown => JSON.parse(each));
}

function valuesBeside(call: Call, name: string, value: unknown): readonly unknown[] {
  if (name === "worker") return call.op === "complete" ? workerRefs : ["another"];
  return typeof value === "number" ? [value - 1, value + 1] : (otherChoices[name] ?? []);
}

function setupVariations(schedule: Schedule): readonly Variation[] {
  const { setup } = schedule;
  const { settings, ...without } = setup;
  const plain = settings === undefined || Object.keys(settings).length === 0;
  return [
    ...(setup.retryCeiling === null
      ? []
      : [
          {
            step: null,
            change: changeOf("retry ceiling", setup.retryCeiling, "none"),
            schedule: { ...schedule, setup: { ...setup, retryCeiling: null } },
          },
        ]),
    ...(plain ? [] : [{ step: null, change: "settings dropped", schedule: { ...schedule, setup: without } }]),
  ];
}

function sessionVariations(schedule: Schedule, index: number): readonly Variation[] {
  const session = schedule.sessions[index];
  if (session === undefined) return [];
  const levels = isolationLevels.filter((isolation) => isolation !== session.isolation);
  return levels.map((isolation) => ({
    step: null,
    change: changeOf(`session ${index + 1}'s isolation`, session.isolation, isolation),
    schedule: { ...schedule, sessions: schedule.sessions.with(index, { ...session, isolation }) },
  }));
}

function changeOf(name: string, from: unknown, to: unknown): string {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return `${name} ${text(from)} -> ${text(to)}`;
}

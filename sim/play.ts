import type { Observation } from "../model/observation.ts";
import type { Micros } from "../model/operation.ts";
import type { History } from "./history.ts";
import type { Lane } from "./lane.ts";
import { type Context, contextOf } from "./performance/context.ts";
import { Performance } from "./performance/performance.ts";
import { hasCrashes, hasYields, type Schedule } from "./schedule.ts";

/** Plays a schedule on a lane, one step at a time, and returns what happened. Resets the lane first.
 *  Rejects with Stuck, ConnectionLost or a RangeError of the driver: the case's verdict is then unknown, and the lane is
 *  not to be used again. */
export async function play(lane: Lane, schedule: Schedule): Promise<History> {
  const context = await prepared(lane, schedule);
  const performance = await performed(context, schedule.steps.length);
  await performance.finish();
  await performance.close();
  return context.recorder.history();
}

/** A case that was stopped before one of its steps. */
export interface Standstill {
  /** What has happened until there. */
  readonly history: History;
  /** What the virtual clock shows. */
  readonly now: Micros;
  /** The committed rows. */
  readonly observation: Observation;
}

/** The same up to a step, by its index: sessions stay in what they are in. */
export async function playBefore(lane: Lane, schedule: Schedule, end: number): Promise<Standstill> {
  const context = await prepared(lane, schedule);
  await performed(context, end);
  const { observation } = await lane.look(context.names);
  return { history: context.recorder.history(), now: context.clock.now, observation };
}

async function prepared(lane: Lane, schedule: Schedule): Promise<Context> {
  if (hasYields(schedule) && lane.gates === null) throw new RangeError("the lane has no yield points");
  if (hasCrashes(schedule) && !lane.canCrash) throw new RangeError("the lane's server is not its own");
  await lane.prepare(schedule);
  return contextOf(lane, schedule);
}

/** The schedule's steps, up to one of them. */
async function performed(context: Context, end: number): Promise<Performance> {
  const performance = new Performance(context);
  for (const [index, step] of context.schedule.steps.slice(0, end).entries())
    await performance.step(index, step);
  return performance;
}

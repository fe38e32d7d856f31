import { VirtualClock } from "../clock/virtual-clock.ts";
import type { Lane } from "../lane.ts";
import { Names } from "../names.ts";
import type { Player } from "../player.ts";
import { Recorder } from "../recorder.ts";
import { forgedToken, nobodysId, References } from "../references.ts";
import type { Schedule, SessionSpec } from "../schedule.ts";

/** What all parts of a performance share. */
export interface Context {
  readonly lane: Lane;
  readonly schedule: Schedule;
  readonly clock: VirtualClock;
  readonly recorder: Recorder;
  readonly names: Names;
  readonly references: References;
  /** One for each session of the schedule. */
  readonly players: readonly Player[];
}

export function contextOf(lane: Lane, schedule: Schedule): Context {
  const names = new Names();
  names.set(nobodysId, "nobody");
  names.set(forgedToken, "forged");
  const players = schedule.sessions.map((_, index): Player => {
    const session = lane.sessions[index];
    if (session === undefined) throw new RangeError(`the lane has no session ${index}`);
    return { index, session, transaction: null, savepoints: [], call: null, impatient: false, deaf: false };
  });
  return {
    lane,
    schedule,
    clock: new VirtualClock(schedule.setup.stillClock !== true),
    recorder: new Recorder(),
    names,
    references: new References(),
    players,
  };
}

export function specOf({ schedule }: Context, { index }: Player): SessionSpec {
  const spec = schedule.sessions[index];
  if (spec === undefined) throw new RangeError(`no session ${index}`);
  return spec;
}

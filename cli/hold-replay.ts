import { wrongStepOf } from "../reports/explanation/lines.ts";
import { recordedIn } from "../reports/replay-file.ts";
import { standstillText } from "../reports/terminal/standstill-text.ts";
import { laneKindOf } from "../sim/lane-slot.ts";
import { playBefore } from "../sim/play.ts";
import type { Schedule } from "../sim/schedule.ts";
import type { Stage } from "../sim/stage.ts";
import { BadInput } from "./faults.ts";
import { print, say } from "./output.ts";
import type { ReplayFile } from "./play-replay.ts";

/** Plays a file's case up to just before a step, on a fresh database, says how to join that, and keeps it until it is told to
 *  end. `before` is the step's number, from 1; true for the wrong one, or the end of the steps where that comes after them. */
export async function holdReplay(
  stage: Stage,
  { replay }: ReplayFile,
  before: number | true,
  signal: AbortSignal,
): Promise<void> {
  const recorded = recordedIn(replay);
  const { schedule } = recorded;
  const count = schedule.steps.length;
  const end = before === true ? (wrongStepOf(recorded) ?? count) : before - 1;
  if (end > count) throw new BadInput(`--keep ${end + 1}: the case has ${count} steps`);
  const lane = await stage.openLane(schedule.sessions.length, laneKindOf(schedule));
  try {
    const standstill = await playBefore(lane, schedule, end);
    // They go on waiting, and wake as soon as somebody lets them.
    lane.releaseAll();
    print(`stopped before ${stepText(schedule, end)}`);
    print(standstillText({ schedule, ...standstill, psql: lane.psql }));
    say("kept until Enter or Ctrl-C, or the end of the input; then all of it is removed");
    await untilToldToEnd(signal);
  } finally {
    await lane.close();
  }
}

function stepText({ steps }: Schedule, end: number): string {
  return end < steps.length
    ? `step ${end + 1} of ${steps.length}`
    : `the end of what ${steps.length} steps began`;
}

/** A line typed on a terminal; otherwise the input's end; or a signal. */
async function untilToldToEnd(signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  if (!signal.aborted) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        resolve();
      };
      signal.addEventListener("abort", done, { once: true });
      if (stdin.isTTY) stdin.once("data", done);
      stdin.once("end", done).resume();
    });
  }
  stdin.destroy();
}

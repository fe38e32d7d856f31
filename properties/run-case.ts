import { Stuck } from "../sim/clock/watchdog.ts";
import { ConnectionLost, SqlError } from "../sim/database/connection.ts";
import { EnvironmentFault } from "../sim/database/server.ts";
import type { History } from "../sim/history.ts";
import { laneKindOf, type LaneSlot } from "../sim/lane-slot.ts";
import { play } from "../sim/play.ts";
import type { Schedule } from "../sim/schedule.ts";
import { allOracles, judge, type Oracles } from "./judge-case.ts";
import type { SearchEffort } from "./oracle-model.ts";
import type { Verdict } from "./verdict.ts";

export interface CaseResult {
  /** Null when the case could not be played to its end. */
  readonly history: History | null;
  readonly verdict: Verdict;
  /** Null when nothing was played, or the model's oracle not asked. */
  readonly effort: SearchEffort | null;
}

/** Plays a case on the slot's lane and judges it. What keeps it from being played is unknown, never ok; the lane is then
 *  given up, since sessions may still be in the middle of something. Rejects where no lane can be opened. */
export async function runCase(
  slot: LaneSlot,
  schedule: Schedule,
  oracles: Oracles = allOracles,
): Promise<CaseResult> {
  const kind = laneKindOf(schedule);
  const lane = await slot.get(kind);
  try {
    const history = await play(lane, schedule);
    return { history, ...judge(schedule, history, oracles) };
  } catch (error) {
    if (!isPlayFault(error)) throw error;
    await slot.abandon(kind);
    return { history: null, verdict: { kind: "unknown", reason: error.message }, effort: null };
  }
}

/** The server went silent or away, refused what the harness itself asked, or answered a value that can't be exact. */
function isPlayFault(error: unknown): error is Error {
  return isServerFault(error) || error instanceof Stuck || error instanceof RangeError;
}

/** The server is away, or refused what the harness itself asked. */
export function isServerFault(error: unknown): error is Error {
  return [EnvironmentFault, ConnectionLost, SqlError].some((kind) => error instanceof kind);
}

import { canonicalJson } from "../model/canonical-json.ts";
import { type Counterexample, playFresh } from "../properties/counterexample.ts";
import type { OpenLane } from "../sim/lane-slot.ts";
import type { Stage } from "../sim/stage.ts";
import type { Replay } from "../schema/json/replay.ts";

export interface ReplayFile {
  readonly path: string;
  readonly replay: Replay;
}

/** What became of one file. */
export interface Replayed extends ReplayFile {
  /** How often it was played: less than asked where a signal ended the run. */
  readonly times: number;
  /** How often its signature showed again. */
  readonly reproduced: number;
  /** Of those, how often with the recorded history. Null on a server where the order of woken sessions is its own choice,
   *  and where the violation is that histories differ. */
  readonly sameHistory: number | null;
  /** How often it was violated with another signature: by signature. */
  readonly others: ReadonlyMap<string, number>;
  /** Why it could not be judged, for each time that it could not. */
  readonly unknown: readonly string[];
  /** The last counterexample: with the recorded signature, if there was one. */
  readonly counterexample: Counterexample | null;
  readonly verdict: "ok" | "violated" | "unknown";
}

/** Plays a file's schedule so many times, each on a fresh database. One of a schedule that plays differently is played until
 *  it does, each time. */
export async function playReplay(
  stage: Stage,
  file: ReplayFile,
  times: number,
  stop: AbortSignal,
): Promise<Replayed> {
  const { schedule, signature, history: recorded, violations } = file.replay;
  const isDeterministic = violations[0].oracle !== "determinism";
  const found: Counterexample[] = [];
  const unknown: string[] = [];
  let played = 0;
  while (played < times && !stop.aborted) {
    const openLane: OpenLane = (kind) => stage.openLane(schedule.sessions.length, kind);
    const answer = await playFresh(violations[0], openLane, schedule);
    played += 1;
    if (answer.counterexample !== null) found.push(answer.counterexample);
    if (answer.unknown !== null) unknown.push(answer.unknown);
  }
  const same = found.filter((each) => each.signature === signature);
  const others = found.filter((each) => each.signature !== signature);
  const sameHistory = same.filter(({ history }) => canonical(history) === canonical(recorded)).length;
  return {
    ...file,
    times: played,
    reproduced: same.length,
    sameHistory: stage.server.backends === null || !isDeterministic ? null : sameHistory,
    others: countBy(others.map((each) => each.signature)),
    unknown,
    counterexample: same.at(-1) ?? others.at(-1) ?? null,
    verdict: found.length > 0 ? "violated" : unknown.length > 0 || played === 0 ? "unknown" : "ok",
  };
}

function canonical(value: object): string {
  return canonicalJson(JSON.stringify(value));
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

import { varyCase } from "../properties/vary-case.ts";
import { explain } from "../reports/explanation/explain.ts";
import { recordedIn } from "../reports/replay-file.ts";
import type { Explanation } from "../schema/json/explanation.ts";
import { functionPlaces } from "../sim/database/function-places.ts";
import type { OpenLane } from "../sim/lane-slot.ts";
import type { Stage } from "../sim/stage.ts";
import type { Replayed } from "./play-replay.ts";
import type { ReplayOptions } from "./replay.ts";

export function wantsExplanation({
  explain: wanted,
  vary,
}: Pick<ReplayOptions, "explain" | "vary">): boolean {
  return wanted || vary;
}

/** Explains what was played; where nothing was violated, what the file has recorded. */
export async function explainReplay(
  stage: Stage,
  { replay, counterexample }: Replayed,
  { vary }: Pick<ReplayOptions, "vary">,
  signal: AbortSignal,
): Promise<Explanation> {
  if (counterexample === null) return explain(recordedIn(replay), { source: "recorded" });
  const { schedule, signature } = counterexample;
  const openLane: OpenLane = (kind) => stage.openLane(schedule.sessions.length, kind);
  const varied = vary ? await varyCase(schedule, signature, openLane, signal) : null;
  return explain(counterexample, { varied, places: functionPlaces(stage.migrations) });
}

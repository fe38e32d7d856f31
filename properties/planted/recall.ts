import { type OpenLane, withLaneSlot } from "../../sim/lane-slot.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "../campaign.ts";
import { counterexampleOf } from "../counterexample.ts";
import { runCase } from "../run-case.ts";
import type { Mode } from "../generate/mode.ts";
import type { StrategyName } from "../generate/strategy-name.ts";
import type { CampaignFailure } from "../shrink-failures.ts";

/** How a bug is looked for, with each of the seeds. */
export interface Search {
  readonly seeds: readonly number[];
  readonly size: CampaignOptions["size"];
  readonly strategy: StrategyName;
  /** Schedules played with each seed at most, until the bug is given up. */
  readonly runs: number;
  /** Which of them have yield points. */
  readonly yields: Mode;
  /** All of them play under READ COMMITTED alone. */
  readonly readCommitted: boolean;
  /** Which of them crash the server. */
  readonly crashes: Mode;
  /** How often the shrunk counterexample is played again, on fresh databases. */
  readonly replays: number;
  readonly stop: AbortSignal;
  /** Seconds of real time, from any start. */
  readonly secondsNow: () => number;
}

/** What a search with one seed came to. */
export type Trial =
  | {
      readonly found: true;
      readonly seed: number;
      /** Played until the first counterexample, itself included. */
      readonly schedules: number;
      /** Of playing, until then; shrinking is not counted. */
      readonly seconds: number;
      readonly signature: string;
      readonly oracle: string;
      /** Every invariant that saw the shrunk counterexample. */
      readonly invariants: readonly string[];
      readonly steps: number;
      /** Replays with the same signature and history, of all of them. */
      readonly reproduced: number;
      readonly replays: number;
    }
  | {
      readonly found: false;
      readonly seed: number;
      readonly schedules: number;
      readonly seconds: number;
      readonly verdict: CampaignResult["verdict"];
    };

/** Looks for a difference on a stage, with each seed once. What was stopped early is left out. */
export async function trialsOf(openLane: OpenLane, search: Search): Promise<readonly Trial[]> {
  const trials: Trial[] = [];
  for (const seed of search.seeds) {
    const trial = await trialOf(openLane, search, seed);
    if (search.stop.aborted) break;
    trials.push(trial);
  }
  return trials;
}

async function trialOf(openLane: OpenLane, search: Search, seed: number): Promise<Trial> {
  const { size, strategy, runs, yields, readCommitted, crashes, stop, secondsNow } = search;
  const start = secondsNow();
  const seconds: number[] = [];
  const {
    failures,
    verdict,
    runs: played,
  } = await runCampaign(openLane, {
    seed,
    size,
    strategy,
    runs,
    yields,
    readCommitted,
    crashes,
    shard: { index: 0, count: 1 },
    // One: then the schedules before the first counterexample are those before it in the seed's order.
    lanes: 1,
    bail: true,
    stop,
    quit: stop,
    onFailure: () => undefined,
    onProgress: ({ failing }) => {
      if (failing > 0) seconds.push(secondsNow() - start);
    },
  });
  const [plainest] = failures;
  const [untilFound] = seconds;
  if (plainest === undefined || untilFound === undefined)
    return { found: false, seed, schedules: played, seconds: secondsNow() - start, verdict };
  const effort = { seed, schedules: played, seconds: untilFound };
  return foundBy(plainest, effort, await replay(openLane, plainest, search));
}

function foundBy(
  failure: CampaignFailure,
  effort: { readonly seed: number; readonly schedules: number; readonly seconds: number },
  replayed: { readonly reproduced: number; readonly replays: number },
): Trial {
  const { signature, violations, schedule } = failure;
  const invariants = [...new Set(violations.flatMap(({ invariant }) => invariant ?? []))].sort();
  return {
    found: true,
    ...effort,
    signature,
    oracle: violations[0].oracle,
    invariants,
    steps: schedule.steps.length,
    ...replayed,
  };
}

async function replay(
  openLane: OpenLane,
  { schedule, signature, history }: CampaignFailure,
  { replays }: Search,
): Promise<{ readonly reproduced: number; readonly replays: number }> {
  const recorded = JSON.stringify(history);
  let reproduced = 0;
  for (let time = 0; time < replays; time += 1) {
    const again = await withLaneSlot(openLane, (slot) => runCase(slot, schedule));
    const isSame = counterexampleOf(schedule, again)?.signature === signature;
    if (isSame && JSON.stringify(again.history) === recorded) reproduced += 1;
  }
  return { reproduced, replays };
}

import type { Mode } from "../generate/mode.ts";
import type { EquivalentChange, PlantedBug } from "./planted-bug.ts";
import type { Trial } from "./recall.ts";

export interface BugRecall {
  readonly bug: PlantedBug;
  /** In which of its schedules calls could be stopped inside functions. */
  readonly yields: Mode;
  readonly trials: readonly Trial[];
}

/** A tree in which nothing is to be found: our own, or one with an equivalent change. */
export interface CleanRecall {
  /** Null: our own migrations. */
  readonly change: EquivalentChange | null;
  readonly yields: Mode;
  readonly trials: readonly Trial[];
}

export interface RecallSummary {
  /** complete: each bug was found with each seed and replays, enough of them at the known minimum, and nothing else was
   *  reported. */
  readonly verdict: "complete" | "incomplete" | "unknown";
  readonly bugs: number;
  /** With every seed. */
  readonly found: number;
  /** Looked for, and found with no seed at all, or with some only. */
  readonly missed: readonly string[];
  /** Over all bugs and seeds; null where none was found. */
  readonly medianSchedules: number | null;
  readonly worstSchedules: number | null;
  /** Of playing until found or given up, all bugs together and one after another, with the seed that took longest; null
   *  without a trial. */
  readonly worstSeedSeconds: number | null;
  /** Trials whose shrunk counterexample is no longer than the shortest known one, of all that found their bug. */
  readonly minimal: number;
  readonly trialsThatFound: number;
  readonly replays: number;
  readonly reproduced: number;
  readonly cleanSchedules: number;
  readonly falseAlarms: readonly string[];
}

/** Share of the trials that must come to the shortest schedule known: a bug with several symptoms has a minimum for each,
 *  and the shortest schedule known shows only one of them. */
const enoughMinimal = 0.95;

/** What the trials come to. Without a bug or without a trial nothing is known. */
export function summaryOf(recalls: readonly BugRecall[], clean: readonly CleanRecall[]): RecallSummary {
  const hits = recalls.flatMap(({ bug, trials }) => trials.filter(isHit).map((trial) => ({ bug, trial })));
  const found = recalls.filter(({ trials }) => isFoundAlways(trials));
  const missed = recalls.filter((each) => each.trials.length > 0 && !found.includes(each));
  const sum = (count: (hit: Hit) => number): number =>
    hits.reduce((total, { trial }) => total + count(trial), 0);
  const schedules = hits.map(({ trial }) => trial.schedules);
  const summary = {
    bugs: recalls.length,
    found: found.length,
    missed: missed.map(({ bug }) => bug.id),
    medianSchedules: median(schedules),
    worstSchedules: schedules.length === 0 ? null : Math.max(...schedules),
    worstSeedSeconds: worstSeedSeconds(recalls.flatMap(({ trials }) => trials)),
    minimal: hits.filter(({ bug, trial }) => trial.steps <= bug.steps).length,
    trialsThatFound: hits.length,
    replays: sum(({ replays }) => replays),
    reproduced: sum(({ reproduced }) => reproduced),
    cleanSchedules: clean
      .flatMap(({ trials }) => trials)
      .reduce((total, trial) => total + trial.schedules, 0),
    falseAlarms: clean
      .filter(({ trials }) => trials.some(({ found }) => found))
      .map(({ change }) => change?.id ?? "our own migrations"),
  };
  return { verdict: verdictOf(summary, recalls, clean), ...summary };
}

function worstSeedSeconds(trials: readonly Trial[]): number | null {
  const bySeed = new Map<number, number>();
  for (const { seed, seconds } of trials) bySeed.set(seed, (bySeed.get(seed) ?? 0) + seconds);
  return bySeed.size === 0 ? null : Math.max(...bySeed.values());
}

export type Hit = Extract<Trial, { found: true }>;

export function isHit(trial: Trial): trial is Hit {
  return trial.found;
}

export function isFoundAlways(trials: readonly Trial[]): boolean {
  return trials.length > 0 && trials.every(isHit);
}

function verdictOf(
  summary: Omit<RecallSummary, "verdict">,
  recalls: readonly BugRecall[],
  clean: readonly CleanRecall[],
): RecallSummary["verdict"] {
  const { missed, minimal, trialsThatFound, replays, reproduced, falseAlarms } = summary;
  const perfect =
    missed.length === 0 &&
    minimal >= enoughMinimal * trialsThatFound &&
    reproduced === replays &&
    falseAlarms.length === 0;
  if (!perfect) return "incomplete";
  const judged = clean
    .flatMap(({ trials }) => trials)
    .every((trial) => trial.found || trial.verdict === "ok");
  const hasTrials = [...recalls, ...clean].every(({ trials }) => trials.length > 0);
  return recalls.length > 0 && hasTrials && judged ? "complete" : "unknown";
}

/** The lower one of the two in the middle, where their number is even: a count that really was. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

import type { Trial } from "../../properties/planted/recall.ts";
import {
  type BugRecall,
  type CleanRecall,
  type RecallSummary,
} from "../../properties/planted/recall-summary.ts";
import type { MutantsResult } from "../../schema/json/mutants-result.ts";
import { harnessVersion } from "../harness-version.ts";

export interface Recall {
  readonly seeds: readonly number[];
  readonly runs: number;
  /** The same on a tree without a bug. */
  readonly cleanRuns: number;
  readonly sessions: number;
  readonly steps: number;
  readonly seconds: number;
  readonly postgres: string;
  readonly bugs: readonly BugRecall[];
  readonly clean: readonly CleanRecall[];
  readonly summary: RecallSummary;
}

/** The document of `mutants --json` (schema/json/mutants-result.schema.json). */
export function recallDocument(recall: Recall): MutantsResult {
  const { seeds, runs, sessions, steps, seconds, postgres, bugs, clean } = recall;
  const { verdict, ...summary } = recall.summary;
  return {
    formatVersion: 1,
    harnessVersion,
    verdict,
    seeds,
    runs,
    sessions,
    steps,
    seconds: rounded(seconds),
    summary: {
      ...summary,
      worstSeedSeconds: summary.worstSeedSeconds === null ? null : rounded(summary.worstSeedSeconds),
    },
    bugs: bugs.map(({ bug, yields, trials }) => ({
      id: bug.id,
      description: bug.description,
      class: bug.bugClass,
      source: bug.source,
      needs: bug.needs,
      invariant: bug.invariant,
      knownSteps: bug.steps,
      yields,
      trials: trials.map(trialOf),
    })),
    clean: clean.map(({ change, yields, trials }) => ({
      change: change?.id ?? null,
      argument: change?.argument ?? null,
      yields,
      trials: trials.map(trialOf),
    })),
    postgres,
  };
}

function trialOf(trial: Trial): Trial {
  return { ...trial, seconds: rounded(trial.seconds) };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

// Made from mutants-result.schema.json by `npm run generate`: change that, not this.
/**
 * The schedules in which calls could be stopped inside functions, between two statements; mix: a share of them.
 */
export type Yields = "always" | "never" | "mix";
export type Trials = readonly (
  | {
      readonly found: true;
      readonly seed: number;
      readonly schedules: number;
      readonly seconds: number;
      readonly signature: string;
      readonly oracle: string;
      readonly invariants: readonly string[];
      readonly steps: number;
      readonly reproduced: number;
      readonly replays: number;
    }
  | {
      readonly found: false;
      readonly seed: number;
      readonly schedules: number;
      readonly seconds: number;
      readonly verdict: "ok" | "violated" | "unknown";
    }
)[];
/**
 * What `counterpoint mutants --json` prints.
 */
export interface MutantsResult {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  readonly harnessVersion: string;
  /**
   * complete: each bug was found with each seed, no longer than known, and replays, and nothing else was reported.
   */
  readonly verdict: "complete" | "incomplete" | "unknown";
  readonly seeds: readonly number[];
  /**
   * Schedules played with a seed at most.
   */
  readonly runs: number;
  readonly sessions: number;
  readonly steps: number;
  /**
   * Of real time, shrinking and replaying included.
   */
  readonly seconds: number;
  readonly summary: {
    readonly bugs: number;
    /**
     * With every seed.
     */
    readonly found: number;
    readonly missed: readonly string[];
    readonly medianSchedules: number | null;
    /**
     * Of playing until found or given up, all bugs together and one after another, with the seed that took longest.
     */
    readonly worstSeedSeconds: number | null;
    readonly worstSchedules: number | null;
    /**
     * Trials whose counterexample is no longer than the shortest known one.
     */
    readonly minimal: number;
    readonly trialsThatFound: number;
    readonly replays: number;
    /**
     * Replays with the same signature and history.
     */
    readonly reproduced: number;
    /**
     * Schedules on trees in which nothing is to be found.
     */
    readonly cleanSchedules: number;
    readonly falseAlarms: readonly string[];
  };
  readonly bugs: readonly {
    readonly id: string;
    readonly description: string;
    readonly class: string;
    readonly source: string | null;
    readonly needs: readonly string[];
    /**
     * The invariant that sees it by itself.
     */
    readonly invariant: string | null;
    readonly knownSteps: number;
    readonly yields: Yields;
    readonly trials: Trials;
  }[];
  /**
   * Our own migrations, and each change that cannot be told from them.
   */
  readonly clean: readonly {
    /**
     * Null: our own migrations.
     */
    readonly change: string | null;
    readonly argument: string | null;
    readonly yields: Yields;
    readonly trials: Trials;
  }[];
  readonly postgres: string;
}

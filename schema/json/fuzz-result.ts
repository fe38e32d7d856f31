// Made from fuzz-result.schema.json by `npm run generate`: change that, not this.
/**
 * How far it had come at evenly spaced numbers of cases, at most 200 of them. Merged shards have none.
 *
 * @maxItems 200
 */
export type Series = readonly {
  /**
   * Cases played by then.
   */
  readonly cases: number;
  /**
   * Since the first case began.
   */
  readonly seconds: number;
  /**
   * Names of the coverage reached by then.
   */
  readonly reached: number;
}[];
/**
 * What `counterpoint fuzz --json` prints.
 */
export interface FuzzResult {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  readonly harnessVersion: string;
  /**
   * When the playing began, by this machine's clock.
   */
  readonly startedAt: string;
  readonly seed: number;
  /**
   * Cases played: by this shard, or by all that were merged.
   */
  readonly runs: number;
  /**
   * Steps in those cases.
   */
  readonly steps: number;
  /**
   * Cases that were not played: they crash the server, which only an embedded one allows.
   */
  readonly leftOut: number;
  /**
   * Playing and shrinking, without the server's start; of merged shards the sum.
   */
  readonly seconds: number;
  readonly verdict: "ok" | "violated" | "unknown";
  /**
   * The signal that ended the run early, or null.
   */
  readonly interrupted: string | null;
  /**
   * Counts by group and name; 0 is what was not reached.
   */
  readonly coverage: {
    readonly [k: string]: {
      readonly [k: string]: number;
    };
  };
  readonly transitions: Transitions;
  readonly series?: Series;
  /**
   * Statements of the subject's functions, in the cases with yield points; null where none had any.
   */
  readonly statements: Statements | null;
  /**
   * What it should have come to and did not: names of the coverage that count 0, and statements.
   */
  readonly unreached: readonly string[];
  /**
   * How far an exhaustive search came; null for another strategy, and for a shard.
   */
  readonly exhausted: {
    /**
     * Sets of small programs of which every distinct order was played.
     */
    readonly scopes: number;
    /**
     * Those orders: of such as commuting steps make equal, one.
     */
    readonly orders: number;
    /**
     * All orders of those programs.
     */
    readonly allOrders: number;
  } | null;
  /**
   * How hard it was to find linearizations.
   */
  readonly search: {
    readonly cases: number;
    /**
     * Cases of which the steps' own order was a linearization, tried first.
     */
    readonly inStepOrder: number;
    /**
     * States visited in a case; null without cases.
     */
    readonly visited: {
      readonly median: number;
      readonly p99: number;
      readonly most: number;
    } | null;
    /**
     * How many cases visited so many states: by the number of states.
     */
    readonly histogram: {
      readonly [k: string]: number;
    };
  };
  /**
   * Cases that were played a second time, on a fresh database, and those of them that played differently.
   */
  readonly audited: {
    readonly cases: number;
    readonly different: number;
  };
  /**
   * The plainest first: fewest steps.
   */
  readonly failures: readonly Failure[];
  /**
   * Cases that could not be judged.
   */
  readonly unknown: readonly {
    readonly case: number;
    readonly reason: string;
  }[];
  /**
   * Shard index of count, from 1: it plays every count-th case.
   */
  readonly shard: {
    readonly index: number;
    readonly count: number;
  };
  /**
   * Of which shards this is made, by `report merge`; null for a run's own document. Then `shard` is 1 of 1.
   */
  readonly merged: Merged | null;
  readonly settings: {
    /**
     * Of all shards together; null when the run was timed.
     */
    readonly runs: number | null;
    readonly minutes: number | null;
    readonly sessions: number;
    readonly steps: number;
    /**
     * Where the cases come from.
     */
    readonly strategy: "swarm" | "random" | "pct" | "exhaustive" | "guided";
    /**
     * Which cases have yield points.
     */
    readonly yields: "always" | "never" | "mix";
    /**
     * Which cases crash the server.
     */
    readonly crashes: "always" | "never" | "mix";
    /**
     * Share of the cases to be played twice.
     */
    readonly audit: number;
    readonly lanes: number;
    readonly bail: boolean;
    /**
     * Is ok asked to mean that everything in the tables was reached?
     */
    readonly reachAll: boolean;
  };
  readonly postgres: {
    readonly version: string;
    /**
     * server_version_num.
     */
    readonly versionNumber: number;
    readonly provider: "embedded" | "url" | "container";
  };
  /**
   * The subject, in the order of application.
   */
  readonly migrations: readonly Migration[];
  readonly migrationsFolder: MigrationsFolder;
}
/**
 * Transitions of the model: an operation, its outcome, whether it waited for a lock, and what overlapped it.
 */
export interface Transitions {
  /**
   * How many different ones were reached.
   */
  readonly distinct: number;
  /**
   * There may be more: of merged shards that left some out, only those that they list are known.
   */
  readonly atLeast: boolean;
  /**
   * How often, by name: the commonest.
   */
  readonly counts: {
    readonly [k: string]: number;
  };
  /**
   * How many of them are not listed.
   */
  readonly leftOut: number;
}
export interface Statements {
  /**
   * How often sessions came to a yield point.
   */
  readonly passed: number;
  /**
   * How many there are.
   */
  readonly statements: number;
  /**
   * Each that a session came to, and how often.
   */
  readonly reached: readonly {
    /**
     * From 1, over all functions.
     */
    readonly number: number;
    readonly function: string;
    /**
     * 1 is that of the body's opening quote.
     */
    readonly line: number;
    readonly times: number;
  }[];
  /**
   * Those that no session came to.
   */
  readonly missed: readonly {
    readonly number: number;
    readonly function: string;
    /**
     * As the server's messages count: 1 is that of the body's opening quote.
     */
    readonly line: number;
    readonly statement: string;
    /**
     * Why no session can come to it; null where one should have.
     */
    readonly unreachable: string | null;
  }[];
  /**
   * Functions without yield points, and why.
   */
  readonly refused: readonly {
    readonly function: string;
    readonly reason: string;
  }[];
}
/**
 * One for each signature.
 */
export interface Failure {
  readonly signature: string;
  /**
   * Its id in the contract, when an invariant saw it.
   */
  readonly invariant: string | null;
  readonly oracle: "invariant" | "response" | "state" | "determinism";
  readonly rule: string;
  /**
   * Steps of the minimal schedule.
   */
  readonly steps: number;
  /**
   * Steps of the schedule that it was shrunk from.
   */
  readonly originalSteps: number;
  /**
   * The first case that showed it, or the one while shrinking which it was met.
   */
  readonly case: number;
  /**
   * How many cases showed it: 0 where it was only met.
   */
  readonly count: number;
  /**
   * Signature of the failure while shrinking which it was met; null where a case showed it.
   */
  readonly metWhileShrinking: string | null;
  /**
   * Candidates played while shrinking.
   */
  readonly candidates: number;
  /**
   * A fresh database showed it again.
   */
  readonly reproduced: boolean;
  /**
   * Path of the replay file; null where it could not be written.
   */
  readonly replay: string | null;
  /**
   * The function that was called where it shows, in the last migration that defines it; null where none was, or no migration does.
   */
  readonly concerns: Place | null;
  /**
   * The counterexample for a reader: its steps, what was expected and what observed.
   */
  readonly story: string;
}
export interface Place {
  readonly function: string;
  /**
   * The migration.
   */
  readonly file: string;
  /**
   * 1-based: of the statement before which the call stood last, if it had been stopped; else of CREATE FUNCTION.
   */
  readonly line: number;
}
export interface Merged {
  /**
   * How many shards there are.
   */
  readonly count: number;
  /**
   * Those of which there was no document, from 1.
   */
  readonly missing: readonly number[];
}
/**
 * One migration of the subject.
 */
export interface Migration {
  /**
   * The file's name.
   */
  readonly version: string;
  /**
   * SHA-256 of the file's bytes.
   */
  readonly checksum: string;
}
export interface MigrationsFolder {
  /**
   * From the working directory, or absolute where it is not below that.
   */
  readonly path: string;
  /**
   * It is the package's own, which is played where no --migrations is given.
   */
  readonly own: boolean;
}

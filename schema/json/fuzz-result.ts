// Made from fuzz-result.schema.json by `npm run generate`: change that, not this.
/**
 * What `counterpoint fuzz --json` prints.
 */
export interface FuzzResult {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  readonly harnessVersion: string;
  readonly seed: number;
  /**
   * Cases played by this shard.
   */
  readonly runs: number;
  /**
   * Steps in those cases.
   */
  readonly steps: number;
  /**
   * Cases of this shard that were not played: they crash the server, which only an embedded one allows.
   */
  readonly leftOut: number;
  /**
   * Playing and shrinking, without the server's start.
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
    readonly strategy: "swarm" | "random" | "pct" | "exhaustive";
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

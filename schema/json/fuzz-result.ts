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
   * In order of their cases.
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
    readonly lanes: number;
    readonly bail: boolean;
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
   * The first case that showed it.
   */
  readonly case: number;
  /**
   * How many cases showed it.
   */
  readonly count: number;
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

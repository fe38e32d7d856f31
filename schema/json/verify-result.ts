// Made from verify-result.schema.json by `npm run generate`: change that, not this.
export type Status = "ok" | "violated" | "unknown";
/**
 * What `counterpoint verify --json` prints.
 */
export interface VerifyResult {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  readonly harnessVersion: string;
  /**
   * violated where a check is, else unknown where one is, else ok.
   */
  readonly verdict: "ok" | "violated" | "unknown";
  readonly database: {
    /**
     * Where it is; never a password.
     */
    readonly description: string;
    /**
     * Made from the migrations for this run, and dropped after it.
     */
    readonly throwAway: boolean;
  };
  readonly postgres: {
    readonly version: string;
    /**
     * server_version_num
     */
    readonly versionNumber: number;
  };
  /**
   * The files that the ledger was compared with, in order.
   */
  readonly migrations: readonly {
    readonly version: string;
    /**
     * SHA-256 of the file, lower-case hex.
     */
    readonly checksum: string;
  }[];
  /**
   * Reading and judging, without making a database or attacking it.
   */
  readonly seconds: number;
  readonly counts: {
    readonly ok: number;
    readonly violated: number;
    readonly unknown: number;
  };
  /**
   * What --attack tried; null without it. Its checks are the ones whose id begins with attack.
   */
  readonly attack: {
    /**
     * Of the random disguises.
     */
    readonly seed: number;
    /**
     * Different operations on single objects.
     */
    readonly operations: number;
    /**
     * How often one of them, or a function of the outbox in a disguise, was really tried.
     */
    readonly attempts: number;
    readonly seconds: number;
  } | null;
  readonly checks: readonly Check[];
}
export interface Check {
  /**
   * Stable.
   */
  readonly id: string;
  readonly name: string;
  /**
   * Section of the contract.
   */
  readonly contract: string;
  /**
   * Looks at a text only; the fuzzer decides.
   */
  readonly weak: boolean;
  readonly status: Status;
  /**
   * Empty unless violated.
   */
  readonly problems: readonly {
    readonly what: string;
    /**
     * Statements that mend it; null where none does by itself.
     */
    readonly sql: string | null;
    /**
     * What else to do; null where the statements are all.
     */
    readonly advice: string | null;
  }[];
  /**
   * Why it is unknown; null otherwise.
   */
  readonly reason: string | null;
}

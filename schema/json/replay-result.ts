// Made from replay-result.schema.json by `npm run generate`: change that, not this.
/**
 * What `counterpoint replay --json` prints.
 */
export interface ReplayResult {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  readonly harnessVersion: string;
  /**
   * violated where a file is, else unknown where one is, else ok.
   */
  readonly verdict: "ok" | "violated" | "unknown";
  /**
   * The server that the files were played on, not the one that they were found on.
   */
  readonly postgres: {
    readonly version: string;
    /**
     * server_version_num.
     */
    readonly versionNumber: number;
    readonly provider: "embedded" | "url" | "container";
  };
  /**
   * In the order in which they were given.
   */
  readonly files: readonly File[];
  /**
   * What became of the same files on other migrations; left out where they were not played there.
   */
  readonly against?: {
    /**
     * Their directory, as it was given.
     */
    readonly migrations: string;
    /**
     * Of these plays. A file that is ok here is fixed only if it was violated before.
     */
    readonly verdict: "ok" | "violated" | "unknown";
    /**
     * In the same order; fewer where a signal ended the run.
     */
    readonly files: readonly File[];
  };
}
export interface File {
  /**
   * Its path, as it was given.
   */
  readonly file: string;
  /**
   * Of the violation that the file keeps.
   */
  readonly signature: string;
  /**
   * violated where any play was, in this way or another; unknown where one could not be judged, or none was made.
   */
  readonly verdict: "ok" | "violated" | "unknown";
  /**
   * How often it was played: less than asked where a signal ended the run.
   */
  readonly times: number;
  /**
   * How often its signature showed again.
   */
  readonly reproduced: number;
  /**
   * Of those, how often with the recorded history; null on a server that chooses the order of woken sessions itself, and where the violation is that histories differ.
   */
  readonly sameHistory: number | null;
  /**
   * How often it was violated in another way, by signature.
   */
  readonly others: {
    readonly [k: string]: number;
  };
  /**
   * Why it could not be judged, for each time that it could not.
   */
  readonly unknown: readonly string[];
}

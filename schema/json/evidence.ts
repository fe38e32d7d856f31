// Made from evidence.schema.json by `npm run generate`: change that, not this.
/**
 * What a suite of the foundation's tests leaves under reports/evidence.
 */
export interface Evidence {
  /**
   * Version of this format.
   */
  readonly formatVersion: 1;
  readonly harnessVersion: string;
  readonly suite: string;
  /**
   * The checkout that the suite ran from; null outside one.
   */
  readonly git: {
    readonly commit: string;
    /**
     * Whether files differ from the commit: then it is no evidence of the commit alone.
     */
    readonly modified: boolean;
  } | null;
  readonly postgres: {
    readonly version: string;
    /**
     * server_version_num
     */
    readonly versionNumber: number;
    readonly provider: "embedded" | "url" | "container";
  };
  readonly migrations: readonly {
    readonly version: string;
    /**
     * SHA-256 of the file, lower-case hex.
     */
    readonly checksum: string;
  }[];
  /**
   * SHA-256 over a description of everything in schema public, of what the migrations made.
   */
  readonly schemaFingerprint: string;
  readonly passed: number;
  readonly failed: number;
  readonly checks: readonly {
    readonly id: string;
    readonly name: string;
    /**
     * When it ended: ISO 8601, UTC.
     */
    readonly time: string;
    readonly status: "passed" | "failed";
    /**
     * What was seen.
     */
    readonly details: string;
  }[];
}

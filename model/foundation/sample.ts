/** Some columns of a row, as PostgreSQL reads them: what a rule is tried on. The other columns hold something ordinary,
 *  or null where they may. */
export type Sample = Readonly<Record<string, string | null>>;

/** Says of samples what a table's constraints must say, whatever their form. */
export interface RowRule {
  readonly says: string;
  /** Rows that no constraint may refuse. */
  readonly accepts: readonly Sample[];
  /** Rows that a constraint must refuse. */
  readonly refuses: readonly Sample[];
  /** Mends a database that lets such rows in. */
  readonly sql: string;
}

import type { MutantsResult } from "../../schema/json/mutants-result.ts";
import type { RecallRow } from "../recall/recall-rows.ts";

/** What the page of a recall table holds. */
export interface RecallData {
  readonly result: MutantsResult;
  /** Of each planted bug. */
  readonly rows: readonly RecallRow[];
  /** What the table comes to, a sentence each. */
  readonly closing: readonly string[];
}

import type { Explanation } from "../../schema/json/explanation.ts";
import type { FunctionText } from "./campaign-data.ts";
import type { LaneState } from "../terminal/lanes.ts";

/** What the page of a case holds. */
export interface CaseData {
  readonly explanation: Explanation;
  /** By line; null where it sent nothing. */
  readonly sql: readonly (SqlShown | null)[];
  /** What every session is in after each line. */
  readonly lanes: readonly (readonly LaneState[])[];
  /** The model's order, each point in a line. */
  readonly order: readonly string[];
  /** Where to look: the function that the case concerns, and those in which a call was stopped. None where the migrations are
   *  not at hand. */
  readonly functions: readonly ShownFunction[];
  /** Pasted into a shell, plays the case again; null where it is in no file. */
  readonly replayCommand: string | null;
}

/** A function's body, with the lines that the case has to do with. */
export interface ShownFunction extends FunctionText {
  /** The migration that has it. */
  readonly file: string;
  /** In that file, 1-based: of CREATE, and of the body's first line. */
  readonly definedAt: number;
  readonly bodyAt: number;
}

/** A message to the server, in colours. */
export interface SqlShown {
  /** What stands around the action's own statement: the transaction's settings. */
  readonly before: readonly SqlPart[];
  readonly statement: readonly SqlPart[];
  readonly after: readonly SqlPart[];
}

/** keyword, string, number, comment; plain for all else. */
export type SqlKind = "plain" | "keyword" | "string" | "number" | "comment";

/** A piece of SQL of one colour. */
export interface SqlPart {
  readonly kind: SqlKind;
  readonly text: string;
}

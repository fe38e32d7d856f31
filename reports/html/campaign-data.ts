import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import type { SqlPart } from "./case-data.ts";

/** What the page of a campaign holds. */
export interface CampaignData {
  /** With the first of the cases that could not be judged. */
  readonly result: FuzzResult;
  /** How many those are. */
  readonly unknown: number;
  /** Groups of the coverage that are operations, with what they were answered: the columns of the heat map. */
  readonly operations: readonly string[];
  /** Pasted into a shell, plays the same cases again. */
  readonly againCommand: string;
  /** By failure: pasted into a shell, plays its file again; null where there is none. */
  readonly replayCommands: readonly (string | null)[];
  /** Functions with statements, as the migrations have them; null where those are not at hand. */
  readonly functions: readonly FunctionText[] | null;
}

/** A function's body. */
export interface FunctionText {
  readonly name: string;
  /** The first is that of the body's opening quote: it is line 1 to the server's messages. */
  readonly lines: readonly (readonly SqlPart[])[];
}

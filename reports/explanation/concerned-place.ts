import { functions } from "../../model/privilege-table.ts";
import type { Explanation, Line, Standpoint } from "../../schema/json/explanation.ts";
import type { FunctionPlace } from "../../sim/database/function-places.ts";

/** A line of a migration that a counterexample concerns. */
export interface ConcernedPlace {
  readonly function: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** Where the function stands whose call shows the violation, or which its session called before: the statement before which
 *  the call stood last, if it had been stopped, else CREATE. Null where no function was called, and where no migration
 *  defines it. */
export function concernedPlace(
  { lines }: Pick<Explanation, "lines">,
  places: ReadonlyMap<string, FunctionPlace>,
): ConcernedPlace | null {
  const until = lines.slice(0, lines.findIndex(({ wrong }) => wrong) + 1);
  const shown = until.findLast(({ call }) => call !== null);
  const asked = until.findLast((line) => line.session === shown?.session && functionOf(line) !== null);
  if (asked === undefined) return null;
  const stood = until.findLast(({ call, parkedAt }) => call === asked.call && parkedAt !== null)?.parkedAt;
  return (stood && statementPlace(stood, places)) ?? definitionPlace(functionOf(asked), places);
}

const called = ["enqueue", "claim", "complete", "repair", "ceiling"] as const;

/** The function that the line calls; null where it calls none. */
function functionOf({ kind, operation }: Line): string | null {
  const name = called.find((each) => kind === "call" && each === operation?.["kind"]);
  return name === undefined ? null : functions[name].name.replace(/\(.*/, "");
}

function definitionPlace(
  name: string | null,
  places: ReadonlyMap<string, FunctionPlace>,
): ConcernedPlace | null {
  const place = name === null ? undefined : places.get(name);
  return name === null || place === undefined ? null : { function: name, file: place.file, line: place.line };
}

function statementPlace(
  { function: name, line }: Standpoint,
  places: ReadonlyMap<string, FunctionPlace>,
): ConcernedPlace | null {
  const place = places.get(name);
  if (place?.bodyLine == null) return null;
  return { function: name, file: place.file, line: place.bodyLine + line - 1 };
}

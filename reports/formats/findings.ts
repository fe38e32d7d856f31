import type { Failure, FuzzResult } from "../../schema/json/fuzz-result.ts";
import { replayCommandLine } from "../command-lines.ts";
import { plainLine, plainText, shortened } from "./plain-text.ts";

/** What of a campaign is not as it should be: a result of its own in every format. Its texts are plain (plainText). */
export interface Finding {
  readonly kind: "violated" | "unknown";
  /** What was checked: an invariant's id, another oracle, or why something is unknown. */
  readonly rule: string;
  /** The same for the same bug in every campaign. One line. */
  readonly name: string;
  /** One line. */
  readonly message: string;
  /** Lines for a reader; empty where there is nothing more to tell. */
  readonly story: string;
  /** The line that plays it again; null where there is none. */
  readonly command: string | null;
  /** Of the subject; null where it concerns no function. */
  readonly concerns: Failure["concerns"];
  /** Path of the replay file. */
  readonly replay: string | null;
}

const longestName = 200;
const longestMessage = 2000;

/** Ok only where all was judged and played to its end: nothing else passes in any format. */
export function outcomeOf(result: FuzzResult): FuzzResult["verdict"] {
  if (result.verdict !== "ok") return result.verdict;
  return doubtsOf(result).length > 0 ? "unknown" : "ok";
}

/** "violated: 24 cases, 515 steps in 5.8 s, seed 2, 1 counterexample" */
export function headlineOf(result: FuzzResult): string {
  const { runs, steps, seconds, seed, failures, interrupted } = result;
  const found = failures.length === 0 ? "" : `, ${numbered(failures.length, "counterexample")}`;
  const early = interrupted === null ? "" : `, ended early by ${interrupted}`;
  const counts = `${numbered(runs, "case")}, ${steps} steps in ${seconds.toFixed(1)} s, seed ${seed}`;
  return plainLine(`${outcomeOf(result)}: ${counts}${found}${early}`);
}

/** The violated first, in the document's order. Empty only where the campaign is ok. */
export function findingsOf(result: FuzzResult): readonly Finding[] {
  return [...result.failures.map((failure) => failureFinding(failure, result)), ...doubtsOf(result)];
}

function failureFinding(failure: Failure, { migrationsFolder }: FuzzResult): Finding {
  const { signature, invariant, oracle, steps, case: index, count, story, concerns, replay } = failure;
  const cases = `case ${index}${count > 1 ? ` and ${count - 1} more` : ""}`;
  const plainConcerns = concerns && {
    function: plainLine(concerns.function),
    file: plainLine(concerns.file),
    line: concerns.line,
  };
  const again = failure.reproduced ? "" : "; no fresh database has shown it again";
  return {
    kind: "violated",
    rule: plainLine(invariant ?? oracle),
    name: plainLine(signature),
    message: plainLine(`${signature}: ${numbered(steps, "step")}, ${cases}${again}`),
    story: plainText(story),
    command: replay === null ? null : plainLine(replayCommandLine(replay, migrationsFolder)),
    concerns: plainConcerns,
    replay: replay && plainLine(replay),
  };
}

function doubtsOf(result: FuzzResult): readonly Finding[] {
  const { unknown, unreached, settings, merged, interrupted, verdict } = result;
  const doubts = byReason(unknown).map(([reason, first, cases]) => {
    const message = `${numbered(cases, "case")} not judged, the first is case ${first}: ${reason}`;
    return doubt("not judged", reason, message);
  });
  if (merged !== null && merged.missing.length > 0)
    doubts.push(
      doubt("missing shards", null, `missing of ${merged.count} shards: ${merged.missing.join(", ")}`),
    );
  if (settings.reachAll && unreached.length > 0)
    doubts.push(doubt("not reached", null, `not reached: ${unreached.join("; ")}`));
  if (interrupted !== null)
    doubts.push(doubt("ended early", null, `the campaign was ended early by ${interrupted}`));
  if (verdict === "unknown" && doubts.length === 0)
    doubts.push(doubt("nothing shown", null, "no operation was answered, so nothing was shown"));
  return doubts;
}

/** Each reason with the first case that has it, and how many have. */
function byReason(unknown: FuzzResult["unknown"]): readonly (readonly [string, number, number])[] {
  const groups = new Map<string, { readonly first: number; readonly cases: number }>();
  for (const { case: index, reason } of unknown) {
    const { first, cases } = groups.get(reason) ?? { first: index, cases: 0 };
    groups.set(reason, { first, cases: cases + 1 });
  }
  return [...groups].map(([reason, { first, cases }]) => [reason, first, cases]);
}

function doubt(rule: string, reason: string | null, message: string): Finding {
  const name = shortened(plainLine(reason === null ? rule : `${rule}: ${reason}`), longestName);
  const nowhere = { story: "", command: null, concerns: null, replay: null };
  return { kind: "unknown", rule, name, message: shortened(plainLine(message), longestMessage), ...nowhere };
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

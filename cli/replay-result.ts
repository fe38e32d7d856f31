import { explain } from "../reports/explanation/explain.ts";
import { harnessVersion } from "../reports/harness-version.ts";
import { detailsText } from "../reports/terminal/details-text.ts";
import { explanationText } from "../reports/terminal/explanation-text.ts";
import type { Style } from "../reports/terminal/layout.ts";
import { printable } from "../reports/terminal/printable.ts";
import type { Explanation } from "../schema/json/explanation.ts";
import type { ReplayResult } from "../schema/json/replay-result.ts";
import type { FunctionPlace } from "../sim/database/function-places.ts";
import type { Server } from "../sim/database/server.ts";
import type { Replayed } from "./play-replay.ts";

/** What `replay` prints for a reader about one file. */
export function replaySummary(
  result: Replayed,
  /** Of the functions that were played. */
  places: ReadonlyMap<string, FunctionPlace>,
  style: Style,
): string {
  const { counterexample } = result;
  const page =
    counterexample === null ? [] : ["", explanationText(explain(counterexample, { places }), style)];
  return [...verdictLines(result, style), ...page].join("\n");
}

/** The same of `--explain`: at length, and of what the file has recorded where nothing shows any more. */
export function replayExplained(result: Replayed, explanation: Explanation, style: Style): string {
  const recorded = explanation.source === "recorded" ? ["", "As it was recorded in the file:"] : [];
  const page = [explanationText(explanation, style), detailsText(explanation, style)];
  return [...verdictLines(result, style), ...recorded, "", ...page].join("\n");
}

/** What became of a file on other migrations. What is not violated there is fixed only if it was violated before. */
export function againstSummary(before: Replayed, result: Replayed, directory: string, style: Style): string {
  const { verdict, reproduced, times } = result;
  const text = {
    ok:
      before.verdict === "violated"
        ? style.green("fixed")
        : style.yellow(
            before.verdict === "ok" ? "not violated, as before" : "not violated, and not known before",
          ),
    violated: style.red(reproduced > 0 ? "still violated" : "violated in another way"),
    unknown: style.yellow("not known"),
  }[verdict];
  const [, ...details] = verdictLines(result, style);
  return [
    `on ${printable(directory)}: ${style.bold(text)}, reproduced ${reproduced} of ${times}`,
    ...details,
  ].join("\n");
}

function verdictLines(result: Replayed, style: Style): readonly string[] {
  const { path, replay, others, unknown, verdict } = result;
  const colour = { ok: style.green, violated: style.red, unknown: style.yellow }[verdict];
  const lines = [
    `${printable(path)}: ${style.bold(colour(verdict))}, ${reproducedText(result)}`,
    ...[...others].map(
      ([signature, count]) => `  violated in another way: ${printable(signature)}, ${count} times`,
    ),
    ...[...new Set(unknown)].map((reason) => `  not judged: ${printable(reason)}`),
  ];
  if (verdict === "ok") lines.push(`  gone: ${printable(replay.signature)}`);
  return lines;
}

function reproducedText({ reproduced, times, sameHistory, replay }: Replayed): string {
  const text = `reproduced ${reproduced} of ${times}`;
  if (reproduced > 0 && replay.violations[0].oracle === "determinism")
    return `${text}: it does not play the same way each time`;
  if (reproduced === 0 || sameHistory === null) return text;
  if (sameHistory === reproduced) return `${text}, each with the recorded history`;
  return `${text}, ${reproduced - sameHistory} with another history than the recorded one`;
}

/** The document of `replay --json` (schema/json/replay-result.schema.json). */
export function replayResult(
  results: readonly Replayed[],
  { version, versionNumber, provider }: Server,
  against: { readonly migrations: string; readonly results: readonly Replayed[] } | null = null,
): ReplayResult {
  return {
    formatVersion: 1,
    harnessVersion,
    postgres: { version, versionNumber, provider },
    ...playedFiles(results),
    ...(against === null
      ? {}
      : { against: { migrations: against.migrations, ...playedFiles(against.results) } }),
  };
}

function playedFiles(results: readonly Replayed[]): Pick<ReplayResult, "verdict" | "files"> {
  const verdicts = results.map(({ verdict }) => verdict);
  const verdict = (["violated", "unknown"] as const).find((each) => verdicts.includes(each)) ?? "ok";
  return {
    verdict,
    files: results.map((result) => ({
      file: result.path,
      signature: result.replay.signature,
      verdict: result.verdict,
      times: result.times,
      reproduced: result.reproduced,
      sameHistory: result.sameHistory,
      others: Object.fromEntries(result.others),
      unknown: result.unknown,
    })),
  };
}

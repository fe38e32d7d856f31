import { explain } from "../reports/explanation/explain.ts";
import { coverageText } from "../reports/terminal/coverage-text.ts";
import { explanationText } from "../reports/terminal/explanation-text.ts";
import { statementsText } from "../reports/terminal/statements-text.ts";
import type { Style } from "../reports/terminal/layout.ts";
import { printable } from "../reports/terminal/printable.ts";
import type { FuzzOptions } from "./fuzz.ts";
import type { FuzzReport } from "./fuzz-result.ts";
import type { KeptFailure } from "./keep-replays.ts";
import { replayCommandLine } from "./command-lines.ts";

const unknownShown = 5;

/** What a campaign prints for a reader: what was covered, then each counterexample, then the verdict. */
export function fuzzSummary(report: FuzzReport & { readonly style: Style }): string {
  const { result, failures, statements, options, style } = report;
  return [
    coverageText(result.coverage, style),
    ...(statements === null ? [] : [statementsText(statements, style)]),
    ...exhaustedLines(report.exhausted),
    effortLine(result.effort),
    auditedLine(result.audited, style),
    ...failures.map((failure) => failureText(failure, options, style)),
    ...unknownLines(result.unknown),
    ...unreachedLines(report),
    ...leftOutLines(result),
    closing(report),
  ].join("\n");
}

function failureText(failure: KeptFailure, options: FuzzOptions, style: Style): string {
  const { schedule, original, candidates, reproduced } = failure;
  const shrunk = reproduced
    ? `shrunk from ${original.steps.length} to ${schedule.steps.length} steps, ${candidates} candidates played`
    : "not shrunk, since no fresh database has shown it again";
  const replay =
    failure.replay === null ? "" : `\n${style.bold(replayCommandLine(failure.replay, options))}\n`;
  return `${explanationText(explain(failure), style)}\n${casesText(failure)}, ${shrunk}${replay}`;
}

function casesText({ case: index, count, metWhileShrinking }: KeptFailure): string {
  if (metWhileShrinking !== null)
    return `met while shrinking case ${index} (${printable(metWhileShrinking)})`;
  return count === 1 ? `case ${index}` : `case ${index} and ${count - 1} more`;
}

function exhaustedLines(exhausted: FuzzReport["exhausted"]): readonly string[] {
  if (exhausted === null) return [];
  const [scopes, orders, all] = [exhausted.scopes, exhausted.orders, exhausted.allOrders].map((count) =>
    count.toLocaleString("en-US"),
  );
  return [`every order of ${scopes} small scopes: ${orders} that differ, of ${all}`];
}

function effortLine({ cases, inStepOrder, visited }: FuzzReport["result"]["effort"]): string {
  if (visited === null) return "no history was linearized";
  const share = ((100 * inStepOrder) / cases).toFixed(1);
  return [
    `linearized in the steps' own order: ${share} % of the cases`,
    `states visited in a case: median ${visited.median}, 99 % ${visited.p99}, most ${visited.most}`,
  ].join("\n");
}

function auditedLine({ cases, different }: FuzzReport["result"]["audited"], style: Style): string {
  if (cases === 0) return "no case was played twice\n";
  const outcome = different === 0 ? "all alike" : style.red(`${different} differently`);
  return `${cases} cases were played twice, ${outcome}\n`;
}

function unknownLines(unknown: FuzzReport["result"]["unknown"]): readonly string[] {
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, unknownShown).map(({ case: index, reason }) => {
    return `  case ${index}: ${printable(reason)}`;
  });
  const more = unknown.length > unknownShown ? [`  and ${unknown.length - unknownShown} more`] : [];
  return [`${unknown.length} cases could not be judged:`, ...shown, ...more, ""];
}

/** Only where it decides the verdict: the tables tell it as well. */
function unreachedLines({ unreached, options: { reachAll } }: FuzzReport): readonly string[] {
  if (!reachAll || unreached.length === 0) return [];
  return [
    "not reached, and --reach-all asks for it:",
    ...unreached.map((each) => `  ${printable(each)}`),
    "",
  ];
}

function leftOutLines({ leftOut }: FuzzReport["result"]): readonly string[] {
  if (leftOut === 0) return [];
  return [`${leftOut} cases were left out: they crash the server, and only an embedded one can be crashed\n`];
}

function closing({
  result,
  failures,
  seed,
  seconds,
  interrupted,
  style,
}: FuzzReport & { readonly style: Style }): string {
  const { verdict, runs, steps } = result;
  const colour = { ok: style.green, violated: style.red, unknown: style.yellow }[verdict];
  const different =
    failures.length === 1 ? "1 counterexample" : `${failures.length} different counterexamples`;
  const found = verdict === "violated" ? `, ${different}` : "";
  const early = interrupted === null ? "" : `, ended early by ${interrupted}`;
  const rate = seconds > 0 ? (runs / seconds).toFixed(1) : "0";
  const counts = `${runs} cases, ${steps} steps in ${seconds.toFixed(1)} s (${rate} cases/s), seed ${seed}`;
  return `${style.bold(colour(verdict))}: ${counts}${found}${early}`;
}

import type { Failure, FuzzResult } from "../../schema/json/fuzz-result.ts";
import { replayCommandLine } from "../command-lines.ts";
import { coverageText } from "./coverage-text.ts";
import { hanging, type Style } from "./layout.ts";
import { printable } from "./printable.ts";
import { statementsText } from "./statements-text.ts";

const unknownShown = 5;

/** What a campaign prints for a reader: what was covered, then each counterexample, then the verdict. `stories`: of each
 *  failure, in colours where the style has some. */
export function campaignText(result: FuzzResult, stories: readonly string[], style: Style): string {
  const { coverage, statements, failures } = result;
  return [
    coverageText(coverage, style),
    ...(statements === null ? [] : [statementsText(statements, style)]),
    transitionsLine(result.transitions),
    ...exhaustedLines(result.exhausted),
    effortLine(result.search),
    auditedLine(result.audited, style),
    ...failures.map((failure, index) => failureText(failure, stories[index] ?? failure.story, result, style)),
    ...unknownLines(result.unknown),
    ...unreachedLines(result),
    ...leftOutLines(result),
    ...missingLines(result),
    closing(result, style),
  ].join("\n");
}

function failureText(failure: Failure, story: string, result: FuzzResult, style: Style): string {
  const { replay, steps, originalSteps, candidates, reproduced } = failure;
  const shrunk = reproduced
    ? `shrunk from ${originalSteps} to ${steps} steps, ${candidates} candidates played`
    : "not shrunk, since no fresh database has shown it again";
  const command =
    replay === null ? "" : `\n${style.bold(replayCommandLine(replay, result.migrationsFolder))}\n`;
  return `${story}\n${casesText(failure)}, ${shrunk}${command}`;
}

function casesText({ case: index, count, metWhileShrinking }: Failure): string {
  if (metWhileShrinking !== null)
    return `met while shrinking case ${index} (${printable(metWhileShrinking)})`;
  return count === 1 ? `case ${index}` : `case ${index} and ${count - 1} more`;
}

function transitionsLine({ distinct, atLeast }: FuzzResult["transitions"]): string {
  const count = `${atLeast ? "at least " : ""}${distinct.toLocaleString("en-US")}`;
  return `${count} different transitions: operation, outcome, what overlapped`;
}

function exhaustedLines(exhausted: FuzzResult["exhausted"]): readonly string[] {
  if (exhausted === null) return [];
  const [scopes, orders, all] = [exhausted.scopes, exhausted.orders, exhausted.allOrders].map((count) =>
    count.toLocaleString("en-US"),
  );
  return [`every order of ${scopes} small scopes: ${orders} that differ, of ${all}`];
}

function effortLine({ cases, inStepOrder, visited }: FuzzResult["search"]): string {
  if (visited === null) return "no history was linearized";
  const share = ((100 * inStepOrder) / cases).toFixed(1);
  return [
    `linearized in the steps' own order: ${share} % of the cases`,
    `states visited in a case: median ${visited.median}, 99 % ${visited.p99}, most ${visited.most}`,
  ].join("\n");
}

function auditedLine({ cases, different }: FuzzResult["audited"], style: Style): string {
  if (cases === 0) return "no case was played twice\n";
  const outcome = different === 0 ? "all alike" : style.red(`${different} differently`);
  return `${cases} cases were played twice, ${outcome}\n`;
}

function unknownLines(unknown: FuzzResult["unknown"]): readonly string[] {
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, unknownShown).map(({ case: index, reason }) => {
    return `  case ${index}: ${printable(reason)}`;
  });
  const more = unknown.length > unknownShown ? [`  and ${unknown.length - unknownShown} more`] : [];
  return [`${unknown.length} cases could not be judged:`, ...shown, ...more, ""];
}

/** Only where it decides the verdict: the tables tell it as well. */
function unreachedLines({ unreached, settings: { reachAll } }: FuzzResult): readonly string[] {
  if (!reachAll || unreached.length === 0) return [];
  return [
    "not reached, and --reach-all asks for it:",
    ...unreached.map((each) => `  ${printable(each)}`),
    "",
  ];
}

function leftOutLines({ leftOut }: FuzzResult): readonly string[] {
  if (leftOut === 0) return [];
  return [`${leftOut} cases were left out: they crash the server, and only an embedded one can be crashed\n`];
}

function missingLines({ merged }: FuzzResult): readonly string[] {
  if (merged === null || merged.missing.length === 0) return [];
  return [...hanging(`missing of ${merged.count} shards: `, merged.missing.join(", ")), ""];
}

function closing(result: FuzzResult, style: Style): string {
  const { verdict, failures, seed, seconds, interrupted, runs, steps } = result;
  const colour = { ok: style.green, violated: style.red, unknown: style.yellow }[verdict];
  const different =
    failures.length === 1 ? "1 counterexample" : `${failures.length} different counterexamples`;
  const found = verdict === "violated" ? `, ${different}` : "";
  const early = interrupted === null ? "" : `, ended early by ${interrupted}`;
  const rate = seconds > 0 ? (runs / seconds).toFixed(1) : "0";
  const counts = `${runs} cases, ${steps} steps in ${seconds.toFixed(1)} s (${rate} cases/s), seed ${seed}`;
  return `${style.bold(colour(verdict))}: ${counts}${found}${early}`;
}

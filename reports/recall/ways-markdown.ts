import type { Hunt } from "../../properties/planted/hunt.ts";
import type { Way, WayComparison } from "../../properties/planted/ways.ts";
import type { Occasion } from "./recall-markdown.ts";

/** How the ways were compared. */
export interface WaysOrigin extends Occasion {
  readonly title: string;
  /** The option of `mutants` that makes the page. */
  readonly option: string;
  readonly seed: number;
  /** Of playing, until a bug is given up. */
  readonly seconds: number;
  readonly sessions: number;
  readonly steps: number;
  readonly lanes: number;
  readonly postgres: string;
}

/** The pages docs/strategies.md and docs/ablation.md: how many bugs each way found, how soon, and which. */
export function waysMarkdown(
  ways: readonly Way[],
  rows: readonly WayComparison[],
  origin: WaysOrigin,
): string {
  const { title, option, seed, seconds, sessions, steps, lanes, postgres, date, machine } = origin;
  return `# ${title}

Each planted bug was looked for in each way for ${seconds} seconds of playing, with seed ${seed}. Medians are of the bugs that the way
found, in schedules and in seconds until then. Nothing is shrunk.

Made by \`npx counterpoint mutants ${option} --seed ${seed} --seconds ${seconds} --sessions ${sessions} --steps ${steps} --lanes ${lanes}\`
on ${date}, ${machine}, PostgreSQL ${postgres}.

| way | found | median schedules | median seconds | seconds for all bugs |
| --- | --- | --- | --- | --- |
${ways.map((way, index) => summaryLine(way, huntsOf(rows, index))).join("\n")}

In how many schedules; - where it was not found.

| planted bug | ${ways.map(({ id }) => id).join(" | ")} |
| --- | ${ways.map(() => "---").join(" | ")} |
${rows.map(({ bug, hunts }) => `| ${[bug.id, ...hunts.map(told)].join(" | ")} |`).join("\n")}
`;
}

function huntsOf(rows: readonly WayComparison[], way: number): readonly Hunt[] {
  return rows.flatMap(({ hunts }) => hunts[way] ?? []);
}

function summaryLine({ id }: Way, hunts: readonly Hunt[]): string {
  const found = hunts.filter(isFound);
  const all = hunts.reduce((sum, { seconds }) => sum + seconds, 0);
  const cells = [
    id,
    `${found.length} of ${hunts.length}`,
    median(found.map(({ schedules }) => schedules))?.toString() ?? "-",
    median(found.map(({ seconds }) => seconds))?.toFixed(2) ?? "-",
    all.toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}

function told(each: Hunt): string {
  const doubt = each.unknown === 0 ? "" : `, ${each.unknown} unknown`;
  return isFound(each) ? `${each.schedules}${doubt}` : `-${doubt}`;
}

function isFound({ signature }: Hunt): boolean {
  return signature !== null;
}

function median(numbers: readonly number[]): number | null {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? null;
}

import { type Hunt, isFound } from "../../properties/planted/hunt.ts";
import { median } from "../../properties/planted/recall-summary.ts";
import type { Way, WayComparison } from "../../properties/planted/ways.ts";
import type { Occasion } from "./recall-markdown.ts";

/** How the ways were compared. */
export interface WaysOrigin extends Occasion {
  readonly title: string;
  /** The option of `mutants` that makes the page. */
  readonly option: string;
  readonly seed: number;
  /** What ends the search for a bug in a way: so many schedules, or seconds of playing. */
  readonly limit: "runs" | "seconds";
  readonly most: number;
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
  const { title, option, limit, most, seed, sessions, steps, lanes, postgres, date, machine } = origin;
  const [first, ...others] = ways;
  return `# ${title}

Each planted bug was looked for in each way for ${most} ${limit === "runs" ? "schedules" : "seconds of playing"} at most, with seed ${seed}. Medians are of the bugs that the way
found, in schedules and in seconds until then. Nothing is shrunk.

Made by \`npx counterpoint mutants ${option} --seed ${seed} --${limit} ${most} --sessions ${sessions} --steps ${steps} --lanes ${lanes}\`
on ${date}, ${machine}, PostgreSQL ${postgres}.

| way | found | median schedules | median seconds | seconds for all bugs |
| --- | --- | --- | --- | --- |
${ways.map((way, index) => summaryLine(way, huntsOf(rows, index))).join("\n")}

Beside \`${first?.id ?? "-"}\`:

${others.map((way, index) => differenceLine(way, rows, index + 1)).join("\n")}

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

/** What the way misses of what the first one finds, and finds of what that misses. */
function differenceLine({ id }: Way, rows: readonly WayComparison[], way: number): string {
  const lost = rows.filter(({ hunts }) => isFound(hunts[0]) && !isFound(hunts[way]));
  const won = rows.filter(({ hunts }) => !isFound(hunts[0]) && isFound(hunts[way]));
  return `- ${id}: misses ${listed(lost)}; finds ${listed(won)} more`;
}

function listed(rows: readonly WayComparison[]): string {
  return rows.length === 0 ? "none" : `${rows.length} (${rows.map(({ bug }) => bug.id).join(", ")})`;
}

function told(each: Hunt): string {
  const doubt = each.unknown === 0 ? "" : `, ${each.unknown} unknown`;
  return isFound(each) ? `${each.schedules}${doubt}` : `-${doubt}`;
}

import { type Hunt, isFound } from "../../properties/planted/hunt.ts";
import { median } from "../../properties/planted/recall-summary.ts";
import type { Occasion } from "../../reports/recall/recall-markdown.ts";
import type { Comparison } from "./compare.ts";
import type { Way } from "./way.ts";

/** How the ways were compared. */
export interface BaselinesOrigin extends Occasion {
  readonly seed: number;
  /** Of playing, until a bug is given up. */
  readonly seconds: number;
  readonly sessions: number;
  readonly steps: number;
  readonly lanes: number;
  readonly postgres: string;
}

/** The page docs/baselines.md. The first way is this harness; the row without a bug is our own migrations. */
export function baselinesMarkdown(
  ways: readonly Way[],
  comparisons: readonly Comparison[],
  origin: BaselinesOrigin,
): string {
  const { seed, seconds, sessions, steps, lanes, postgres, date, machine } = origin;
  const rows = comparisons.filter(({ bug }) => bug !== null);
  const clean = comparisons.find(({ bug }) => bug === null);
  const head = ways.map(({ id }) => id);
  return `# Baselines: the same bugs, the same time, other ways to look for them

Each of ${rows.length} planted bugs (\`properties/planted/\`) was looked for in each way for ${seconds} seconds of playing, on the same
machine and server, one way after another. Made by
\`npx tsx bench/baselines.ts --seed ${seed} --seconds ${seconds} --sessions ${sessions} --steps ${steps} --lanes ${lanes} --markdown docs/baselines.md\`
on ${date}, ${machine}, PostgreSQL ${postgres}.

${table(
  [
    "way",
    `found of ${rows.length}`,
    "only by it",
    "median seconds",
    "sooner than ours",
    "seconds for all",
    "own migrations",
  ],
  ways.map((_, index) => totals(ways, index, rows, clean)),
)}

Median: of the bugs that the way found. Sooner: of those that both found. Own migrations: looked at for the same time; to
find something there is a false alarm. Nothing is shrunk. Found by none: ${listed(rows.filter(({ hunts }) => !hunts.some(isFound)))}.

## The ways

${notes(sessions, steps)}

## By what a bug needs to be seen

${table(["needs", "bugs", ...head], needsRows(ways, rows))}

## Bug by bug

How soon: seconds, and in brackets how many: ${ways.map(({ id, counts }) => `${counts} of ${id}`).join(", ")}.
The soonest is bold; - where it was not found.

${table(["planted bug", "needs", ...head], rows.map(bugRow))}
`;
}

function totals(
  ways: readonly Way[],
  index: number,
  rows: readonly Comparison[],
  clean: Comparison | undefined,
): readonly string[] {
  const found = rows.filter(({ hunts }) => isFound(hunts[index]));
  const alone = found.filter(({ hunts }) => hunts.filter(isFound).length === 1);
  const both = found.filter(({ hunts }) => isFound(hunts[0]));
  const sooner = both.filter(({ hunts }) => secondsOf(hunts[index]) < secondsOf(hunts[0]));
  const all = rows.reduce((sum, { hunts }) => sum + secondsOf(hunts[index]), 0);
  return [
    ways[index]?.id ?? "",
    String(found.length),
    String(alone.length),
    median(found.map(({ hunts }) => secondsOf(hunts[index])))?.toFixed(2) ?? "-",
    index === 0 ? "" : `${sooner.length} of ${both.length}`,
    all.toFixed(0),
    ofClean(clean?.hunts[index], ways[index]?.counts ?? ""),
  ];
}

function secondsOf(each: Hunt | undefined): number {
  return each?.seconds ?? 0;
}

function ofClean(each: Hunt | undefined, counts: string): string {
  if (each === undefined) return "not played";
  const effort = `${each.schedules} ${counts}, ${each.seconds.toFixed(0)} s`;
  return `${isFound(each) ? `**false alarm**: ${each.signature}` : "nothing"} in ${effort}${doubt(each)}`;
}

function doubt({ unknown }: Hunt): string {
  return unknown === 0 ? "" : `, ${unknown} unknown`;
}

function needsRows(ways: readonly Way[], rows: readonly Comparison[]): readonly (readonly string[])[] {
  return [...new Set(rows.map(needsOf))]
    .map((needs) => ({ needs, group: rows.filter((row) => needsOf(row) === needs) }))
    .toSorted((a, b) => b.group.length - a.group.length)
    .map(({ needs, group }) => [
      needs,
      String(group.length),
      ...ways.map((_, index) => String(group.filter(({ hunts }) => isFound(hunts[index])).length)),
    ]);
}

function needsOf({ bug }: Comparison): string {
  return bug?.needs.join(", ") ?? "";
}

function bugRow(row: Comparison): readonly string[] {
  const soonest = Math.min(...row.hunts.filter(isFound).map(secondsOf));
  return [row.bug?.id ?? "", needsOf(row), ...row.hunts.map((each) => told(each, soonest))];
}

function told(each: Hunt, soonest: number): string {
  if (!isFound(each)) return `-${doubt(each)}`;
  const seconds = each.seconds.toFixed(2);
  return `${each.seconds === soonest ? `**${seconds}**` : seconds} (${each.schedules})${doubt(each)}`;
}

function listed(rows: readonly Comparison[]): string {
  return rows.length === 0 ? "nothing" : rows.map(({ bug }) => bug?.id).join(", ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function notes(sessions: number, steps: number): string {
  return `- **Counterpoint**: cases of at most ${sessions} sessions and ${steps} steps, swarm. Yields and crashes are in them where a bug needs
  them, as in \`counterpoint mutants\`: that is a hint which the other ways have no use for.
- **fast-check commands**: \`fc.commands\` and \`fc.asyncModelRun\`, one call after another on one connection. It has what is
  good in ours: the same model, the same calls in the same proportions, all roles, retry ceilings, all rows compared after
  each call, the wake-ups too. What it lacks is others: it never sees what needs two open transactions, a savepoint, a
  call that is stopped inside a function, a crash, or another plan. And time: the contract knows no lease and no back-off
  below a second, so it sleeps for a second where ours jumps, and never meets a deadline to the microsecond. (A test could
  write the deadlines into the table; then it tests rows that no function wrote.) Where one call after another is enough it
  may well be sooner: it serves one connection, and judges each call when it is answered.
- **parallel calls**: ${sessions} workers, each with a connection of a pool, enqueue, claim, complete and repair at random for a second
  and a half in real time, with leases of one second; then honest workers bring the rest to an end. Judged are the rows
  then, what the workers were told (all invariants but INV-10, INV-11 and INV-15, which need to know what happened when),
  the number of wake-ups, and any error that a good call must not get. There is no model, so an answer that is wrong over
  rows that are right is never seen; nor are arguments that must be refused, roles, ledgers, policies, transactions of
  several calls, crashes. What it finds is a round of thousands of calls that does not come again by itself. A round
  takes over a second, so nothing that only the rows show is found sooner.
- **isolationtester**: PostgreSQL's own, over the specs in \`bench/baselines/specs/\`, each with all permutations of its steps.
  Expected is what it prints on our own migrations. An expired lease is made by an UPDATE. It sees what the author of a
  spec thought of, and no more: those who wrote these knew the contract and the classes of bugs. It never stops inside a
  function, crashes nothing, and prints no id and no time, which are different in each run. Once it has played them all,
  more time gives nothing new.`;
}

import type { BugRecall } from "../../properties/planted/recall-summary.ts";
import { closingLines } from "./recall-text.ts";
import type { Recall } from "./recall-document.ts";
import { recallRow } from "./recall-rows.ts";

/** When and where a table was measured. */
export interface Occasion {
  /** UTC, YYYY-MM-DD. */
  readonly date: string;
  readonly machine: string;
}

/** The page docs/recall.md. */
export function recallMarkdown(recall: Recall, { date, machine }: Occasion): string {
  const { seeds, runs, cleanRuns, sessions, steps, postgres } = recall;
  return `# Recall: which planted bugs are found, how soon, how small

Each is a small wrong change to a copy of the migrations (\`properties/planted/\`). Made by
\`npx counterpoint mutants --seed ${seeds[0] ?? "-"} --seeds ${seeds.length} --runs ${runs} --clean-runs ${cleanRuns} --sessions ${sessions} --steps ${steps} --markdown docs/recall.md\`
on ${date}, ${machine}, PostgreSQL ${postgres}.

${closingLines(recall)
  .map((line) => `- ${line}`)
  .join("\n")}

Schedules and seconds: median/worst over the seeds, one lane, shrinking not counted. Steps: shrunk to/best known. Yields: in
which schedules calls could be stopped inside functions; where a bug needs it, they are under READ COMMITTED.

| planted bug | what is wrong | class | needs | yields | found | seen by | schedules | seconds | steps | replays |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${recall.bugs.map(bugLine).join("\n")}

## Not to be found

Changes that no caller can tell from the original. Reporting one would be a false alarm.

| change | why it cannot be seen | reported |
| --- | --- | --- |
${recall.clean.flatMap(cleanLine).join("\n")}
`;
}

function bugLine(recall: BugRecall): string {
  const { bug, yields } = recall;
  const { id, found, by, schedules, seconds, steps, replays } = recallRow(recall);
  const kind = bug.source === null ? bug.bugClass : `${bug.bugClass} (${bug.source})`;
  return row([
    id,
    bug.description,
    kind,
    bug.needs.join(", "),
    yields,
    found,
    by,
    schedules,
    seconds,
    steps,
    replays,
  ]);
}

function cleanLine({ change, trials }: Recall["clean"][number]): readonly string[] {
  if (change === null) return [];
  const reported = trials.filter(({ found }) => found).length;
  return [row([change.id, `${change.description}. ${change.argument}`, `${reported} of ${trials.length}`])];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

import Table from "cli-table3";
import { printable } from "../terminal/printable.ts";
import type { Style } from "../terminal/layout.ts";
import type { Recall } from "./recall-document.ts";
import { recallRow } from "./recall-rows.ts";

/** The recall table and what it comes to, for a terminal. */
export function recallText(recall: Recall, style: Style): string {
  const table = new Table({
    head: ["planted bug", "yields", "found", "seen by", "schedules", "seconds", "steps", "replays"],
    style: { head: [], border: [], compact: true },
    chars: { "left-mid": "", mid: "", "mid-mid": "", "right-mid": "" },
  });
  for (const bug of recall.bugs) {
    const row = recallRow(bug);
    const found = row.found === "yes" ? row.found : style.red(row.found);
    table.push([row.id, bug.yields, found, row.by, row.schedules, row.seconds, row.steps, row.replays]);
  }
  return `${table.toString()}\nyields: schedules that stop calls inside functions; schedules and seconds: median/worst; steps: shrunk to/best known\n\n${closing(recall, style)}\n`;
}

function closing(recall: Recall, style: Style): string {
  const { summary } = recall;
  const colour = { complete: style.green, incomplete: style.red, unknown: style.yellow }[summary.verdict];
  return [
    ...summary.missed.map((id) => style.red(`not always found: ${printable(id)}`)),
    ...summary.falseAlarms.map((id) => style.red(`false alarm: ${printable(id)}`)),
    `${style.bold(colour(summary.verdict))}: ${closingLines(recall).join("\n")}`,
  ].join("\n");
}

interface Closing extends Pick<Recall, "seeds" | "runs" | "seconds"> {
  readonly summary: Omit<Recall["summary"], "verdict">;
  readonly clean: readonly unknown[];
}

/** What the table comes to, a sentence a line. */
export function closingLines({ summary, seeds, runs, seconds, clean }: Closing): readonly string[] {
  const { bugs, found, medianSchedules, worstSchedules, worstSeedSeconds, minimal, trialsThatFound } =
    summary;
  const alarms = summary.falseAlarms.length;
  return [
    `${found} of ${bugs} planted bugs found with each of the seeds ${seeds.join(", ")}, within ${runs} schedules`,
    `schedules until found: median ${medianSchedules ?? "-"}, worst ${worstSchedules ?? "-"}`,
    `seconds of playing, all bugs one after another, with the slowest seed: ${worstSeedSeconds?.toFixed(0) ?? "-"}`,
    `shrunk to the best known length: ${minimal} of ${trialsThatFound}; replays with the same history: ${summary.reproduced} of ${summary.replays}`,
    `${alarms === 0 ? "no false alarm" : `${alarms} false alarms`} in ${summary.cleanSchedules} schedules on ${clean.length} trees without a bug`,
    `${Math.round(seconds)} s as a whole`,
  ];
}

import Table from "cli-table3";
import type { Coverage } from "../../properties/coverage.ts";
import { pageWidth, type Style, wrap } from "./layout.ts";

const nameWidth = 14;
const countsWidth = pageWidth - nameWidth - 7;

/** What a campaign has reached: a row for each group, its names with their counts, and what was not reached marked. */
export function coverageText(coverage: Coverage, style: Style): string {
  const table = new Table({
    head: ["", "reached"],
    colWidths: [nameWidth + 2, countsWidth + 2],
    style: { head: [], border: [] },
  });
  for (const [group, counts] of Object.entries(coverage)) {
    table.push([
      group,
      countsText(counts)
        .map((line) => highlight(line, style))
        .join("\n"),
    ]);
  }
  const missing = unreached(coverage);
  const total = Object.values(coverage).flatMap((counts) => Object.keys(counts)).length;
  const closing =
    missing === 0
      ? `all ${total} were reached`
      : `${total - missing} of ${total} were reached; ! marks what was not`;
  return `${table.toString()}\n${closing}\n`;
}

/** Blanks inside an item must not break: they are put back after wrapping. */
const hardBlank = "\u00a0";

function countsText(counts: Readonly<Record<string, number>>): readonly string[] {
  const items = Object.entries(counts).map(([name, count]) => {
    return `${name} ${count === 0 ? "0!" : count.toLocaleString("en-US")}`.replaceAll(" ", hardBlank);
  });
  return wrap(items.join(", "), countsWidth).map((line) => line.replaceAll(hardBlank, " "));
}

function highlight(line: string, style: Style): string {
  return line.replace(/[^,]+ 0!/g, (item) => style.yellow(item));
}

function unreached(coverage: Coverage): number {
  return Object.values(coverage).flatMap((counts) => Object.values(counts).filter((count) => count === 0))
    .length;
}

import { basename } from "node:path";
import { replayCommandLine } from "../reports/command-lines.ts";
import { caseHtml } from "../reports/html/case-html.ts";
import type { Explanation } from "../schema/json/explanation.ts";
import type { Migration } from "../sim/database/migrations.ts";
import { migrationsFolder } from "./migrations-folder.ts";
import { say } from "./output.ts";
import type { ReplayFile } from "./play-replay.ts";
import type { ReplayOptions } from "./replay.ts";
import { openPage } from "./show-page.ts";
import { writeReport } from "./write-report.ts";

export function wantsPage({ open, html }: Pick<ReplayOptions, "open" | "html">): boolean {
  return open || html !== undefined;
}

/** The page of a case that was played: into the file that was asked for, and into a browser. */
export async function showCase(
  explanation: Explanation,
  { path }: ReplayFile,
  /** That were played. */
  migrations: readonly Migration[],
  options: ReplayOptions,
): Promise<void> {
  const html = await caseHtml(explanation, {
    replayCommand: replayCommandLine(path, migrationsFolder(options)),
    migrations,
  });
  if (options.html !== undefined) await writeReport(options.html, html);
  if (options.open) say(`page: ${await openPage(html, basename(path, ".json"))}`);
}

import { appendFile, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { jobSummaryBytes, markdown } from "../reports/formats/markdown.ts";
import { campaignText } from "../reports/terminal/campaign-text.ts";
import type { Style } from "../reports/terminal/layout.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { plainStyle, print, say, styleOf } from "./output.ts";
import type { Output, ReporterName } from "./reporter-options.ts";
import { writeReport } from "./write-report.ts";

type Format = (result: FuzzResult) => string;

/** Loaded for those who ask. */
const formats: Readonly<Record<Exclude<ReporterName, "text">, () => Promise<Format>>> = {
  json: () => Promise.resolve((result) => JSON.stringify(result, null, 2)),
  junit: async () => (await import("../reports/formats/junit.ts")).junit,
  sarif: async () => (await import("../reports/formats/sarif.ts")).sarif,
  ctrf: async () => (await import("../reports/formats/ctrf.ts")).ctrf,
  github: async () => (await import("../reports/formats/github.ts")).github,
  markdown: () => Promise.resolve((result) => markdown(result)),
};

/** Before an hour is spent: can the files be written? They are empty then, so that no report of an earlier run passes for
 *  this one's. Rejects with BadInput. */
export async function prepareOutputs(outputs: readonly Output[]): Promise<void> {
  for (const { file } of outputs) {
    if (file === null) continue;
    // What is wrong with the folder, writing tells.
    await mkdir(dirname(file), { recursive: true }).catch(() => undefined);
    await writeReport(file, "");
  }
}

/** Writes the result in each format; the text with the stories that are given for a style, else the document's own. Rejects
 *  with BadInput where a file can't be written any more, when all others are. */
export async function writeOutputs(
  result: FuzzResult,
  outputs: readonly Output[],
  storiesIn?: (style: Style) => readonly string[],
): Promise<void> {
  const stdoutIsTaken = outputs.some(({ reporter, file }) => reporter !== "text" && file === null);
  let failed: unknown = null;
  for (const { reporter, file } of outputs) {
    if (reporter === "text" && file === null) {
      const style = styleOf(stdoutIsTaken ? process.stderr : process.stdout);
      (stdoutIsTaken ? say : print)(campaignText(result, storiesIn?.(style) ?? [], style));
    } else {
      const text =
        reporter === "text" ? campaignText(result, [], plainStyle) : (await formats[reporter]())(result);
      if (file === null) print(text);
      else await writeReport(file, `${text.trimEnd()}\n`).catch((error: unknown) => (failed ??= error));
    }
    if (reporter === "github") await addJobSummary(result).catch((error: unknown) => (failed ??= error));
  }
  if (failed instanceof Error) throw failed;
}

/** The exit code of a campaign whose result was written. A report that is lost is bad input, but hides no violation. */
export async function endWith(code: number, written: Promise<void>): Promise<number> {
  try {
    await written;
  } catch (error) {
    if (code !== exitCodes.violated || !(error instanceof BadInput)) throw error;
    say(error.message);
  }
  return code;
}

/** Where GitHub says that its job's page is. A step has one page, to which others may have written. */
async function addJobSummary(result: FuzzResult): Promise<void> {
  const path = process.env["GITHUB_STEP_SUMMARY"];
  if (path === undefined || path === "") return;
  const { size } = await stat(path).catch(() => ({ size: 0 }));
  await appendFile(path, markdown(result, jobSummaryBytes - size)).catch((error: unknown) => {
    throw new BadInput(`the job summary cannot be written: ${String(error)}`);
  });
}

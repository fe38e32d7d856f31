import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { againCommandLine, replayCommandLine } from "../reports/command-lines.ts";
import { explain } from "../reports/explanation/explain.ts";
import { campaignHtml } from "../reports/html/campaign-html.ts";
import { caseHtml } from "../reports/html/case-html.ts";
import { recallHtml } from "../reports/html/recall-html.ts";
import { BadReplay, parseReplay, recordedIn } from "../reports/replay-file.ts";
import { explanationFaults, type Faults, fuzzResultFaults, mutantsResultFaults } from "../reports/schema.ts";
import type { Explanation } from "../schema/json/explanation.ts";
import type { MutantsResult } from "../schema/json/mutants-result.ts";
import type { Replay } from "../schema/json/replay.ts";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { functionPlaces } from "../sim/database/function-places.ts";
import { readMigrations } from "../sim/database/migrations.ts";
import { changesOf, describeChanges } from "./changed-subject.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { print, say } from "./output.ts";
import type { OpenOptions } from "./report.ts";
import { migrationsFolder } from "./migrations-folder.ts";
import { openPage } from "./show-page.ts";
import { writeReport } from "./write-report.ts";

/** Makes a page of each file, opens it or writes it to where it was asked for, and prints its path. Resolves to the exit code. */
export async function openReports(paths: readonly string[], options: OpenOptions): Promise<number> {
  const { outputFile } = options;
  if (outputFile !== undefined && paths.length > 1)
    throw new BadInput("--output-file takes the page of one file");
  for (const path of paths) {
    const html = await pageOf(path, options);
    if (outputFile === undefined) print(await openPage(html, basename(path, ".json")));
    else {
      await writeReport(outputFile, html);
      print(outputFile);
    }
  }
  return exitCodes.ok;
}

async function pageOf(path: string, options: OpenOptions): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new BadInput(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  });
  try {
    return await pageOfText(path, text, options);
  } catch (error) {
    throw error instanceof BadReplay ? new BadReplay(`${path} ${error.message}`) : error;
  }
}

/** Tells by what is in it which document it is. */
async function pageOfText(path: string, text: string, options: OpenOptions): Promise<string> {
  const value = parsed(path, text);
  if ("standing" in value) {
    refuseFaults(path, explanationFaults(value));
    return caseHtml(value as Explanation);
  }
  if ("schedule" in value) {
    return pageOfReplay(path, parseReplay(text), options);
  }
  if ("coverage" in value) {
    refuseFaults(path, fuzzResultFaults(value));
    return pageOfCampaign(value as FuzzResult, options);
  }
  if ("bugs" in value) {
    refuseFaults(path, mutantsResultFaults(value));
    return recallHtml(value as MutantsResult);
  }
  throw new BadInput(
    `${path} is none of these: a replay file, what replay --explain --json, fuzz --json or mutants --json printed`,
  );
}

/** With the functions' text where the migrations at hand are those of the file. */
async function pageOfReplay(path: string, replay: Replay, options: OpenOptions): Promise<string> {
  const folder = migrationsFolder(options);
  const atHand = await readMigrations(options.migrations);
  const changes = changesOf(replay.migrations, atHand);
  if (changes.length > 0)
    say(`note: without the functions' text: ${describeChanges(changes)}. Name others with --migrations`);
  const migrations = changes.length > 0 ? [] : atHand;
  const places = functionPlaces(migrations);
  return caseHtml(explain(recordedIn(replay), { source: "recorded", places }), {
    replayCommand: replayCommandLine(path, folder),
    migrations,
  });
}

async function pageOfCampaign(result: FuzzResult, options: OpenOptions): Promise<string> {
  return campaignHtml(result, {
    againCommand: againCommandLine(result),
    replayCommand: (path) => replayCommandLine(path, result.migrationsFolder),
    migrations: await readMigrations(options.migrations),
  });
}

function parsed(path: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    throw new BadInput(`${path} is no JSON: ${(error as Error).message}`);
  }
}

function refuseFaults(path: string, faults: Faults): void {
  if (faults.length > 0) throw new BadInput(`${path} is damaged: ${faults.slice(0, 3).join("; ")}`);
}

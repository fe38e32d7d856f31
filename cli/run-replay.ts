import { readFile } from "node:fs/promises";
import { BadReplay, parseReplay } from "../reports/replay-file.ts";
import { functionPlaces } from "../sim/database/function-places.ts";
import { type Migration, readMigrations } from "../sim/database/migrations.ts";
import type { Stage } from "../sim/stage.ts";
import { changesOf, describeChanges } from "./changed-subject.ts";
import { exportReplay } from "./export-replay.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { holdReplay } from "./hold-replay.ts";
import { type Interruption, onInterruption } from "./interruption.ts";
import { print, printJson, say, styleOf } from "./output.ts";
import { playReplay, type Replayed, type ReplayFile } from "./play-replay.ts";
import type { ReplayOptions } from "./replay.ts";
import { explainReplay, wantsExplanation } from "./explain-replay.ts";
import { againstSummary, replayExplained, replayResult, replaySummary } from "./replay-result.ts";
import { showCase, wantsPage } from "./show-case.ts";
import { stepReplay } from "./step-replay.ts";
import { withStage } from "./target.ts";

/** Plays the files and reports them. Resolves to the exit code. */
export async function replayFiles(paths: readonly string[], options: ReplayOptions): Promise<number> {
  const interruption = onInterruption(say);
  try {
    refuseMixed(paths, options);
    const files = await Promise.all(paths.map(readReplay));
    const readSubject = async (): Promise<readonly Migration[]> => {
      const migrations = await readMigrations(options.migrations);
      refuseChanged(files, migrations, options.anyway);
      return migrations;
    };
    const [file] = files;
    if (options.export !== undefined && file !== undefined) {
      await exportReplay(file, options.export, options, readSubject);
      return exitCodes.ok;
    }
    const migrations = await readSubject();
    const { keep } = options;
    if (keep !== undefined && file !== undefined) {
      await withStage(options, migrations, (stage) => holdReplay(stage, file, keep, interruption.signal));
      return interruption.exitCode() ?? exitCodes.ok;
    }
    if (options.step && file !== undefined) {
      await withStage(options, migrations, (stage) => stepReplay(stage, file, interruption.signal));
      return interruption.exitCode() ?? exitCodes.ok;
    }
    const results: Replayed[] = [];
    const code = await withStage(options, migrations, (stage) =>
      playAndReport(stage, files, options, interruption, results),
    );
    if (options.against === undefined || interruption.exitCode() !== null) return code;
    const others = await readMigrations(options.against);
    return await withStage(options, others, (stage) => playAgainst(stage, results, options, interruption));
  } catch (error) {
    const code = interruption.exitCode();
    if (code === null) throw error;
    return code;
  } finally {
    interruption.dispose();
  }
}

function refuseMixed(paths: readonly string[], options: ReplayOptions): void {
  if (options.keep !== undefined && paths.length > 1) throw new BadInput("--keep stops in one file's case");
  if (options.keep !== undefined && (options.json || options.times > 1 || options.against !== undefined))
    throw new BadInput("--keep plays once, for you to look at: no --json, --times or --against");
  if (options.export !== undefined && paths.length > 1) throw new BadInput("--export writes one file's case");
  if (options.export === undefined && options.outputFile !== undefined)
    throw new BadInput("--output-file is for --export");
  if (options.json && options.against !== undefined && wantsExplanation(options))
    throw new BadInput("--explain --json prints one explanation, and none of --against");
  if (options.json && wantsExplanation(options) && paths.length > 1)
    throw new BadInput("--explain --json prints the explanation of one file");
  if (
    options.step &&
    (paths.length > 1 || options.json || options.times > 1 || options.against !== undefined)
  )
    throw new BadInput("--step plays one file's case, for you to look at: no --json, --times or --against");
  if (options.step && (options.keep !== undefined || options.export !== undefined))
    throw new BadInput("--step, --keep and --export are three things to do with a case: take one");
  if (wantsPage(options) && (options.step || options.keep !== undefined || options.export !== undefined))
    throw new BadInput("--html and --open show what was played to its end: no --step, --keep or --export");
  if (options.html !== undefined && paths.length > 1) throw new BadInput("--html takes the page of one file");
}

async function readReplay(path: string): Promise<ReplayFile> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new BadInput(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  });
  try {
    return { path, replay: parseReplay(text) };
  } catch (error) {
    throw error instanceof BadReplay ? new BadReplay(`${path} ${error.message}`) : error;
  }
}

/** A replay on another subject answers another question: it must be asked on purpose. */
function refuseChanged(
  files: readonly ReplayFile[],
  migrations: readonly Migration[],
  anyway: boolean,
): void {
  for (const { path, replay } of files) {
    const changes = changesOf(replay.migrations, migrations);
    if (changes.length === 0) continue;
    const said = `${path} was found on other migrations: ${describeChanges(changes)}`;
    if (!anyway) throw new BadInput(`${said}. Name them with --migrations, or replay with --anyway`);
    say(`note: ${said}`);
  }
}

async function playAndReport(
  stage: Stage,
  files: readonly ReplayFile[],
  options: ReplayOptions,
  interruption: Interruption,
  /** What became of each file is put here. */
  results: Replayed[],
): Promise<number> {
  const style = styleOf(process.stdout);
  for (const file of files) {
    sayOtherServer(file, stage);
    const result = await playReplay(stage, file, options.times, interruption.signal);
    results.push(result);
    const explanation =
      wantsExplanation(options) || wantsPage(options)
        ? await explainReplay(stage, result, options, interruption.signal)
        : null;
    if (explanation !== null && wantsExplanation(options)) {
      if (options.json) printJson(explanation);
      else print(replayExplained(result, explanation, style));
    } else if (!options.json) print(replaySummary(result, functionPlaces(stage.migrations), style));
    if (explanation !== null && wantsPage(options))
      await showCase(explanation, file, stage.migrations, options);
  }
  const isLast = options.against === undefined || interruption.exitCode() !== null;
  if (options.json && !wantsExplanation(options) && isLast) printJson(replayResult(results, stage.server));
  const verdicts = results.map(({ verdict }) => verdict);
  return exitCodeOf(verdicts, interruption);
}

function exitCodeOf(verdicts: readonly Replayed["verdict"][], interruption: Interruption): number {
  if (verdicts.includes("violated")) return exitCodes.violated;
  return interruption.exitCode() ?? (verdicts.includes("unknown") ? exitCodes.unknown : exitCodes.ok);
}

/** Plays the files on other migrations, and says of each whether it is fixed there. */
async function playAgainst(
  stage: Stage,
  played: readonly Replayed[],
  { times, against = "", json }: ReplayOptions,
  interruption: Interruption,
): Promise<number> {
  const style = styleOf(process.stdout);
  const results: Replayed[] = [];
  for (const before of played) {
    const result = await playReplay(stage, before, times, interruption.signal);
    results.push(result);
    if (!json) print(againstSummary(before, result, against, style));
  }
  if (json) printJson(replayResult(played, stage.server, { migrations: against, results }));
  return exitCodeOf(
    results.map(({ verdict }) => verdict),
    interruption,
  );
}

function sayOtherServer({ path, replay: { postgres } }: ReplayFile, { server }: Stage): void {
  if (postgres.versionNumber === server.versionNumber) return;
  say(`note: ${path} was found on PostgreSQL ${postgres.version}, this server is ${server.version}`);
}

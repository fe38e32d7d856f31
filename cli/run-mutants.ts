import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { plantedBugs } from "../properties/planted/bugs.ts";
import { equivalentChanges } from "../properties/planted/equivalent-changes.ts";
import { type Edit, plant, type PlantedBug } from "../properties/planted/planted-bug.ts";
import { type Search, type Trial, trialsOf } from "../properties/planted/recall.ts";
import { type BugRecall, type CleanRecall, summaryOf } from "../properties/planted/recall-summary.ts";
import { type Recall, recallDocument } from "../reports/recall/recall-document.ts";
import { recallMarkdown } from "../reports/recall/recall-markdown.ts";
import { recallText } from "../reports/recall/recall-text.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { type Migration, parseMigration, readMigrations } from "../sim/database/migrations.ts";
import type { Server } from "../sim/database/server.ts";
import { buildStage } from "../sim/stage.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { type Interruption, onInterruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { print, printJson, say, styleOf } from "./output.ts";
import { ownMigrations } from "./own-migrations.ts";
import { embeddedOf } from "./postgres-option.ts";

/** Looks for every planted bug, and for false alarms, and reports. Resolves to the exit code. */
export async function mutants(ids: readonly string[], options: MutantsOptions): Promise<number> {
  const bugs = chosen(ids, options);
  const interruption = onInterruption(say);
  try {
    const recall = await measure(bugs, options, interruption.signal);
    if (options.markdown !== undefined) await writePage(options.markdown, recall);
    if (options.json) printJson(recallDocument(recall));
    else print(recallText(recall, styleOf(process.stdout)));
    return exitCodeOf(recall, interruption);
  } finally {
    interruption.dispose();
  }
}

function chosen(ids: readonly string[], { class: bugClass, needs }: MutantsOptions): readonly PlantedBug[] {
  const known = new Set(plantedBugs.map(({ id }) => id));
  const strange = ids.filter((id) => !known.has(id));
  if (strange.length > 0)
    throw new BadInput(`no planted bug ${strange.join(", ")}; there are ${[...known].sort().join(", ")}`);
  const bugs = plantedBugs.filter(
    (bug) =>
      (ids.length === 0 || ids.includes(bug.id)) &&
      (bugClass === undefined || bug.bugClass === bugClass) &&
      (needs === undefined || bug.needs.some((need) => need === needs)),
  );
  if (bugs.length === 0) throw new BadInput("no planted bug is of that class and needs that");
  return bugs;
}

interface Tree {
  readonly id: string;
  readonly edits: readonly Edit[];
  readonly runs: number;
  readonly done: (trials: readonly Trial[]) => void;
}

async function measure(
  bugs: readonly PlantedBug[],
  options: MutantsOptions,
  stop: AbortSignal,
): Promise<Recall> {
  const { runs, sessions, steps, seed } = options;
  const cleanRuns = options.cleanRuns ?? runs;
  const seeds = Array.from({ length: options.seeds }, (_, index) => seed + index);
  const found = new Map<PlantedBug, readonly Trial[]>();
  const clean: CleanRecall[] = [];
  const cleanTrees = cleanRuns === 0 ? [] : [null, ...equivalentChanges];
  const trees: Tree[] = [
    ...cleanTrees.map((change) => ({
      id: change?.id ?? "own migrations",
      edits: change?.edits ?? [],
      runs: cleanRuns,
      done: (trials: readonly Trial[]) => clean.push({ change, trials }),
    })),
    ...bugs.map((bug) => ({
      id: bug.id,
      edits: bug.edits,
      runs,
      done: (trials: readonly Trial[]) => found.set(bug, trials),
    })),
  ];
  const elapsed = stopwatch();
  const search = { seeds, size: { sessions, steps }, replays: options.replays, stop, secondsNow: elapsed };
  const postgres = await playAll(trees, search, options);
  const recalls: BugRecall[] = bugs.map((bug) => ({ bug, trials: found.get(bug) ?? [] }));
  const order = (recall: CleanRecall): number => cleanTrees.indexOf(recall.change);
  clean.sort((a, b) => order(a) - order(b));
  return {
    seeds,
    runs,
    sessions,
    steps,
    seconds: elapsed(),
    postgres,
    bugs: recalls,
    clean,
    summary: summaryOf(recalls, clean),
  };
}

/** Each lane has a server of its own, since roles belong to the server, and takes the next tree when it is free. Resolves
 *  to the servers' version. */
async function playAll(
  trees: readonly Tree[],
  search: Omit<Search, "runs">,
  options: MutantsOptions,
): Promise<string> {
  const queue = [...trees];
  let played = 0;
  const own = await readMigrations(ownMigrations);
  const playLane = async (): Promise<string> => {
    const server = await embeddedOf(options).start();
    try {
      for (let tree = queue.shift(); tree !== undefined && !search.stop.aborted; tree = queue.shift()) {
        await playTree(server, own, tree, search);
        played += 1;
        say(`${played} of ${trees.length}: ${tree.id}`);
      }
      return server.version;
    } finally {
      await server.stop();
    }
  };
  const lanes = Math.min(options.lanes, trees.length);
  const [version = "unknown"] = await Promise.all(Array.from({ length: lanes }, playLane));
  return version;
}

const lockPollMs = 20;

async function playTree(
  server: Server,
  own: readonly Migration[],
  tree: Tree,
  search: Omit<Search, "runs">,
): Promise<void> {
  const stage = await buildStage(server, planted(own, tree), () => setTimeout(lockPollMs));
  try {
    const openLane = () => stage.openLane(search.size.sessions);
    tree.done(await trialsOf(openLane, { ...search, runs: tree.runs }));
  } finally {
    await stage.dispose();
  }
}

function planted(own: readonly Migration[], tree: Tree): readonly Migration[] {
  const edited = plant(tree, (file) => readFileSync(join(ownMigrations, file), "utf8"));
  return own.map((migration) => {
    const text = edited.get(migration.version);
    if (text === undefined) return migration;
    return parseMigration(migration.version, migration.number, Buffer.from(text));
  });
}

async function writePage(path: string, recall: Recall): Promise<void> {
  const machine = `${availableParallelism()} cores`;
  const page = recallMarkdown(recall, { date: new Date().toISOString().slice(0, 10), machine });
  await writeFile(path, page).catch((error: unknown) => {
    throw new BadInput(
      `${path} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  });
}

function exitCodeOf({ summary }: Recall, interruption: Interruption): number {
  const code = { complete: exitCodes.ok, incomplete: exitCodes.violated, unknown: exitCodes.unknown }[
    summary.verdict
  ];
  return interruption.exitCode() ?? code;
}

import { availableParallelism } from "node:os";
import { setTimeout } from "node:timers/promises";
import { plantedBugs } from "../properties/planted/bugs.ts";
import { equivalentChanges } from "../properties/planted/equivalent-changes.ts";
import { type Edit, plant, type PlantedBug } from "../properties/planted/planted-bug.ts";
import { type Search, type Trial, trialsOf } from "../properties/planted/recall.ts";
import { type CleanRecall, summaryOf } from "../properties/planted/recall-summary.ts";
import { type Recall, recallDocument } from "../reports/recall/recall-document.ts";
import { recallMarkdown } from "../reports/recall/recall-markdown.ts";
import { recallText } from "../reports/recall/recall-text.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { type Migration, readMigrations, withTexts } from "../sim/database/migrations.ts";
import type { Server } from "../sim/database/server.ts";
import type { OpenLane } from "../sim/lane-slot.ts";
import { onStage } from "../sim/stage.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { type Interruption, onInterruption } from "./interruption.ts";
import type { MutantsOptions } from "./mutants.ts";
import { print, printJson, say, styleOf } from "./output.ts";
import { ownMigrations } from "./own-migrations.ts";
import { embeddedOf } from "./postgres-option.ts";
import { writeReport } from "./write-report.ts";

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

/** Migrations with something changed, or with nothing. */
interface Tree {
  readonly id: string;
  readonly edits: readonly Edit[];
  readonly runs: number;
}

async function measure(
  bugs: readonly PlantedBug[],
  options: MutantsOptions,
  stop: AbortSignal,
): Promise<Recall> {
  const { runs, sessions, steps, seed } = options;
  const cleanRuns = options.cleanRuns ?? runs;
  const seeds = Array.from({ length: options.seeds }, (_, index) => seed + index);
  const changes = cleanRuns === 0 ? [] : [null, ...equivalentChanges];
  const trees: Tree[] = [
    ...changes.map((change) => ({ ...(change ?? ownTree), runs: cleanRuns })),
    ...bugs.map(({ id, edits }) => ({ id, edits, runs })),
  ];
  const elapsed = stopwatch();
  const search = { seeds, size: { sessions, steps }, replays: options.replays, stop, secondsNow: elapsed };
  const { trials, postgres } = await playAll(trees, search, options);
  // What a signal has kept from being played is not told of as clean.
  const clean = changes.flatMap((change, index): CleanRecall[] => {
    const found = trials[index];
    return found === undefined ? [] : [{ change, trials: found }];
  });
  const recalls = bugs.map((bug, index) => ({ bug, trials: trials[changes.length + index] ?? [] }));
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

const ownTree = { id: "own migrations", edits: [] };

interface Played {
  /** Of each tree, in their order; undefined where it was not played. */
  readonly trials: readonly (readonly Trial[] | undefined)[];
  /** The servers' version. */
  readonly postgres: string;
}

/** Each lane has a server of its own, since roles belong to the server, and takes the next tree when it is free. */
async function playAll(
  trees: readonly Tree[],
  search: Omit<Search, "runs">,
  options: MutantsOptions,
): Promise<Played> {
  const own = await readMigrations(ownMigrations);
  const trials: (readonly Trial[] | undefined)[] = trees.map(() => undefined);
  const queue = trees.entries();
  let played = 0;
  const playLane = async (): Promise<string> => {
    const server = await embeddedOf(options).start();
    try {
      for (let next = queue.next(); !next.done && !search.stop.aborted; next = queue.next()) {
        const [index, tree] = next.value;
        trials[index] = await playTree(server, own, tree, search);
        played += 1;
        say(`${played} of ${trees.length}: ${tree.id}`);
      }
      return server.version;
    } finally {
      await server.stop();
    }
  };
  const lanes = Math.min(options.lanes, trees.length);
  const [postgres = "unknown"] = await Promise.all(Array.from({ length: lanes }, playLane));
  return { trials, postgres };
}

const lockPollMs = 20;

function playTree(
  server: Server,
  own: readonly Migration[],
  tree: Tree,
  search: Omit<Search, "runs">,
): Promise<readonly Trial[]> {
  const texts = new Map(own.map(({ version, text }) => [version, text]));
  const planted = withTexts(
    own,
    plant(tree, (file) => texts.get(file) ?? ""),
  );
  return onStage(
    server,
    planted,
    () => setTimeout(lockPollMs),
    (stage) => {
      const openLane: OpenLane = (yields) => stage.openLane(search.size.sessions, yields);
      return trialsOf(openLane, { ...search, runs: tree.runs });
    },
  );
}

async function writePage(path: string, recall: Recall): Promise<void> {
  const machine = `${availableParallelism()} cores`;
  const date = new Date().toISOString().slice(0, 10);
  await writeReport(path, recallMarkdown(recall, { date, machine }));
}

function exitCodeOf({ summary }: Recall, interruption: Interruption): number {
  const code = { complete: exitCodes.ok, incomplete: exitCodes.violated, unknown: exitCodes.unknown }[
    summary.verdict
  ];
  return interruption.exitCode() ?? code;
}

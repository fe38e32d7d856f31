import { setTimeout } from "node:timers/promises";
import { type Edit, plant } from "../properties/planted/planted-bug.ts";
import type { EmbeddedServer } from "../sim/database/embedded/provider.ts";
import { type Migration, readMigrations, withTexts } from "../sim/database/migrations.ts";
import type { OpenLane } from "../sim/lane-slot.ts";
import { onStage } from "../sim/stage.ts";
import type { MutantsOptions } from "./mutants.ts";
import { say } from "./output.ts";
import { ownMigrations } from "./own-migrations.ts";
import { embeddedOf } from "./postgres-option.ts";

/** Migrations with something changed, or with nothing. */
export interface Tree {
  readonly id: string;
  readonly edits: readonly Edit[];
}

/** Where a tree is played. */
export interface TreeGround {
  readonly server: EmbeddedServer;
  readonly migrations: readonly Migration[];
}

export const ownTree: Tree = { id: "own migrations", edits: [] };

export interface Played<R> {
  /** Of each tree, in their order; undefined where it was not played. */
  readonly results: readonly (R | undefined)[];
  /** The servers' version. */
  readonly postgres: string;
}

const lockPollMs = 20;

/** Plays on each tree. Each lane has a server of its own, since roles belong to the server, and takes the next tree when it
 *  is free. */
export async function onTrees<T extends Tree, R>(
  trees: readonly T[],
  options: Pick<MutantsOptions, "lanes" | "postgres" | "sessions">,
  stop: AbortSignal,
  play: (openLane: OpenLane, tree: T, ground: TreeGround) => Promise<R>,
): Promise<Played<R>> {
  const own = await readMigrations(ownMigrations);
  const results: (R | undefined)[] = trees.map(() => undefined);
  const queue = trees.entries();
  let played = 0;
  const playLane = async (): Promise<string> => {
    const server = await embeddedOf(options).start();
    try {
      for (let next = queue.next(); !next.done && !stop.aborted; next = queue.next()) {
        const [index, tree] = next.value;
        const wait = () => setTimeout(lockPollMs);
        const migrations = planted(own, tree);
        results[index] = await onStage(server, migrations, wait, (stage) =>
          play((kind) => stage.openLane(options.sessions, kind), tree, { server, migrations }),
        );
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
  return { results, postgres };
}

function planted(own: readonly Migration[], tree: Tree): readonly Migration[] {
  const texts = new Map(own.map(({ version, text }) => [version, text]));
  return withTexts(
    own,
    plant(tree, (file) => texts.get(file) ?? ""),
  );
}

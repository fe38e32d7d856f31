import type { FuzzResult, MigrationsFolder } from "../schema/json/fuzz-result.ts";

/** What decides the cases of a campaign. */
export type Campaign = Pick<FuzzResult, "seed" | "shard" | "migrationsFolder"> & {
  readonly settings: Pick<
    FuzzResult["settings"],
    "sessions" | "steps" | "strategy" | "yields" | "crashes" | "runs"
  >;
};

/** A line to paste into a shell that plays the same cases again: what decides them, and nothing else. */
export function againCommandLine({ seed, settings, shard, migrationsFolder }: Campaign): string {
  const { sessions, steps, strategy, yields, crashes, runs } = settings;
  const shardOption = shard.count === 1 ? "" : ` --shard ${shard.index}/${shard.count}`;
  const goal = runs === null ? "" : ` --runs ${runs}`;
  const how = strategy === "swarm" ? "" : ` --strategy ${strategy}`;
  const size = `--sessions ${sessions} --steps ${steps}${how} --yields ${yields} --crashes ${crashes}`;
  return `npx counterpoint fuzz --seed ${seed} ${size}${goal}${shardOption}${migrationsOption(migrationsFolder)}`;
}

/** A line to paste into a shell that replays a file on the same subject. Never the server's URL: it may hold a password,
 *  and the embedded server shows the same. */
export function replayCommandLine(path: string, migrations: MigrationsFolder): string {
  return `npx counterpoint replay ${quoted(path)}${migrationsOption(migrations)}`;
}

/** The option that names the subject again, with a blank before it; empty for the package's own migrations. */
function migrationsOption({ own, path }: MigrationsFolder): string {
  return own ? "" : ` --migrations ${quoted(path)}`;
}

function quoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

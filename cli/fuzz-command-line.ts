import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { migrationsOption } from "./command-lines.ts";
import type { TargetOptions } from "./target-options.ts";

/** A line to paste into a shell that plays the cases of a campaign again: of a timed one, as many as there was time for. */
export function fuzzCommandLine(result: FuzzResult, options: TargetOptions): string {
  const { seed, settings, shard, runs, leftOut } = result;
  const { sessions, steps, strategy, yields, crashes } = settings;
  const how = strategy === "swarm" ? "" : ` --strategy ${strategy}`;
  const size = `--sessions ${sessions} --steps ${steps}${how} --yields ${yields} --crashes ${crashes}`;
  const goal = `--runs ${settings.runs ?? (runs + leftOut) * shard.count}`;
  const shardOption = shard.count === 1 ? "" : ` --shard ${shard.index}/${shard.count}`;
  return `npx counterpoint fuzz --seed ${seed} ${size} ${goal}${shardOption}${migrationsOption(options)}`;
}

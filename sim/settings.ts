import { quoteIdentifier, quoteLiteral } from "./database/quote.ts";

/** What a case may set for the planner and the executor, other than as the server has it. They may change plans and costs,
 *  and no answer. `jit` needs a server that was built with it. */
export const settingValues = {
  enable_seqscan: ["off"],
  enable_indexscan: ["off"],
  enable_indexonlyscan: ["off"],
  enable_bitmapscan: ["off"],
  enable_nestloop: ["off"],
  enable_hashjoin: ["off"],
  enable_mergejoin: ["off"],
  enable_hashagg: ["off"],
  enable_sort: ["off"],
  enable_incremental_sort: ["off"],
  enable_material: ["off"],
  enable_memoize: ["off"],
  plan_cache_mode: ["force_generic_plan", "force_custom_plan"],
  jit: ["off", "on"],
  work_mem: ["64kB"],
} as const;

export type SettingName = keyof typeof settingValues;
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

/** For the transaction; takes no snapshot. */
export function settingsSql(settings: Settings): readonly string[] {
  return Object.entries(settings).map(
    ([name, value]) => `SET LOCAL ${quoteIdentifier(name)} = ${quoteLiteral(value)}`,
  );
}

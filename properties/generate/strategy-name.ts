/** Where a campaign's cases come from (strategies.ts). */
export const strategyNames = ["swarm", "random", "pct", "exhaustive", "guided"] as const;
export type StrategyName = (typeof strategyNames)[number];

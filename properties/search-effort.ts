import type { SearchEffort } from "./oracle-model.ts";

/** How hard it was to find linearizations, over the cases of a campaign. */
export interface EffortSummary {
  readonly cases: number;
  /** Cases of which the steps' own order was a linearization, tried first. */
  readonly inStepOrder: number;
  /** States visited in a case; null without cases. */
  readonly visited: { readonly median: number; readonly p99: number; readonly most: number } | null;
}

/** Sums up the searches of a campaign. */
export function effortSummary(efforts: readonly SearchEffort[]): EffortSummary {
  const sorted = efforts.map(({ visited }) => visited).sort((a, b) => a - b);
  const at = (share: number): number | undefined => sorted[Math.ceil(share * sorted.length) - 1];
  const [median, p99, most] = [at(0.5), at(0.99), at(1)];
  const hasCases = median !== undefined && p99 !== undefined && most !== undefined;
  return {
    cases: efforts.length,
    inStepOrder: efforts.filter(({ points, visited }) => visited <= points + 1).length,
    visited: hasCases ? { median, p99, most } : null,
  };
}

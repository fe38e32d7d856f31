import type { SearchEffort } from "./oracle-model.ts";

/** How hard it was to find linearizations, over the cases of a campaign. */
export interface EffortSummary {
  readonly cases: number;
  /** Cases of which the steps' own order was a linearization, tried first. */
  readonly inStepOrder: number;
  /** States visited in a case; null without cases. */
  readonly visited: { readonly median: number; readonly p99: number; readonly most: number } | null;
  /** How many cases visited so many states: by the number of states. */
  readonly histogram: Histogram;
}

type Histogram = Readonly<Record<string, number>>;

/** Sums up the searches of a campaign. */
export function effortSummary(efforts: readonly SearchEffort[]): EffortSummary {
  const inStepOrder = efforts.filter(({ points, visited }) => visited <= points + 1).length;
  return summary(inStepOrder, totals(efforts.map(({ visited }) => ({ [visited]: 1 }))));
}

/** Sums up campaigns with no case in common: exact, since the histograms are. */
export function sumOfEfforts(
  efforts: readonly Pick<EffortSummary, "inStepOrder" | "histogram">[],
): EffortSummary {
  const inStepOrder = efforts.reduce((total, each) => total + each.inStepOrder, 0);
  return summary(inStepOrder, totals(efforts.map(({ histogram }) => histogram)));
}

function totals(histograms: readonly Histogram[]): Histogram {
  const total: Record<string, number> = {};
  for (const each of histograms)
    for (const [states, cases] of Object.entries(each)) total[states] = (total[states] ?? 0) + cases;
  return total;
}

function summary(inStepOrder: number, histogram: Histogram): EffortSummary {
  const counts = Object.entries(histogram).map(([states, count]) => ({ states: Number(states), count }));
  const cases = counts.reduce((total, { count }) => total + count, 0);
  const sorted = counts.sort((a, b) => a.states - b.states);
  const at = (share: number): number | undefined => {
    let left = Math.ceil(share * cases);
    return sorted.find(({ count }) => (left -= count) <= 0)?.states;
  };
  const [median, p99, most] = [at(0.5), at(0.99), at(1)];
  const hasCases = median !== undefined && p99 !== undefined && most !== undefined;
  return { cases, inStepOrder, visited: hasCases ? { median, p99, most } : null, histogram };
}

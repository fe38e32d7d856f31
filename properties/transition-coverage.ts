/** Which transitions a campaign has reached (transitions.ts). Plain data, so that shards can be merged. */
export interface TransitionCoverage {
  /** How many different ones. */
  readonly distinct: number;
  /** There may be more: of merged shards that left some out, only those that they list are known. */
  readonly atLeast: boolean;
  /** How often, by name, the commonest first: not all of them. */
  readonly counts: Readonly<Record<string, number>>;
  /** How many are not listed. */
  readonly leftOut: number;
}

/** Some 25 KB. The names are an open set: a campaign of a night reaches thousands. */
export const mostListed = 500;

export function transitionCoverage(counts: ReadonlyMap<string, number>): TransitionCoverage {
  const sorted = [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  const listed = sorted.slice(0, mostListed);
  return {
    distinct: counts.size,
    atLeast: false,
    counts: Object.fromEntries(listed),
    leftOut: counts.size - listed.length,
  };
}

/** Exact where no shard has left any out. */
export function mergedTransitions(shards: readonly TransitionCoverage[]): TransitionCoverage {
  const total = new Map<string, number>();
  for (const [name, count] of shards.flatMap(({ counts }) => Object.entries(counts)))
    total.set(name, (total.get(name) ?? 0) + count);
  const listed = transitionCoverage(total);
  const distinct = Math.max(listed.distinct, ...shards.map((shard) => shard.distinct));
  return {
    ...listed,
    distinct,
    atLeast: shards.some(({ leftOut, atLeast }) => leftOut > 0 || atLeast),
    leftOut: distinct - Object.keys(listed.counts).length,
  };
}

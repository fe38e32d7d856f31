import type { Search, SequentialModel, TimedPoint } from "../model/sequential-model.ts";

export type { Next, Refusal, Search, SequentialModel, TimedPoint } from "../model/sequential-model.ts";

/** See model/linearization.ts. It stands here again for compilers that don't allow imports of TypeScript by extension. */
export declare function linearize<S, P>(
  points: readonly TimedPoint<P>[],
  model: SequentialModel<S, P>,
  limit: number,
): Search;

/** Is there an order of points, each within its interval and after those of its own program, that the model accepts? The
 *  search is complete and exact, up to a limit.
 *
 *  Intervals are closed: two points overlap unless one ended strictly before the other began. The order that is tried
 *  first is `preferredAt`; almost always that is the witness. */

import { judgeParts } from "./linearization-parts.ts";
import { LinearizationSearch } from "./linearization-search.ts";
import type { Search, SequentialModel, TimedPoint } from "./sequential-model.ts";

export type { Next, Search, SequentialModel, TimedPoint } from "./sequential-model.ts";

/** Searches for such an order; where the model splits the points, for one of each part. Once more than `limit` states are
 *  visited, of a part, the verdict is unknown. Throws RangeError where `split` parts points that only their program keeps
 *  in order. */
export function linearize<S, P>(
  points: readonly TimedPoint<P>[],
  model: SequentialModel<S, P>,
  limit: number,
): Search {
  const search = (part: readonly TimedPoint<P>[]) => new LinearizationSearch(part, model).run(limit);
  return model.split === undefined ? search(points) : judgeParts(points, model.split, search);
}

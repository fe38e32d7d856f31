import { endOf, pointAt, type Search, type TimedPoint } from "./sequential-model.ts";

type Points<P> = readonly TimedPoint<P>[];

/** Judges each part of the points by itself. Violated if any part is, at the earliest response; else unknown if any is; else
 *  ok, with one order made of theirs. */
export function judgeParts<P>(
  points: Points<P>,
  split: (point: P) => string,
  judge: (part: Points<P>) => Search,
): Search {
  const searches = partsOf(points, split).map((part) => judgePart(points, part, judge));
  const visited = searches.reduce((sum, search) => sum + search.visited, 0);
  const end = (index: number) => endOf(pointAt(points, index));
  const [violated] = searches
    .filter((search) => search.verdict === "violated")
    .sort((a, b) => end(a.at) - end(b.at) || a.at - b.at);
  if (violated !== undefined) return { ...violated, visited };
  const unknown = searches.find((search) => search.verdict === "unknown");
  if (unknown !== undefined) return { ...unknown, visited };
  const orders = searches.flatMap((search) => (search.verdict === "ok" ? [search.order] : []));
  return { verdict: "ok", order: merged(points, orders), visited };
}

/** The indexes of each part's points, ascending. */
function partsOf<P>(points: Points<P>, split: (point: P) => string): readonly (readonly number[])[] {
  const parts = new Map<string, number[]>();
  for (const [index, { point }] of points.entries()) {
    const name = split(point);
    const part = parts.get(name) ?? [];
    part.push(index);
    parts.set(name, part);
  }
  return [...parts.values()];
}

/** Inside, indexes are those of the part; outside, those of all points. */
function judgePart<P>(
  points: Points<P>,
  part: readonly number[],
  judge: (part: Points<P>) => Search,
): Search {
  const placeOf = new Map(part.map((index, place) => [index, place]));
  const search = judge(
    part.map((index) => {
      const point = pointAt(points, index);
      return { ...point, after: afterWithin(points, point, placeOf) };
    }),
  );
  if (search.verdict === "unknown") return search;
  const outside = (place: number) => part[place] ?? -1;
  const order = search.order.map(outside);
  return search.verdict === "ok" ? { ...search, order } : { ...search, order, at: outside(search.at) };
}

/** Points of other parts are left out where time alone puts them before. */
function afterWithin<P>(
  points: Points<P>,
  { after, invokedAt }: TimedPoint<P>,
  placeOf: ReadonlyMap<number, number>,
): readonly number[] {
  return after.flatMap((before) => {
    const place = placeOf.get(before);
    if (place !== undefined) return [place];
    if (endOf(pointAt(points, before)) < invokedAt) return [];
    throw new RangeError(`point ${before} is in another part than one that its program puts after it`);
  });
}

/** One order of all parts' points. Each moves to the earliest time that its part's order leaves it: that is within its
 *  interval, so none of them comes before what had ended when it began. */
function merged<P>(points: Points<P>, orders: readonly (readonly number[])[]): readonly number[] {
  return orders
    .flatMap((order) => {
      let time = -Infinity;
      return order.map((index) => {
        time = Math.max(time, pointAt(points, index).invokedAt);
        return { index, time };
      });
    })
    .sort((a, b) => a.time - b.time)
    .map(({ index }) => index);
}

import type { History } from "../sim/history.ts";
import { coverageOf } from "./coverage.ts";
import { besideParked } from "./preemptions.ts";
import { type Timeline, withoutClosing } from "./timeline.ts";
import { transitionsOf } from "./transitions.ts";

/** What a case reached, by name: it is worth keeping where none before it has reached the same. */
export function featuresOf(whole: Timeline): ReadonlySet<string> {
  const timeline = withoutClosing(whole);
  const { history } = timeline;
  const coverage = Object.entries(coverageOf(whole, timeline));
  return new Set([
    ...transitionsOf(timeline),
    ...coverage.flatMap(([group, counts]) => Object.keys(counts).map((name) => `${group}: ${name}`)),
    ...yieldPoints(history),
    ...parkings(history),
  ]);
}

/** And how often sessions came to each, as an order of magnitude: a loop that goes round more often is news. */
function yieldPoints({ yields = {} }: History): readonly string[] {
  return Object.entries(yields).map(
    ([point, count]) => `yield point ${point}: 2^${Math.floor(Math.log2(count))}`,
  );
}

/** Where calls parked, and what was parked beside them. */
function parkings(history: History): readonly string[] {
  const standing = new Map<number, string>();
  return besideParked(history).flatMap(({ event, parked }) => {
    if (event.kind !== "park") return [];
    const place = `${event.at.function} ${event.at.line}`;
    standing.set(event.call, place);
    const others = parked.flatMap((call) => standing.get(call) ?? []);
    return [`parked: ${place}`, ...others.map((other) => `parked: ${place} beside ${other}`)];
  });
}

import { ceilingOf } from "../model/ceiling.ts";
import { linearize, type Search } from "../model/linearization.ts";
import { statesAlong } from "../model/linearization-states.ts";
import { transactionModel } from "../model/transactions.ts";
import type { World } from "../model/world.ts";
import type { History } from "../sim/history.ts";
import type { Schedule } from "../sim/schedule.ts";
import { searchLimit } from "./oracle-model.ts";
import { type HistoryPoint, pointsOf } from "./points.ts";

/** A point of the linearization. */
export interface Placed {
  /** Index into the trace's points. */
  readonly index: number;
  /** Index of the history's event by which it has taken effect: of its own response, or before that of one placed later. */
  readonly event: number;
  /** The model after it. */
  readonly world: World;
}

/** What the model makes of a history: a linearization, or the longest one that could be begun. */
export interface ModelTrace {
  readonly ceiling: number | null;
  readonly search: Search;
  readonly points: readonly HistoryPoint[];
  readonly initial: World;
  readonly placed: readonly Placed[];
  /** Index of the event that no linearization explains; null where all are explained, or the search has given up. */
  readonly stoppedAt: number | null;
}

/** Searches once more: for explaining one counterexample, not for judging many. */
export function traceByModel(schedule: Schedule, history: History): ModelTrace {
  const ceiling = ceilingOf(schedule.setup.retryCeiling);
  const model = transactionModel(ceiling);
  const points = pointsOf(history);
  const search = linearize(points, model, searchLimit);
  const order = search.verdict === "unknown" ? [] : search.order;
  const worlds = statesAlong(points, order, model).slice(1);
  const events = eventsOf(points, order, history.events.length - 1);
  const placed = order.map((index, at) => {
    return { index, event: events[at] ?? 0, world: worlds[at] ?? model.initial };
  });
  const stoppedAt = search.verdict === "violated" ? (points[search.at]?.respondedAt ?? null) : null;
  return { ceiling, search, points, initial: model.initial, placed, stoppedAt };
}

/** The latest event that the order leaves each point. */
function eventsOf(
  points: readonly HistoryPoint[],
  order: readonly number[],
  last: number,
): readonly number[] {
  const events: number[] = [];
  let event = last;
  for (const index of order.toReversed()) {
    event = Math.min(event, points[index]?.respondedAt ?? last);
    events.push(event);
  }
  return events.reverse();
}

/** The model's state when the event has happened. */
export function worldAfter({ placed, initial }: ModelTrace, event: number): World {
  return placed.findLast((point) => point.event <= event)?.world ?? initial;
}

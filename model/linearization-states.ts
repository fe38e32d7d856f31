import { pointAt, type SequentialModel, type TimedPoint } from "./sequential-model.ts";

/** The states that an order leads through: the initial one, then one after each of its points. The order is one that the
 *  search has found; where a point may lead to several states, the first ones from which all the rest can happen. Throws
 *  RangeError where there are none. */
export function statesAlong<S, P>(
  points: readonly TimedPoint<P>[],
  order: readonly number[],
  model: SequentialModel<S, P>,
): readonly S[] {
  const states: S[] = [model.initial];
  /** For each point of the order, the states that are still to be tried after it. */
  const left: Iterator<S, unknown>[] = [];
  while (states.length <= order.length) {
    left.push(
      successors(states.at(-1) ?? model.initial, pointAt(points, order[left.length] ?? -1).point, model),
    );
    for (let state = left.at(-1)?.next(); ; state = left.at(-1)?.next()) {
      if (state?.done === false) {
        states.push(state.value);
        break;
      }
      left.pop();
      if (left.length === 0) throw new RangeError("no states lead through the order");
      states.pop();
    }
  }
  return states;
}

function successors<S, P>(state: S, point: P, model: SequentialModel<S, P>): Iterator<S, unknown> {
  const next = model.next(state, point);
  return ("states" in next ? next.states : [])[Symbol.iterator]();
}

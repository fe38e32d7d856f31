import type { SequentialModel, TimedPoint } from "../../model/linearization.ts";

/** Every order that explains the points, by trying all: of the points that were answered and any of the others, each within
 *  its interval and after its predecessors, and allowed by the model. For tests, and for few points. */
export function* explanations<S, P>(
  points: readonly TimedPoint<P>[],
  model: SequentialModel<S, P>,
  order: readonly number[] = [],
  state = model.initial,
): Generator<readonly number[]> {
  const isMissing = (point: TimedPoint<P>, index: number) =>
    point.respondedAt !== null && !order.includes(index);
  if (!points.some(isMissing)) yield order;
  for (const [index, { point, invokedAt, after }] of points.entries()) {
    if (order.includes(index) || !after.every((before) => order.includes(before))) continue;
    const overtakes = points.some(
      (other, place) => isMissing(other, place) && (other.respondedAt ?? 0) < invokedAt,
    );
    if (overtakes) continue;
    const next = model.next(state, point);
    if ("refusal" in next) continue;
    for (const then of next.states) yield* explanations(points, model, [...order, index], then);
  }
}

/** Is there any such order? */
export function isExplicable<S, P>(points: readonly TimedPoint<P>[], model: SequentialModel<S, P>): boolean {
  return explanations(points, model).next().done !== true;
}

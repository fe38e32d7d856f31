/** What a search for a linearization is given, and what it answers. Nothing here knows what is modelled: a register, a
 *  key-value store, an outbox. */

/** A point to be placed somewhere between two events of a history, both given by their index. */
export interface TimedPoint<P> {
  readonly point: P;
  readonly invokedAt: number;
  /** Null where no response was seen: it took effect at one point after its invocation, or never. */
  readonly respondedAt: number | null;
  /** Where the step order would place it. */
  readonly preferredAt: number;
  /** Indexes of the points that come before this one in its own program order: it takes effect only if they did. */
  readonly after: readonly number[];
}

/** Throws RangeError where there is none. */
export function pointAt<P>(points: readonly TimedPoint<P>[], index: number): TimedPoint<P> {
  const point = points[index];
  if (point === undefined) throw new RangeError(`no point ${index}`);
  return point;
}

/** When a point must have taken effect, if at all. */
export function endOf({ respondedAt }: TimedPoint<unknown>): number {
  return respondedAt ?? Infinity;
}

/** Why a point can't happen in a state. */
export interface Refusal {
  readonly rule: string;
  /** What would have been allowed, each in a line. */
  readonly expected: readonly string[];
}

/** The states are asked for one by one, and may be iterated over again: many of them cost nothing where the first will do. */
export type Next<S> = { readonly states: Iterable<S> } | { readonly refusal: Refusal };

/** A sequential specification as pure functions; a point is an operation with its response, if it had one. */
export interface SequentialModel<S, P> {
  readonly initial: S;
  /** The states that the point may lead to, or why it can't happen in this one. */
  next(state: S, point: P): Next<S>;
  /** Equal keys, equal futures. */
  key(state: S): string;
  /** Names the part that the point belongs to, where a history is linearizable exactly if each of its parts is by itself
   *  (P-compositionality): a store's key, if no operation touches two of them. Left out, all is one part. */
  readonly split?: (point: P) => string;
}

export type Search = Found & {
  /** How many states the search came to, those that it came to again included: its effort. */
  readonly visited: number;
};

type Found =
  | { readonly verdict: "ok"; readonly order: readonly number[] }
  | {
      readonly verdict: "violated";
      /** The first point, in order of responses, that no linearization reaches past. */
      readonly at: number;
      readonly refusal: Refusal;
      /** The longest order of its part that could be explained. */
      readonly order: readonly number[];
    }
  | { readonly verdict: "unknown"; readonly reason: string };

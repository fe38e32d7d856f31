/** The search for a linearization, after Wing and Gong with Lowe's memo: is there an order of points, each within its
 *  interval, that the model accepts? It knows nothing of the outbox; a model is three pure functions.
 *
 *  Intervals are closed: two points overlap unless one ended strictly before the other began. The order that is tried
 *  first is `preferredAt`; almost always that is the witness. */

import type { Refusal } from "./judgement.ts";

/** A point to be placed somewhere between two events of a history, both given by their index. */
export interface TimedPoint<P> {
  readonly point: P;
  readonly invokedAt: number;
  readonly respondedAt: number;
  /** Where the step order would place it. */
  readonly preferredAt: number;
  /** Indexes of the points that come before this one in its own program order. */
  readonly after: readonly number[];
}

export type Next<S> = { readonly states: readonly S[] } | { readonly refusal: Refusal };

export interface SequentialModel<S, P> {
  readonly initial: S;
  /** The states that the point may lead to, or why it can't happen in this one. */
  next(state: S, point: P): Next<S>;
  /** Equal keys, equal futures. */
  key(state: S): string;
}

export type Search =
  | { readonly verdict: "ok"; readonly order: readonly number[] }
  | {
      readonly verdict: "violated";
      /** The first point, in order of responses, that no linearization reaches past. */
      readonly at: number;
      readonly refusal: Refusal;
      /** The longest order that could be explained. */
      readonly order: readonly number[];
    }
  | { readonly verdict: "unknown"; readonly reason: string };

interface Frame<S> {
  readonly state: S;
  /** Rank of the first point, by response, that is not placed yet. */
  readonly first: number;
  /** What is still to be tried from here: a point and the state that it leads to. */
  readonly choices: { readonly index: number; readonly state: S }[];
}

/** Searches; at most `limit` states are visited before the verdict is unknown. */
export function linearize<S, P>(
  points: readonly TimedPoint<P>[],
  model: SequentialModel<S, P>,
  limit: number,
): Search {
  return new LinearizationSearch(points, model).run(limit);
}

class LinearizationSearch<S, P> {
  private readonly byResponse: readonly number[];
  private readonly placed: boolean[];
  private readonly order: number[] = [];
  private readonly seen = new Set<string>();
  private readonly alive = new Map<number, readonly number[]>();
  private furthest: { rank: number; at: number; refusal: Refusal; order: readonly number[] } | null = null;

  constructor(
    private readonly points: readonly TimedPoint<P>[],
    private readonly model: SequentialModel<S, P>,
  ) {
    this.placed = points.map(() => false);
    this.byResponse = points
      .map((_, index) => index)
      .sort((a, b) => this.at(a).respondedAt - this.at(b).respondedAt || a - b);
  }

  run(limit: number): Search {
    const frames: Frame<S>[] = [];
    let next: Frame<S> | null = this.frame(this.model.initial, 0);
    for (let visited = 0; visited < limit; visited += 1) {
      if (next !== null) {
        if (next.first === this.points.length) return { verdict: "ok", order: this.order };
        frames.push(next);
      }
      const top = frames.at(-1);
      if (top === undefined) return this.violated();
      next = this.descend(top);
      if (next === null && top.choices.length === 0) {
        frames.pop();
        this.undo();
      }
    }
    return { verdict: "unknown", reason: `no linearization found within ${limit} states` };
  }

  /** Places the frame's next choice; null when there is none, or when an equal situation was seen before. */
  private descend(frame: Frame<S>): Frame<S> | null {
    const choice = frame.choices.shift();
    if (choice === undefined) return null;
    this.placed[choice.index] = true;
    this.order.push(choice.index);
    const first = this.firstOpen(frame.first);
    const key = this.situation(first, choice.state);
    if (key !== null && this.seen.has(key)) {
      this.undo();
      return null;
    }
    if (key !== null) this.seen.add(key);
    return this.frame(choice.state, first);
  }

  private undo(): void {
    const index = this.order.pop();
    if (index !== undefined) this.placed[index] = false;
  }

  private firstOpen(from: number): number {
    let rank = from;
    while (rank < this.points.length && this.placed[this.ranked(rank)] === true) rank += 1;
    return rank;
  }

  private frame(state: S, first: number): Frame<S> {
    const choices: { index: number; state: S }[] = [];
    if (first === this.points.length) return { state, first, choices };
    let refusal: Refusal | null = null;
    for (const index of this.candidates(first)) {
      const next = this.model.next(state, this.at(index).point);
      if ("states" in next) choices.push(...next.states.map((after) => ({ index, state: after })));
      else if (refusal === null || index === this.ranked(first)) refusal = next.refusal;
    }
    if (refusal !== null && choices.length === 0) this.noteDeadEnd(first, refusal);
    return { state, first, choices };
  }

  /** The points that may come next: alive when the first open response is due, not placed, their own predecessors placed. */
  private candidates(first: number): readonly number[] {
    return this.aliveAt(first).filter(
      (index) =>
        this.placed[index] === false && this.at(index).after.every((before) => this.placed[before] === true),
    );
  }

  /** Every point placed so far was invoked by then, and every point that ended earlier is placed: so these, and how many
   *  of them are placed, are all that distinguishes two situations. */
  private aliveAt(first: number): readonly number[] {
    const known = this.alive.get(first);
    if (known !== undefined) return known;
    const due = this.at(this.ranked(first)).respondedAt;
    const found = this.points
      .map((_, index) => index)
      .filter((index) => this.at(index).invokedAt <= due && this.at(index).respondedAt >= due)
      .sort((a, b) => this.at(a).preferredAt - this.at(b).preferredAt || a - b);
    this.alive.set(first, found);
    return found;
  }

  /** Null where there was no choice, and so nothing to remember. */
  private situation(first: number, state: S): string | null {
    if (first === this.points.length) return null;
    const alive = this.aliveAt(first);
    if (alive.length < 2) return null;
    const bits = alive.map((index) => (this.placed[index] === true ? "1" : "0")).join("");
    return `${first}:${bits}:${this.model.key(state)}`;
  }

  private noteDeadEnd(rank: number, refusal: Refusal): void {
    if (this.furthest !== null && this.furthest.rank >= rank) return;
    this.furthest = { rank, at: this.ranked(rank), refusal, order: [...this.order] };
  }

  private violated(): Search {
    if (this.furthest === null) return { verdict: "unknown", reason: "the points have no possible order" };
    const { at, refusal, order } = this.furthest;
    return { verdict: "violated", at, refusal, order };
  }

  private ranked(rank: number): number {
    return this.byResponse[rank] ?? -1;
  }

  private at(index: number): TimedPoint<P> {
    const point = this.points[index];
    if (point === undefined) throw new RangeError(`no point ${index}`);
    return point;
  }
}

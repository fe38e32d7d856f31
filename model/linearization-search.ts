import { DeadEnds } from "./linearization-memo.ts";
import {
  endOf,
  pointAt,
  type Refusal,
  type Search,
  type SequentialModel,
  type TimedPoint,
} from "./sequential-model.ts";

interface Choice<S> {
  readonly index: number;
  /** A state that the point leads to. */
  readonly state: S;
}

/** A situation of the search, and what is still to be tried from it. The candidates are used up from their end. */
interface Frame<S> {
  readonly state: S;
  /** Rank of the first point, by response, that is not placed yet. */
  readonly first: number;
  /** Which points are placed, as a text; but for optional ones. */
  readonly placed: string;
  readonly candidates: number[];
  /** The candidate that was asked last, and the states that it may lead to. */
  asked: number;
  states: Iterator<S, unknown>;
  /** No point could be placed so far. */
  isDeadEnd: boolean;
  /** Why not, the first one due before the others. */
  refusal: Refusal | null;
}

interface DeadEnd {
  readonly rank: number;
  /** Null where program order alone leaves no next point. */
  readonly refusal: Refusal | null;
  readonly order: readonly number[];
}

const noState: Refusal = { rule: "no next state", expected: [] };

/** Depth first, after Wing and Gong, with Lowe's memo: next comes a point that was invoked before the first response that is
 *  still due. */
export class LinearizationSearch<S, P> {
  /** The points that were answered, in the order of their responses: each of them must be placed. */
  private readonly due: readonly number[];
  private readonly alive: readonly (readonly number[])[];
  private readonly isPlaced: boolean[];
  private readonly order: number[] = [];
  private readonly deadEnds: DeadEnds<S>;
  private furthest: DeadEnd | null = null;
  private visited = 0;
  /** The bit of each optional point: not answered, and nothing comes after it in its program. */
  private readonly bits: ReadonlyMap<number, bigint>;
  /** The bits of the optional points that are placed. */
  private spent = 0n;

  constructor(
    private readonly points: readonly TimedPoint<P>[],
    private readonly model: SequentialModel<S, P>,
  ) {
    this.isPlaced = points.map(() => false);
    this.due = [...points.keys()]
      .filter((index) => pointAt(points, index).respondedAt !== null)
      .sort((a, b) => endOf(pointAt(points, a)) - endOf(pointAt(points, b)) || a - b);
    this.alive = alivePoints(points, this.due);
    this.bits = optionalBits(points);
    this.deadEnds = new DeadEnds((state) => model.key(state));
  }

  run(limit: number): Search {
    const frames = [this.visit(this.model.initial, 0)];
    for (let top = frames.at(-1); top !== undefined; top = frames.at(-1)) {
      const { visited } = this;
      if (visited > limit) {
        return { verdict: "unknown", reason: `no linearization found within ${limit} states`, visited };
      }
      if (top.first === this.due.length) return { verdict: "ok", order: this.order, visited };
      const next = this.descend(top);
      if (next !== null) frames.push(next);
      else this.giveUp(frames.pop());
    }
    return this.violated();
  }

  /** The next situation from here that is not known to lead nowhere; null when there is none left. */
  private descend(frame: Frame<S>): Frame<S> | null {
    for (let choice = this.choose(frame); choice !== null; choice = this.choose(frame)) {
      this.place(choice.index);
      const next = this.visit(choice.state, frame.first);
      if (!this.deadEnds.has(next.placed, next.state, this.spent)) return next;
      this.undo();
    }
    return null;
  }

  /** The model is asked about a point only when its turn has come. */
  private choose(frame: Frame<S>): Choice<S> | null {
    for (;;) {
      const state = frame.states.next();
      if (state.done !== true) {
        frame.isDeadEnd = false;
        return { index: frame.asked, state: state.value };
      }
      const index = frame.candidates.pop();
      if (index === undefined) return null;
      this.ask(frame, index);
    }
  }

  private ask(frame: Frame<S>, index: number): void {
    const next = this.model.next(frame.state, pointAt(this.points, index).point);
    frame.asked = index;
    if ("states" in next) frame.states = next.states[Symbol.iterator]();
    if (frame.refusal === null || index === this.due[frame.first]) {
      frame.refusal = "refusal" in next ? next.refusal : noState;
    }
  }

  private visit(state: S, from: number): Frame<S> {
    this.visited += 1;
    let first = from;
    while (first < this.due.length && this.isPlaced[this.due[first] ?? -1] === true) first += 1;
    const alive = this.alive[first] ?? [];
    const candidates = alive.filter(
      (index) =>
        this.isPlaced[index] === false &&
        pointAt(this.points, index).after.every((before) => this.isPlaced[before] === true),
    );
    const told = alive.filter((index) => !this.bits.has(index));
    const placed = `${first}:${told.map((index) => (this.isPlaced[index] === true ? "1" : "0")).join("")}`;
    return {
      state,
      first,
      placed,
      candidates,
      asked: -1,
      states: [].values(),
      isDeadEnd: true,
      refusal: null,
    };
  }

  private giveUp(frame: Frame<S> | undefined): void {
    if (frame === undefined) return;
    this.deadEnds.add(frame.placed, frame.state, this.spent);
    if (frame.isDeadEnd && (this.furthest === null || this.furthest.rank < frame.first)) {
      this.furthest = { rank: frame.first, refusal: frame.refusal, order: [...this.order] };
    }
    this.undo();
  }

  private place(index: number): void {
    this.isPlaced[index] = true;
    this.order.push(index);
    this.spent |= this.bits.get(index) ?? 0n;
  }

  private undo(): void {
    const index = this.order.pop();
    if (index === undefined) return;
    this.isPlaced[index] = false;
    this.spent ^= this.bits.get(index) ?? 0n;
  }

  private violated(): Search {
    const { furthest, visited } = this;
    const at = this.due[furthest?.rank ?? -1];
    if (furthest?.refusal == null || at === undefined) {
      return { verdict: "unknown", reason: "the points have no possible order", visited };
    }
    return { verdict: "violated", at, refusal: furthest.refusal, order: furthest.order, visited };
  }
}

function optionalBits(points: readonly TimedPoint<unknown>[]): ReadonlyMap<number, bigint> {
  const needed = new Set(points.flatMap(({ after }) => after));
  const optional = [...points.keys()].filter(
    (index) => pointAt(points, index).respondedAt === null && !needed.has(index),
  );
  return new Map(optional.map((index, bit) => [index, 1n << BigInt(bit)]));
}

/** For each rank of `due`, the points that may be placed while that response is the first one due, the preferred one last.
 *  Every point placed by then was invoked by then, and every point that ended earlier is placed: so which of these are
 *  placed is all that distinguishes two situations. */
function alivePoints(
  points: readonly TimedPoint<unknown>[],
  due: readonly number[],
): readonly (readonly number[])[] {
  const byInvocation = [...points.entries()].sort(([, a], [, b]) => b.invokedAt - a.invokedAt);
  let alive: (readonly [number, TimedPoint<unknown>])[] = [];
  return due.map((index) => {
    const end = endOf(pointAt(points, index));
    for (
      let next = byInvocation.at(-1);
      next !== undefined && next[1].invokedAt <= end;
      next = byInvocation.at(-1)
    ) {
      alive.push(next);
      byInvocation.pop();
    }
    alive = alive
      .filter(([, point]) => endOf(point) >= end)
      .sort(([a, one], [b, other]) => other.preferredAt - one.preferredAt || b - a);
    return alive.map(([each]) => each);
  });
}

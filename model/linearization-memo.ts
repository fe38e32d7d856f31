interface DeadEnd<S> {
  readonly state: S;
  readonly spent: bigint;
}

interface SamePlaced<S> {
  /** By the state's key. */
  readonly spent: Map<string, bigint[]>;
  readonly unkeyed: DeadEnd<S>[];
}

/** The situations that lead nowhere (Lowe's memo): which points are placed, the state that they led to, and which optional
 *  ones were spent on the way, a bit each. Where nothing was found, nothing will be with more of them spent.
 *
 *  Almost always the first order is the witness and no situation is met twice, so a state's key is made only when there is
 *  another state to compare it with. */
export class DeadEnds<S> {
  private readonly byPlaced = new Map<string, SamePlaced<S>>();

  constructor(private readonly key: (state: S) => string) {}

  add(placed: string, state: S, spent: bigint): void {
    const same = this.byPlaced.get(placed) ?? { spent: new Map<string, bigint[]>(), unkeyed: [] };
    same.unkeyed.push({ state, spent });
    this.byPlaced.set(placed, same);
  }

  has(placed: string, state: S, spent: bigint): boolean {
    const same = this.byPlaced.get(placed);
    if (same === undefined) return false;
    for (const each of same.unkeyed.splice(0)) {
      const key = this.key(each.state);
      same.spent.set(key, [...(same.spent.get(key) ?? []), each.spent]);
    }
    return (same.spent.get(this.key(state)) ?? []).some((less) => (less & spent) === less);
  }
}

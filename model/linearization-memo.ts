/** The situations that lead nowhere: which points are placed, and the state that they led to (Lowe's memo). Almost always the
 *  first order is the witness and no situation is met twice, so a state's key is made only when there is another state to
 *  compare it with. */
export class DeadEnds<S> {
  private readonly byPlaced = new Map<string, { readonly keys: Set<string>; readonly unkeyed: S[] }>();

  constructor(private readonly key: (state: S) => string) {}

  add(placed: string, state: S): void {
    const known = this.byPlaced.get(placed);
    if (known === undefined) this.byPlaced.set(placed, { keys: new Set(), unkeyed: [state] });
    else known.unkeyed.push(state);
  }

  has(placed: string, state: S): boolean {
    const known = this.byPlaced.get(placed);
    if (known === undefined) return false;
    for (const each of known.unkeyed.splice(0)) known.keys.add(this.key(each));
    return known.keys.has(this.key(state));
  }
}

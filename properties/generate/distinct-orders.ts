/** The orders of the programs' steps that differ: each program's own order is kept, and of orders that come from each other by
 *  swapping neighbours that commute there is one (sleep sets, after Godefroid). Lazily, and always in the same order. */
export function* distinctOrders<T>(
  programs: readonly (readonly T[])[],
  commute: (a: T, b: T) => boolean,
): Generator<readonly T[]> {
  yield* ordersFrom(programs, new Set(), commute);
}

/** `asleep`: the programs whose next step, taken now, leads only to orders that were given before. */
function* ordersFrom<T>(
  programs: readonly (readonly T[])[],
  asleep: ReadonlySet<number>,
  commute: (a: T, b: T) => boolean,
): Generator<readonly T[]> {
  if (programs.every((program) => program.length === 0)) yield [];
  const before = new Set(asleep);
  for (const [index, [step, ...rest]] of programs.entries()) {
    if (step === undefined || asleep.has(index)) continue;
    const stillAsleep = [...before].filter((other) => {
      const next = programs[other]?.[0];
      return next !== undefined && commute(next, step);
    });
    for (const order of ordersFrom(programs.with(index, rest), new Set(stillAsleep), commute))
      yield [step, ...order];
    before.add(index);
  }
}

/** How many orders there are that keep each program's own: a multinomial. */
export function countOrders(lengths: readonly number[]): number {
  let orders = 1;
  let total = 0;
  for (const length of lengths) {
    for (let each = 1; each <= length; each += 1) {
      total += 1;
      orders = (orders * total) / each;
    }
  }
  return orders;
}

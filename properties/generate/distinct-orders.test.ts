import fc from "fast-check";
import { expect, test } from "vitest";
import { countOrders, distinctOrders } from "./distinct-orders.ts";

/** A step of a program on a thing; two steps commute where the things differ. */
interface Touch {
  readonly program: number;
  readonly place: number;
  readonly thing: number;
}

const commute = (a: Touch, b: Touch): boolean => a.thing !== b.thing;
const named = (order: readonly Touch[]): string =>
  order.map(({ program, place }) => `${program}.${place}`).join(" ");

function allOrders(programs: readonly (readonly Touch[])[]): readonly (readonly Touch[])[] {
  if (programs.every((program) => program.length === 0)) return [[]];
  return programs.flatMap(([step, ...rest], index) =>
    step === undefined ? [] : allOrders(programs.with(index, rest)).map((order) => [step, ...order]),
  );
}

/** All orders that come from one by swapping neighbours of different programs that commute. */
function classOf(order: readonly Touch[]): ReadonlySet<string> {
  const known = new Set([named(order)]);
  const left = [order];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const [index, step] of next.entries()) {
      const following = next[index + 1];
      if (following === undefined || step.program === following.program || !commute(step, following))
        continue;
      const swapped = next.with(index, following).with(index + 1, step);
      if (known.has(named(swapped))) continue;
      known.add(named(swapped));
      left.push(swapped);
    }
  }
  return known;
}

const programs = fc
  .array(fc.array(fc.nat(2), { maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((all) => all.map((things, program) => things.map((thing, place) => ({ program, place, thing }))));

test("of each class of orders there is exactly one, and none is left out", () => {
  fc.assert(
    fc.property(programs, (some) => {
      const given = [...distinctOrders(some, commute)];
      const all = allOrders(some);
      expect(all).toHaveLength(countOrders(some.map((program) => program.length)));
      const classes = given.map(classOf);
      for (const order of all) {
        expect(classes.filter((orders) => orders.has(named(order)))).toHaveLength(1);
      }
      expect(new Set(given.map(named)).size).toBe(given.length);
    }),
    { seed: 20_261_124, numRuns: 200 },
  );
});

test("where nothing commutes all orders are given, and where all does, one", () => {
  const two = [0, 1].map((program) => [0, 1].map((place) => ({ program, place, thing: program })));
  expect([...distinctOrders(two, () => false)]).toHaveLength(6);
  expect([...distinctOrders(two, () => true)].map(named)).toEqual(["0.0 0.1 1.0 1.1"]);
  expect([...distinctOrders([[], []], commute)]).toEqual([[]]);
  expect(countOrders([3, 3, 2])).toBe(560);
});

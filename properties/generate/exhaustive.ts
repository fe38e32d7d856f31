import seedrandom from "seedrandom";
import type { Schedule } from "../../sim/schedule.ts";
import { caseSeedOf, draw, hasYields, type Origin } from "./cases.ts";
import { commute, touching } from "./commute.ts";
import { countOrders, distinctOrders } from "./distinct-orders.ts";
import { type Programs, programsArbitrary, scheduleOf } from "./programs.ts";

/** Of all programs of a scope together. */
const mostSteps = 8;

/** The programs of which every order is played: two sessions of up to four steps, or three of up to two, and the clock. */
function scopeOf(origin: Origin, scope: number): Programs & { readonly yields: boolean } {
  const scopeSeed = caseSeedOf(origin, scope);
  const yields = hasYields(origin, scopeSeed);
  const isWide = origin.size.sessions > 2 && seedrandom(`wide ${scopeSeed}`)() < 1 / 3;
  const size = isWide ? { sessions: 3, steps: 2 } : { sessions: Math.min(2, origin.size.sessions), steps: 4 };
  const drawn = draw(programsArbitrary({ ...size, yields }), scopeSeed);
  const [clock, ...sessions] = drawn.programs.toReversed();
  const steps = sessions.reduce((sum, program) => sum + program.length, 0);
  const fits = steps + (clock?.length ?? 0) <= mostSteps;
  return { ...drawn, programs: fits ? drawn.programs : sessions.toReversed(), yields };
}

/** Every distinct order of the first scope, then of the next, without an end. */
function* allCases(origin: Origin): Generator<{ readonly scope: number; readonly schedule: Schedule }> {
  for (let scope = 0; ; scope += 1) {
    const { yields, ...programs } = scopeOf(origin, scope);
    for (const order of distinctOrders(programs.programs.map(touching), commute)) {
      const steps = order.map(({ step }) => step);
      yield { scope, schedule: scheduleOf(programs, steps, yields) };
    }
  }
}

/** Case `index` of an exhaustive search of small scopes. Quick where it is asked in ascending order. */
export function exhaustiveCases(origin: Origin): (index: number) => Schedule {
  let cases = allCases(origin);
  let position = 0;
  return (index) => {
    if (index < position) [cases, position] = [allCases(origin), 0];
    for (; position < index; position += 1) cases.next();
    position += 1;
    const next = cases.next();
    if (next.done === true) throw new Error("scopes have come to an end");
    return next.value.schedule;
  };
}

/** How far the first cases of an exhaustive search have come. */
export interface Exhausted {
  /** Scopes of which every distinct order is among them. */
  readonly scopes: number;
  /** The distinct orders of those. */
  readonly orders: number;
  /** All orders of those, the ones included that commuting steps make equal. */
  readonly allOrders: number;
}

export function exhausted(origin: Origin, cases: number): Exhausted {
  const ordersOf: number[] = [];
  let seen = 0;
  for (const { scope } of allCases(origin)) {
    // One further tells whether the last scope was complete.
    if (seen === cases) {
      const complete = ordersOf.slice(0, scope);
      const lengths = complete.map((_, each) => scopeOf(origin, each).programs.map(({ length }) => length));
      return {
        scopes: complete.length,
        orders: complete.reduce((sum, orders) => sum + orders, 0),
        allOrders: lengths.reduce((sum, each) => sum + countOrders(each), 0),
      };
    }
    ordersOf[scope] = (ordersOf[scope] ?? 0) + 1;
    seen += 1;
  }
  throw new Error("scopes have come to an end");
}

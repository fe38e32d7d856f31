import fc from "fast-check";
import { expect, test } from "vitest";
import { refuse } from "../../model/judgement.ts";
import { linearize, type SequentialModel, type TimedPoint } from "../../model/linearization.ts";

const seed = 20_260_102;

/** A register that is written, read, and added to: one or the value, as it pleases. */
interface Access {
  readonly kind: "write" | "read" | "add";
  readonly value: number;
}

const register: SequentialModel<number, Access> = {
  initial: 0,
  next: (state, { kind, value }) => {
    if (kind === "write") return { states: [value] };
    if (kind === "add") return { states: [state + 1, state + value] };
    return state === value
      ? { states: [state] }
      : { refusal: refuse("read: is the last write", String(state)) };
  },
  key: String,
};

type Point = TimedPoint<Access>;

/** Up to six points whose intervals overlap more or less; half of the points come after an earlier one of their program. */
const histories: fc.Arbitrary<readonly Point[]> = fc
  .array(
    fc.record({
      point: fc.record({ kind: fc.constantFrom("write", "read", "read", "add" as const), value: fc.nat(2) }),
      invokedAt: fc.nat(6),
      length: fc.nat(6),
      preferred: fc.nat(6),
      follows: fc.option(fc.nat(4)),
    }),
    { minLength: 1, maxLength: 6, size: "max" },
  )
  .map((drafts) =>
    drafts.map(({ point, invokedAt, length, preferred, follows }, index) => ({
      point,
      invokedAt,
      respondedAt: invokedAt + length,
      preferredAt: invokedAt + Math.min(preferred, length),
      after: follows !== null && follows < index ? [follows] : [],
    })),
  );

/** Every order in which each point comes within its interval, after its predecessors, and that the register allows. */
function* explanations(
  points: readonly Point[],
  order: readonly number[] = [],
  state = 0,
): Generator<readonly number[]> {
  if (order.length === points.length) yield order;
  for (const [index, each] of points.entries()) {
    if (order.includes(index) || !each.after.every((before) => order.includes(before))) continue;
    const overtakes = points.some(
      (other, place) => !order.includes(place) && other.respondedAt < each.invokedAt,
    );
    if (overtakes) continue;
    const next = register.next(state, each.point);
    if ("states" in next)
      for (const after of next.states) yield* explanations(points, [...order, index], after);
  }
}

/** Is there any such order? */
function possible(points: readonly Point[]): boolean {
  const { done } = explanations(points).next();
  return done !== true;
}

test(`finds an order exactly if brute force over all orders does (seed ${seed})`, () => {
  let [accepted, refused] = [0, 0];
  const agree = fc.property(histories, (points) => {
    const search = linearize(points, register, 1_000_000);
    if (possible(points)) accepted += 1;
    else refused += 1;
    expect(search.verdict === "ok").toBe(possible(points));
  });
  fc.assert(agree, { seed, numRuns: 3000 });
  expect(Math.min(accepted, refused)).toBeGreaterThan(300);
});

test(`the order that it gives is one of those (seed ${seed})`, () => {
  const witness = fc.property(histories, (points) => {
    const search = linearize(points, register, 1_000_000);
    if (search.verdict !== "ok") return;
    expect([...explanations(points)].map(String)).toContain(String(search.order));
  });
  fc.assert(witness, { seed, numRuns: 1000 });
});

test(`without the point that it names, and those that end later, there is an order; with it there is none (seed ${seed})`, () => {
  const furthest = fc.property(histories, (drawn) => {
    const points = drawn.map((each) => ({ ...each, after: [] }));
    const search = linearize(points, register, 1_000_000);
    if (search.verdict !== "violated") return;
    const byResponse = [...points.keys()].sort(
      (a, b) => (points[a]?.respondedAt ?? 0) - (points[b]?.respondedAt ?? 0) || a - b,
    );
    const rank = byResponse.indexOf(search.at);
    expect(reaches(points, byResponse.slice(0, rank))).toBe(true);
    expect(reaches(points, byResponse.slice(0, rank + 1))).toBe(false);
  });
  fc.assert(furthest, { seed, numRuns: 2000 });
});

/** Is there an order of some of the points that has all of these? The others were invoked, but need not have been answered. */
function reaches(points: readonly Point[], needed: readonly number[]): boolean {
  const end = Math.max(0, ...needed.map((index) => points[index]?.respondedAt ?? 0));
  const others = [...points.keys()].filter(
    (index) => !needed.includes(index) && (points[index]?.invokedAt ?? 0) <= end,
  );
  return subsets(others).some((some) => {
    return possible([...needed, ...some].flatMap((index) => points[index] ?? []));
  });
}

function subsets(items: readonly number[]): readonly (readonly number[])[] {
  return items.reduce<readonly (readonly number[])[]>(
    (all, item) => [...all, ...all.map((some) => [...some, item])],
    [[]],
  );
}

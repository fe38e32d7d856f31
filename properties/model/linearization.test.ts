import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refuse } from "../../model/judgement.ts";
import { linearize, type Search, type SequentialModel, type TimedPoint } from "../../model/linearization.ts";
import { explanations, isExplicable } from "./brute-force.ts";

const seed = 20_260_102;
const limit = 1_000_000;

/** Two registers that are written, read, and added to: one or the value, as it pleases. */
interface Access {
  readonly kind: "write" | "read" | "add";
  readonly register: "a" | "b";
  readonly value: number;
}

type Values = Readonly<Record<Access["register"], number>>;
type Point = TimedPoint<Access>;

const registers: SequentialModel<Values, Access> = {
  initial: { a: 0, b: 0 },
  next: (state, { kind, register, value }) => {
    const known = state[register];
    const to = (...values: readonly number[]) => ({
      states: values.map((each) => ({ ...state, [register]: each })),
    });
    if (kind === "write") return to(value);
    if (kind === "add") return to(known + 1, known + value);
    return known === value ? to(known) : { refusal: refuse("read: is the last write", String(known)) };
  },
  key: ({ a, b }) => `${a} ${b}`,
};

const splitRegisters = { ...registers, split: ({ register }: Access) => register };

/** Up to six points whose intervals overlap more or less; half of the points come after an earlier one of their program,
 *  and some were never answered. */
const histories: fc.Arbitrary<readonly Point[]> = fc
  .array(
    fc.record({
      point: fc.record({
        kind: fc.constantFrom("write", "read", "read", "add" as const),
        register: fc.constantFrom("a", "a", "b" as const),
        value: fc.nat(2),
      }),
      invokedAt: fc.nat(6),
      length: fc.nat(6),
      isAnswered: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
      preferred: fc.nat(6),
      follows: fc.option(fc.nat(4)),
    }),
    { minLength: 1, maxLength: 6, size: "max" },
  )
  .map((drafts) =>
    drafts.map(({ point, invokedAt, length, isAnswered, preferred, follows }, index) => ({
      point,
      invokedAt,
      respondedAt: isAnswered ? invokedAt + length : null,
      preferredAt: invokedAt + Math.min(preferred, length),
      after: follows !== null && follows < index ? [follows] : [],
    })),
  );

const unordered = histories.map((points) => points.map((point) => ({ ...point, after: [] })));

/** Checks a search of each history against its brute force; enough histories have an order, and enough have none. */
function agrees(
  description: string,
  drawn: fc.Arbitrary<readonly Point[]>,
  check: (points: readonly Point[], search: Search) => void,
  model = registers,
): void {
  test(`${description} (seed ${seed})`, () => {
    const verdicts = { ok: 0, violated: 0, unknown: 0 };
    const property = fc.property(drawn, (points) => {
      const search = linearize(points, model, limit);
      verdicts[search.verdict] += 1;
      check(points, search);
    });
    fc.assert(property, { seed, numRuns: 3000 });
    expect(Math.min(verdicts.ok, verdicts.violated)).toBeGreaterThan(300);
  });
}

describe("linearize", () => {
  agrees("finds an order exactly if brute force over all orders does", histories, (points, search) => {
    expect(search.verdict === "ok").toBe(isExplicable(points, registers));
  });

  agrees("gives an order that is one of those", histories, (points, search) => {
    if (search.verdict !== "ok") return;
    expect([...explanations(points, registers)].map(String)).toContain(String(search.order));
  });

  agrees(
    "names a point: without it, and those that end later, there is an order; with it there is none",
    unordered,
    (points, search) => {
      if (search.verdict !== "violated") return;
      const ends = points.map(({ respondedAt }) => respondedAt ?? Infinity);
      const isEarlier = (index: number) => {
        const [end = 0, ofNamed = 0] = [ends[index], ends[search.at]];
        return end < ofNamed || (end === ofNamed && index < search.at);
      };
      const reaches = (isNeeded: (index: number) => boolean) =>
        isExplicable(
          points.map((point, index) => (isNeeded(index) ? point : { ...point, respondedAt: null })),
          registers,
        );
      expect(reaches(isEarlier)).toBe(true);
      expect(reaches((index) => isEarlier(index) || index === search.at)).toBe(false);
    },
  );
});

describe("parts judged by themselves", () => {
  agrees(
    "give the verdict, the point and the refusal of the whole",
    unordered,
    (points, search) => {
      const whole = linearize(points, registers, limit);
      const told = (each: Search) => (each.verdict === "violated" ? [each.at, each.refusal] : [each.verdict]);
      expect(told(search)).toEqual(told(whole));
    },
    splitRegisters,
  );

  agrees(
    "give an order of the whole",
    unordered,
    (points, search) => {
      if (search.verdict !== "ok") return;
      expect([...explanations(points, registers)].map(String)).toContain(String(search.order));
    },
    splitRegisters,
  );
});

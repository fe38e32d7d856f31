import { expect, test } from "vitest";
import { caseOf } from "./cases.ts";

const size = { sessions: 8, steps: 40 };
const first = (seed: number) => Array.from({ length: 8 }, (_, index) => caseOf(seed, index, size));

test("the first eight cases of a seed are long, and of one session or two", () => {
  for (const { sessions, steps } of [1, 2, 3].flatMap(first)) {
    expect(steps.length).toBe(size.steps);
    expect([1, 2]).toContain(sessions.length);
  }
});

test("all but those about tables are of the plainest role and level", () => {
  const cases = [1, 2, 3].flatMap((seed) => first(seed).filter((_, index) => index % 4 !== 3));
  const specs = cases.flatMap(({ sessions }) =>
    sessions.map(({ role, isolation }) => `${role} ${isolation}`),
  );
  expect(new Set(specs)).toEqual(new Set(["symphony_control READ COMMITTED"]));
});

test("they keep to the number of sessions that a case may have", () => {
  for (let index = 0; index < 8; index += 1)
    expect(caseOf(1, index, { ...size, sessions: 1 }).sessions.length).toBe(1);
});

test("a case with yield points, or with a crash, is none of them", () => {
  const lengths = (yields: "always" | "never", crashes: "always" | "never") =>
    new Set(Array.from({ length: 8 }, (_, index) => caseOf(1, index, size, yields, crashes).steps.length));
  expect(lengths("always", "never").size).toBeGreaterThan(1);
  expect(lengths("never", "always").size).toBeGreaterThan(1);
});

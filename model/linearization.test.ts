import { describe, expect, test } from "vitest";
import { refuse } from "./judgement.ts";
import { linearize, type Search, type SequentialModel, type TimedPoint } from "./linearization.ts";

/** A key-value store: the classical subject of linearizability checkers, with nothing of the outbox in it. */
type Access =
  | { readonly kind: "put"; readonly key: string; readonly value: number }
  | { readonly kind: "get"; readonly key: string; readonly value: number };

const store: SequentialModel<ReadonlyMap<string, number>, Access> = {
  initial: new Map(),
  next: (state, { kind, key, value }) => {
    if (kind === "put") return { states: [new Map(state).set(key, value)] };
    const stored = state.get(key) ?? 0;
    return stored === value
      ? { states: [state] }
      : { refusal: refuse("get: returns the last put", String(stored)) };
  },
  key: (state) => JSON.stringify([...state].sort()),
};

/** A history drawn as time lines: each line an operation from its first "|" to its last, or to "?" where it was never
 *  answered; letters and number say what it does: px1 puts 1 under key x, gx1 gets it. */
function point(drawn: string, after: readonly number[] = []): TimedPoint<Access> {
  const [, kind, key, value] = /([pg])(\w)(\d)/.exec(drawn) ?? [];
  const invokedAt = drawn.indexOf("|");
  const respondedAt = drawn.endsWith("?") ? null : drawn.lastIndexOf("|");
  const access = { kind: kind === "p" ? "put" : "get", key: key ?? "", value: Number(value) } as const;
  return { point: access, invokedAt, respondedAt, preferredAt: respondedAt ?? drawn.length, after };
}

function search(points: readonly TimedPoint<Access>[], limit = 10_000): Search {
  return linearize(points, store, limit);
}

const drawn = (...lines: readonly string[]) => search(lines.map((line) => point(line)));

describe("a history is accepted", () => {
  test("when it is empty", () => {
    expect(search([])).toEqual({ verdict: "ok", order: [], visited: 1 });
  });

  test("when one order explains it, and that order is the witness", () => {
    // Three overlapping operations; the get saw the second put.
    const result = drawn("|--px1----------|", "  |---px2-----|   ", "      |gx2|      ");
    expect(result).toMatchObject({ verdict: "ok", order: [1, 2, 0] });
  });

  test("when a get overlaps the put that it does or does not see", () => {
    expect(drawn("|--px1--|", "  |gx0| ").verdict).toBe("ok");
    expect(drawn("|--px1--|", "  |gx1| ").verdict).toBe("ok");
  });

  test("when the gets of two keys need a put each, in the only order that there is", () => {
    expect(
      drawn("|----px1-----|", "|----py1-----|", "   |gx1|      ", "   |gy0|      ", "        |gy1| ").verdict,
    ).toBe("ok");
  });

  test("when intervals touch: they are closed", () => {
    expect(drawn("|px1|     ", "    |gx0|").verdict).toBe("ok");
    expect(drawn("|px1|      ", "     |gx0|").verdict).toBe("violated");
  });

  test("the preferred order is tried first", () => {
    const points = [point("|px1------|"), point("|px2------|")].map((each, index) => ({
      ...each,
      preferredAt: 1 - index,
    }));
    expect(search(points)).toMatchObject({ verdict: "ok", order: [1, 0] });
  });
});

describe("a history is refused", () => {
  test("when a get returns what an earlier put had replaced", () => {
    const result = drawn("|px1|            ", "      |px2|      ", "            |gx1|");
    expect(result).toMatchObject({ verdict: "violated", at: 2, order: [0, 1] });
  });

  test("when two gets in a row see two puts in opposite order", () => {
    const result = drawn(
      "|--px1---------|",
      "|--px2---------|",
      "   |gx1|        ",
      "        |gx2|   ",
      "             |gx1|",
    );
    expect(result.verdict).toBe("violated");
  });

  test("when a get goes back in time", () => {
    expect(drawn("|------px1------|", "  |gx1|        ", "        |gx0|  ")).toMatchObject({
      verdict: "violated",
      at: 2,
    });
  });

  test("at the first point, in order of responses, that no order reaches past, with its own refusal", () => {
    const result = drawn(
      "|px1|               ",
      "      |--gx7--|     ",
      "        |px2|       ",
      "               |gx9|",
    );
    expect(result).toMatchObject({
      verdict: "violated",
      at: 1,
      refusal: { expected: [expect.stringMatching(/^[12]$/)] },
    });
  });
});

describe("what was never answered", () => {
  test("may have happened at any time after its invocation, or never", () => {
    expect(drawn("|--px1--?", "          |gx1|")).toMatchObject({ verdict: "ok", order: [0, 1] });
    expect(drawn("|--px1--?", "          |gx0|")).toMatchObject({ verdict: "ok", order: [1] });
    expect(drawn("|--px1--?", "          |gx0|     ", "               |gx1|").verdict).toBe("ok");
  });
  test("happened once at most, and not before its invocation", () => {
    const undone = drawn("|--px1--?", "   |gx1|", "        |px2|", "             |gx1|");
    expect(undone).toMatchObject({ verdict: "violated", at: 3 });
    expect(drawn("|gx1|", "      |--px1--?")).toMatchObject({ verdict: "violated", at: 0 });
  });
  test("happened if something did that comes after it in its program", () => {
    const [lost, found] = [point("|--px1--?"), point("          |gx0|", [0])];
    expect(search([lost, found])).toMatchObject({ verdict: "violated", at: 1 });
    expect(
      search([
        { ...found, after: [1] },
        { ...lost, after: [] },
      ]),
    ).toMatchObject({ verdict: "violated" });
    const both = [lost, point("           |--px2--?", [0]), point("                    |gx2|")];
    expect(search(both)).toMatchObject({ verdict: "ok", order: [0, 1, 2] });
  });
});

describe("a model that splits", () => {
  const byKey = { ...store, split: ({ key }: Access) => key };
  const split = (points: readonly TimedPoint<Access>[], limit = 1000) => linearize(points, byKey, limit);
  const keys = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const puts = keys.flatMap((key) => [point(`|--p${key}1--|`), point(`|--p${key}2--|`)]);

  test("is judged part by part: what would be a product is a sum", () => {
    const points = [...puts, point("  |gc7|  ")];
    expect(search(points, 1000)).toMatchObject({ verdict: "unknown" });
    const result = split(points);
    expect(result).toMatchObject({ verdict: "violated", at: 16, order: [4, 5] });
    expect(result.visited).toBeLessThan(100);
  });
  test("has one order of all parts, in which time is kept", () => {
    const points = [
      point("            |px1|"),
      point("|py1|      "),
      point("     |gx0| "),
      point("  |gy0|   "),
    ];
    expect(split(points)).toMatchObject({ verdict: "ok", order: [3, 1, 2, 0] });
  });
  test("names the point that was answered first of those that no order reaches past", () => {
    const points = [point("     |gx7|"), point("|gy7|     "), point("  |gz0|   ")];
    expect(split(points)).toMatchObject({ verdict: "violated", at: 1 });
  });
  test("is unknown if one part is, and no other is violated", () => {
    expect(split([...puts, point("|gc7|")], 3)).toMatchObject({ verdict: "unknown" });
    expect(split([...puts, point("|gz7|")], 2)).toMatchObject({ verdict: "violated", at: 16 });
  });
  test("does not part what only its program keeps in order", () => {
    const apart = [point("|px1|      "), point("      |gy0|", [0])];
    expect(split(apart)).toMatchObject({ verdict: "ok", order: [0, 1] });
    expect(() => split([point("|px1|   "), point("    |gy0|", [0])])).toThrow(RangeError);
    expect(() => split([point("|px1?"), point("      |gy0|", [0])])).toThrow(RangeError);
  });
});

describe("the order of a program", () => {
  const put = "|-px1---|";
  const get = "|-gx0---|";
  test("is kept: what comes after does not come before", () => {
    expect(search([point(put), point(get)]).verdict).toBe("ok");
    expect(search([point(put), point(get, [0])]).verdict).toBe("violated");
    expect(search([point(get), point(put, [0])]).verdict).toBe("ok");
  });
  test("that goes in a circle has no order, and that is not a violation", () => {
    expect(search([point(put, [1]), point(put, [0])]).verdict).toBe("unknown");
  });
});

describe("the limit", () => {
  const writes = Array.from({ length: 8 }, (_, index) => point(`|----px${index + 1}----|`));
  const impossible = [...writes, point("|----gx9----|")];
  test("makes the verdict unknown, never ok", () => {
    expect(search(impossible, 50)).toMatchObject({ verdict: "unknown" });
    expect(search(writes, 3)).toMatchObject({ verdict: "unknown" });
    expect(search([], 0)).toMatchObject({ verdict: "unknown" });
  });
  test("is not met by eight writes in any order: equal situations are searched once", () => {
    // Without the memo there are 8! orders.
    expect(search(impossible, 10_000)).toMatchObject({ verdict: "violated", at: 8 });
  });
});

test("a model without a next state and without a word refuses as well", () => {
  const mute: SequentialModel<null, null> = { initial: null, next: () => ({ states: [] }), key: String };
  const at = { invokedAt: 0, respondedAt: 0, preferredAt: 0, after: [] };
  expect(linearize([{ point: null, ...at }], mute, 10)).toMatchObject({ verdict: "violated", at: 0 });
});

test("a point may lead to several states, and any of them may be the right one", () => {
  const coin: SequentialModel<number, "toss" | number> = {
    initial: 0,
    next: (state, point) => {
      if (point === "toss") return { states: [state + 1, state + 2] };
      return point === state ? { states: [state] } : { refusal: refuse("differs", String(state)) };
    },
    key: String,
  };
  const at = (when: number) => ({ invokedAt: when, respondedAt: when, preferredAt: when, after: [] });
  const tosses = (seen: number) =>
    linearize<number, "toss" | number>(
      [
        { point: "toss", ...at(0) },
        { point: "toss", ...at(1) },
        { point: seen, ...at(2) },
      ],
      coin,
      100,
    );
  expect([1, 2, 3, 4, 5].map((seen) => tosses(seen).verdict)).toEqual([
    "violated",
    "ok",
    "ok",
    "ok",
    "violated",
  ]);
});

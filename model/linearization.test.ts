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

/** A history drawn as time lines: each line an operation on key x from its first "|" or "(" to its last; the letter and
 *  number say what it does. */
function point(drawn: string, after: readonly number[] = []): TimedPoint<Access> {
  const [, kind, key, value] = /([pg])(\w)(\d)/.exec(drawn) ?? [];
  const invokedAt = drawn.indexOf("|");
  const respondedAt = drawn.lastIndexOf("|");
  const access = { kind: kind === "p" ? "put" : "get", key: key ?? "", value: Number(value) } as const;
  return { point: access, invokedAt, respondedAt, preferredAt: respondedAt, after };
}

function search(points: readonly TimedPoint<Access>[], limit = 10_000): Search {
  return linearize(points, store, limit);
}

const drawn = (...lines: readonly string[]) => search(lines.map((line) => point(line)));

describe("a history is accepted", () => {
  test("when it is empty", () => {
    expect(search([])).toEqual({ verdict: "ok", order: [] });
  });

  test("when one order explains it, and that order is the witness", () => {
    // Three overlapping operations; the get saw the second put.
    const result = drawn("|--px1----------|", "  |---px2-----|   ", "      |gx2|      ");
    expect(result).toEqual({ verdict: "ok", order: [1, 2, 0] });
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
    expect(search(points)).toEqual({ verdict: "ok", order: [1, 0] });
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

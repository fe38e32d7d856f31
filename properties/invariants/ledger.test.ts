import { describe, expect, test } from "vitest";
import { attempt, attempts, claim, claimed, ok, pending } from "../../model/fixtures.ts";
import { history } from "../history-builder.ts";
import { appendOnly } from "./append-only.ts";
import { attemptNumbering } from "./attempt-numbering.ts";
import { ceilingHolds } from "./ceiling.ts";
import { terminalUniqueness } from "./terminal-uniqueness.ts";

const looked = (
  rows: Parameters<ReturnType<typeof history>["look"]>[0],
  ledger: readonly ReturnType<typeof attempt>[],
) => history().look(rows, ledger);

describe("INV-06 terminal uniqueness", () => {
  const dispatched = (no: number) => attempt("r1", no, { state: "DISPATCHED" });
  const failed = (no: number) => attempt("r1", no, { state: "FAILED" });
  test("holds for one terminal attempt at the end, for each row", () => {
    const other = attempt("r2", 1, { state: "FAILED" });
    expect(looked([], [attempt("r1", 1), dispatched(2), other]).breaks(terminalUniqueness)).toBeNull();
  });
  test("is broken by a second one, and by any attempt after it", () => {
    const rule = "an attempt after the terminal one";
    expect(looked([], [dispatched(1), failed(2)]).breaks(terminalUniqueness)).toBe(rule);
    expect(looked([], [dispatched(2), failed(1)]).breaks(terminalUniqueness)).toBe(rule);
    expect(looked([], [dispatched(1), failed(1)]).breaks(terminalUniqueness)).toBe(rule);
    expect(looked([], [failed(1), attempt("r1", 2)]).breaks(terminalUniqueness)).toBe(rule);
  });
});

describe("INV-07 append-only", () => {
  const rule = "a row of attempts has changed or gone";
  const ledger = attempts("r1", 2);
  test("holds while rows are only added", () => {
    expect(history().look([]).look([], attempts("r1", 1)).look([], ledger).breaks(appendOnly)).toBeNull();
  });
  test("is broken by a row that is gone, or changed in any column", () => {
    expect(looked([], ledger).look([], attempts("r1", 1)).breaks(appendOnly)).toBe(rule);
    expect(looked([], ledger).look([]).breaks(appendOnly)).toBe(rule);
    const changed = [attempt("r1", 1, { railReference: "other" }), attempt("r1", 2)];
    expect(looked([], ledger).look([], changed).breaks(appendOnly)).toBe(rule);
  });
});

describe("INV-08 attempt numbering", () => {
  const gap = "attempts are not numbered 1..n";
  const count = "attempt_count is not the number of attempts";
  const row = (attemptCount: number) => pending("r1", { attemptCount });
  test("holds for 1..n in any order of the rows, and n on the pending row", () => {
    expect(looked([row(2)], attempts("r1", 2).toReversed()).breaks(attemptNumbering)).toBeNull();
    expect(looked([row(0)], []).breaks(attemptNumbering)).toBeNull();
  });
  test("is broken by a gap, a repeat, or a first number that is not 1", () => {
    expect(looked([], [attempt("r1", 1), attempt("r1", 3)]).breaks(attemptNumbering)).toBe(gap);
    expect(looked([], [attempt("r1", 1), attempt("r1", 1)]).breaks(attemptNumbering)).toBe(gap);
    expect(looked([], [attempt("r1", 2)]).breaks(attemptNumbering)).toBe(gap);
    expect(looked([], [attempt("r1", 0)]).breaks(attemptNumbering)).toBe(gap);
  });
  test("is broken by another count", () => {
    expect(looked([row(1)], attempts("r1", 2)).breaks(attemptNumbering)).toBe(count);
    expect(looked([row(1)], []).breaks(attemptNumbering)).toBe(count);
  });
});

describe("INV-09 ceiling", () => {
  const row = pending("r1");
  test("holds below the ceiling, and at it when the row has ended", () => {
    expect(looked([row], attempts("r1", 2)).breaks(ceilingHolds, 3)).toBeNull();
    expect(looked([], attempts("r1", 3)).breaks(ceilingHolds, 3)).toBeNull();
  });
  test("is broken by a row that stays pending at it", () => {
    expect(looked([row], attempts("r1", 3)).breaks(ceilingHolds, 3)).toBe("pending after the last attempt");
  });
  test("is broken by an attempt beyond it", () => {
    expect(looked([], attempts("r1", 4)).breaks(ceilingHolds, 3)).toBe("more attempts than the ceiling");
  });
  test("is broken by a committed claim too many", () => {
    const claims = (count: number, end: "commit" | "rollback") => {
      const events = history();
      for (let i = 0; i < count; i += 1)
        events
          .begin(0)
          .call(0, claim(), ok(claimed(row)))
          [end](0);
      return events.look([row]);
    };
    expect(claims(2, "commit").breaks(ceilingHolds, 2)).toBeNull();
    expect(claims(3, "commit").breaks(ceilingHolds, 2)).toBe("more claims than the ceiling");
    expect(claims(3, "rollback").breaks(ceilingHolds, 2)).toBeNull();
  });
  test("says nothing where the setting is bad", () => {
    expect(looked([row], attempts("r1", 30)).breaks(ceilingHolds, null)).toBeNull();
  });
});

import { describe, expect, test } from "vitest";
import { attempt, enqueue, fail, pending } from "../../model/fixtures.ts";
import { nothingObserved } from "../../model/observation.ts";
import { history } from "../history-builder.ts";
import { durability } from "./durability.ts";

const lost = "what was committed is lost in a crash";
const strange = "a crash brings what was not committed";
const [row, other] = [pending("r1"), pending("r2", { idempotencyKey: "2" })];

describe("INV-20 durability", () => {
  test("holds where the rows of all tables are the same before a crash and after it", () => {
    const ledger = [attempt("r3", 1)];
    expect(history().look([row], ledger).crash().look([row], ledger).breaks(durability)).toBeNull();
    expect(history().crash().look([]).breaks(durability)).toBeNull();
  });
  test("holds for what was in flight, or in an open transaction, and is gone", () => {
    const events = history().begin(0).invoke(1, enqueue()).crash().answer(1, fail("08006")).look([]);
    expect(events.breaks(durability)).toBeNull();
  });
  test("speaks of crashes alone", () => {
    expect(history().look([row]).look([other]).breaks(durability)).toBeNull();
    expect(history().look([row]).crash().look([row]).look([]).breaks(durability)).toBeNull();
  });
  test("is broken by a row that is gone, or is what it was before", () => {
    expect(history().look([row, other]).crash().look([row]).breaks(durability)).toBe(lost);
    const claimed = pending("r1", { attemptCount: 1 });
    expect(history().look([row]).look([claimed]).crash().look([row]).breaks(durability)).toBe(lost);
    const sequences = [{ participantId: "p", next: 2 }];
    const before = history().look([], [], { sequences });
    expect(before.crash().look([]).breaks(durability)).toBe(lost);
  });
  test("is broken by a row that was not committed", () => {
    // One counter for both.
    const sequences = [{ participantId: "p", next: 3 }];
    const before = history().look([row], [], { sequences });
    expect(before.crash().look([row, other], [], { sequences }).breaks(durability)).toBe(strange);
    expect(history().crash().look([row]).breaks(durability)).toBe(strange);
  });
  test("looks at every crash, and names the look after it", () => {
    const events = history().crash().look([row]).crash().look([row]).crash();
    expect(durability.check(events.look([]).timeline())?.event).toBe(1);
    const later = history().look([row]).crash().look([row]).crash().look([]);
    expect(durability.check(later.timeline())?.event).toBe(4);
  });
  test("knows every table", () => {
    for (const table of Object.keys(nothingObserved)) {
      const events = history().look([], [], { [table]: [{ id: "x" }] });
      expect(events.crash().look([]).breaks(durability)).toBe(lost);
    }
  });
});

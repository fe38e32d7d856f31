import { describe, expect, test } from "vitest";
import { claim, ok, pending } from "../../model/fixtures.ts";
import { history } from "../history-builder.ts";
import { liveness } from "./liveness.ts";

const rule = "rows are left that nobody brings to an end";
const row = pending("r1");

describe("INV-14 liveness", () => {
  test("holds where the closing phase leaves no row", () => {
    expect(history().look([row]).closing().look([]).breaks(liveness)).toBeNull();
    expect(history().look([]).closing().breaks(liveness)).toBeNull();
    expect(history().closing().breaks(liveness)).toBeNull();
  });
  test("is broken by a row that is left, at the last look", () => {
    const events = history().look([row]).closing().call(0, claim(), ok()).look([row]);
    expect(events.breaks(liveness)).toBe(rule);
    expect(liveness.check(events.timeline())?.event).toBe(4);
    // Nobody did anything about it.
    expect(history().look([row]).closing().breaks(liveness)).toBe(rule);
  });
  test("promises nothing before the phase, or where that was left out", () => {
    expect(history().look([row]).breaks(liveness)).toBeNull();
    expect(history().look([row]).closing("bad ceiling").breaks(liveness)).toBeNull();
  });
});

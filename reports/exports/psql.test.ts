import { expect, test } from "vitest";
import { recorded } from "../testing/recorded.ts";
import { psqlText } from "./psql.ts";
import { scriptOf } from "./script.ts";

test("a part for each terminal's set-up, and one for each step, in the order of the play", () => {
  const text = psqlText(scriptOf(recorded("claim-waits")));
  expect(text.match(/^-- (set-up|step \d+ of \d+), terminal \w+/gm)).toEqual([
    "-- set-up, terminal control",
    "-- set-up, terminal control",
    "-- set-up, terminal A",
    "-- set-up, terminal B",
    "-- step 1 of 6, terminal A",
    "-- step 2 of 6, terminal B",
    "-- step 3 of 6, terminal B",
    "-- step 4 of 6, terminal A",
    "-- step 5 of 6, terminal B",
    "-- step 6 of 6, terminal control",
  ]);
  expect(text).toMatch(
    /-> waits for B \(transactionid\)\n-- \^ this is wrong\nBEGIN;\n.*\nCOMMIT;\n\n-- step 5/,
  );
});

test("the clock is moved by its own terminal, and tokens go by name", () => {
  const text = psqlText(scriptOf(recorded("fence-at-expiry")));
  expect(text).toMatch(
    /^-- step 3 of 5, terminal control -+\n-- the clock goes to \+1\.000002s\nselect setval\('sim\.clock', 1767225601000002\);$/m,
  );
  expect(text).toContain("p_lease_token => sim.id('lease1')");
});

test.each(["crash", "terminate"] as const)("a %s is refused: no terminal outlives it", (kind) => {
  const found = recorded("fence-without-token");
  const step = kind === "crash" ? { kind } : { kind, session: 0 };
  const done = { step: 3, calls: [], ended: [] };
  const event =
    kind === "crash" ? { kind, ...done } : { kind: "fault" as const, fault: kind, session: 0, ...done };
  const schedule = { ...found.schedule, steps: [...found.schedule.steps, step] };
  const closing = found.history.events.findIndex((each) => each.kind === "closing");
  const events = found.history.events.toSpliced(closing, 0, event);
  const faulty = { ...found, schedule, history: { ...found.history, events } };
  expect(() => scriptOf(faulty)).toThrow("a script's sessions do not outlive that");
});

import { expect, it } from "vitest";
import { progressText } from "./progress-line.ts";

const progress = { runs: 431, steps: 8600, failing: 0, unknown: 0, reached: 90, shrinking: null };

it.each([
  [progress, 12, { runs: null, seconds: 60 }, "12 s: 431 cases (35.9/s), 8600 steps, 0 failing, 48 s left"],
  [progress, 10, { runs: 862, seconds: null }, "10 s: 431 cases (43.1/s), 8600 steps, 0 failing, 10 s left"],
  [
    { ...progress, failing: 2, unknown: 1 },
    61,
    { runs: null, seconds: 60 },
    "61 s: 431 cases (7.1/s), 8600 steps, 2 failing, 1 unknown, 0 s left",
  ],
  [{ ...progress, shrinking: "INV-05: x" }, 5, { runs: 9, seconds: null }, "5 s: shrinking INV-05: x"],
  [{ ...progress, runs: 0 }, 0, { runs: 9, seconds: null }, "0 s: 0 cases (0.0/s), 8600 steps, 0 failing"],
])("progress: %o", (now, elapsed, goal, text) => {
  expect(progressText(now, elapsed, goal)).toBe(text);
});

import pico from "picocolors";
import { expect, it } from "vitest";
import { emptyCoverage } from "../../properties/coverage.ts";
import { coverageText } from "./coverage-text.ts";

const style = pico.createColors(false);

it("coverage: counts by group, what was not reached marked, 80 columns", () => {
  const coverage = {
    claim: { "one row": 12_345, "several rows": 0, "no rows": 7 },
    landmarks: { "lock wait": 3, "lock got after the lease's expiry": 0, "zombie completion refused": 21 },
  };
  expect(coverageText(coverage, style)).toMatchInlineSnapshot(`
    "┌────────────────┬─────────────────────────────────────────────────────────────┐
    │                │ reached                                                     │
    ├────────────────┼─────────────────────────────────────────────────────────────┤
    │ claim          │ one row 12,345, several rows 0!, no rows 7                  │
    ├────────────────┼─────────────────────────────────────────────────────────────┤
    │ landmarks      │ lock wait 3, lock got after the lease's expiry 0!,          │
    │                │ zombie completion refused 21                                │
    └────────────────┴─────────────────────────────────────────────────────────────┘
    4 of 6 were reached; ! marks what was not
    "
  `);
  expect(coverageText(emptyCoverage(), style)).toMatch(/^0 of \d+ were reached; ! marks what was not$/m);
  expect(coverageText({ isolation: { SERIALIZABLE: 1 } }, style)).toContain("all 1 were reached");
  expect(
    Math.max(
      ...coverageText(emptyCoverage(), style)
        .split("\n")
        .map((line) => line.length),
    ),
  ).toBe(80);
});

import { expect, test } from "vitest";
import type { FuzzResult } from "../schema/json/fuzz-result.ts";
import { jobSummary } from "./job-summary.ts";

const result = { verdict: "ok", runs: 2, steps: 30, seconds: 1.25, seed: 7, failures: [] };

test("says what was played", () => {
  expect(jobSummary(result as unknown as FuzzResult)).toBe(
    "### fuzz: ok\n\n2 cases, 30 steps in 1.3 s, seed 7\n",
  );
});

test("lists each failure, its text never taken for markup", () => {
  const failures = [{ signature: "INV-01: <b>|x|</b>", steps: 3, replay: "out/a.json" }];
  const text = jobSummary({ ...result, verdict: "violated", failures } as unknown as FuzzResult);
  expect(text).toContain("| INV&#45;01: &#60;b&#62;&#124;x&#124;&#60;/b&#62; | 3 | out/a.json |");
});

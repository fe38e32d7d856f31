import { expect, test } from "vitest";
import { yieldBugs } from "../../properties/planted/yield-bugs.ts";
import { yieldsMarkdown } from "./yields-markdown.ts";

test("the page tells what was found in each way, in how many schedules, and how it was made", () => {
  const found = { signature: "a: b", schedules: 7, seconds: 1.26, unknown: 0 };
  const missed = { signature: null, schedules: 100, seconds: 9, unknown: 2 };
  const [bug] = yieldBugs;
  if (bug === undefined) throw new Error("no bug");
  const rows = [
    { bug, withYields: found, withoutYields: missed },
    { bug: null, withYields: missed, withoutYields: missed },
  ];
  const page = yieldsMarkdown(rows, {
    ...{ seed: 5, runs: 100, sessions: 3, steps: 40, lanes: 1 },
    ...{ postgres: "18.4", date: "2026-01-02", machine: "2 cores" },
  });
  expect(page).toContain(
    `| \`${bug.id}\` | ${bug.description} | found after 7 schedules, 1.3 s: a: b | not found in 100 schedules, 9.0 s, 2 of them unknown |`,
  );
  expect(page).toContain("| none | our own migrations | not found in 100");
  expect(page).toContain("--seed 5 --runs 100 --sessions 3 --steps 40 --lanes 1`");
  expect(page).toContain("on 2026-01-02, 2 cores, PostgreSQL 18.4.");
});

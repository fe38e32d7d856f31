import { expect, test } from "vitest";
import { plantedBugs } from "../../properties/planted/bugs.ts";
import { baselinesMarkdown } from "./page.ts";
import type { Way } from "./way.ts";

const find = () => Promise.reject(new Error("not to be played"));
const ways: readonly Way[] = [
  { id: "ours", counts: "cases", find },
  { id: "other", counts: "rounds", find },
];
const found = (schedules: number, seconds: number) => ({ signature: "a|b", schedules, seconds, unknown: 0 });
const missed = (unknown: number) => ({ signature: null, schedules: 300, seconds: 10, unknown });

test("the page tells how many bugs each way found, alone and sooner, and each bug by which", () => {
  const [first, second, third, fourth, fifth] = plantedBugs;
  if (!first || !second || !third || !fourth || !fifth) throw new Error("no bugs");
  const rows = [
    { bug: null, hunts: [missed(0), found(3, 2)] },
    { bug: first, hunts: [found(4, 0.5), found(7, 0.25)] },
    { bug: second, hunts: [found(9, 2), missed(2)] },
    { bug: third, hunts: [found(8, 1), found(2, 3)] },
    { bug: fourth, hunts: [missed(0), missed(0)] },
    { bug: fifth, hunts: [found(5, 3), found(2, 4)] },
  ];
  const page = baselinesMarkdown(ways, rows, {
    ...{ seed: 5, seconds: 10, sessions: 8, steps: 40, lanes: 1 },
    ...{ postgres: "18.4", date: "2026-01-02", machine: "2 cores" },
  });
  expect(page).toContain("| ours | 4 | 1 | 1.00 |  | 17 | nothing in 300 cases, 10 s |");
  expect(page).toContain("| other | 3 | 0 | 3.00 | 1 of 3 | 27 | **false alarm**: a\\|b in 3 rounds, 2 s |");
  expect(page).toContain(`Found by none: ${fourth.id}.`);
  expect(page).toContain(`| ${first.id} | ${first.needs.join(", ")} | 0.50 (4) | **0.25** (7) |`);
  expect(page).toContain(`| ${second.id} | ${second.needs.join(", ")} | **2.00** (9) | -, 2 unknown |`);
  expect(page).toContain(
    "--seed 5 --seconds 10 --sessions 8 --steps 40 --lanes 1 --markdown docs/baselines.md`",
  );
  expect(page).toContain("on 2026-01-02, 2 cores, PostgreSQL 18.4.");
});

test("where our own migrations were not played it says so", () => {
  const page = baselinesMarkdown(ways, [], {
    ...{ seed: 5, seconds: 10, sessions: 8, steps: 40, lanes: 1 },
    ...{ postgres: "18.4", date: "2026-01-02", machine: "2 cores" },
  });
  expect(page).toContain("| ours | 0 | 0 | - |  | 0 | not played |");
});

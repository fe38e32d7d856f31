import { expect, test } from "vitest";
import { plantedBugs } from "../../properties/planted/bugs.ts";
import { strategyWays } from "../../properties/planted/ways.ts";
import { waysMarkdown } from "./ways-markdown.ts";

test("the page tells for each way how many bugs it found and how soon, and for each bug by which", () => {
  const [first, second] = plantedBugs;
  const ways = strategyWays.slice(0, 2);
  if (first === undefined || second === undefined) throw new Error("no bugs");
  const found = (schedules: number, seconds: number) => ({ signature: "a", schedules, seconds, unknown: 0 });
  const missed = { signature: null, schedules: 300, seconds: 10, unknown: 2 };
  const rows = [
    { bug: first, hunts: [found(4, 0.5), found(7, 0.25)] },
    { bug: second, hunts: [found(9, 2), missed] },
  ];
  const page = waysMarkdown(ways, rows, {
    ...{ title: "Ways", option: "--compare-strategies docs/ways.md", seed: 5 },
    ...{ limit: "seconds" as const, most: 10 },
    ...{ sessions: 8, steps: 40, lanes: 2, postgres: "18.4", date: "2026-01-02", machine: "2 cores" },
  });
  expect(page).toContain("| swarm | 2 of 2 | 4 | 0.50 | 3 |");
  expect(page).toContain("| random | 1 of 2 | 7 | 0.25 | 10 |");
  expect(page).toContain(`- random: misses 1 (${second.id}); finds none more`);
  expect(page).toContain(`| ${second.id} | 9 | -, 2 unknown |`);
  expect(page).toContain(
    "--compare-strategies docs/ways.md --seed 5 --seconds 10 --sessions 8 --steps 40 --lanes 2`",
  );
});

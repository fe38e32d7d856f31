import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mutantsResultFaults } from "../reports/schema.ts";
import type { MutantsResult } from "../schema/json/mutants-result.ts";
import { runCli, temporaryFolder } from "./testing/run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("mutants", () => {
  it("finds what was planted, and says how soon and how small: one document, valid by its schema, and a page", async () => {
    const page = join(folder, "recall.md");
    const { code, stdout } = await runCli([
      ...["mutants", "notify-on-repeat", "fence-without-token", "--clean-runs", "5", "--replays", "1"],
      ...["--json", "--markdown", page],
    ]);
    const result = JSON.parse(stdout) as MutantsResult;
    expect(mutantsResultFaults(result)).toEqual([]);
    expect(result.bugs.map(({ id }) => id)).toEqual(["notify-on-repeat", "fence-without-token"]);
    expect(result.bugs[0]?.trials).toMatchObject([{ found: true, steps: 2, reproduced: 1, replays: 1 }]);
    expect(result.clean[0]).toMatchObject({
      change: null,
      trials: [{ found: false, verdict: "ok", schedules: 5 }],
    });
    expect([...result.bugs, ...result.clean].map(({ yields }) => yields)).toEqual([
      "never",
      "never",
      ...result.clean.map(() => "mix"),
    ]);
    expect(result).toMatchObject({ verdict: "complete", summary: { found: 2, falseAlarms: [] } });
    expect(code).toBe(0);
    expect(readFileSync(page, "utf8")).toMatch(/^\| fence-without-token \|.*\| yes \|/m);
  });

  it("fails where a bug is not found", async () => {
    const { code, stdout } = await runCli([
      "mutants",
      "claim-by-creation",
      "--runs",
      "1",
      "--clean-runs",
      "0",
    ]);
    expect(stdout).toContain("not always found: claim-by-creation");
    expect(stdout).toContain("incomplete: 0 of 1 planted bugs found");
    expect(code).toBe(1);
  });

  it.each([
    ["--compare-strategies", ["swarm", "random", "pct", "exhaustive", "guided"]],
    ["--ablation", ["all", "without the model", "without yields", "without clock jumps", "without ticks"]],
  ])("compares ways to look for bugs at equal time: %s", async (option, ways) => {
    const page = join(folder, "ways.md");
    const { code, stdout } = await runCli([
      ...["mutants", "claim-one-more", option, page],
      ...["--seconds", "1", "--runs", "20", "--lanes", "1"],
    ]);
    expect(stdout).toContain("1 of 1 trees played");
    for (const way of ways)
      expect(readFileSync(page, "utf8")).toMatch(new RegExp(`^\\| ${way} \\| [01] of 1 `, "m"));
    expect(code).toBe(0);
  });

  it("compares what is found with yield points and without, on a page", async () => {
    const page = join(folder, "yields.md");
    const { code, stdout } = await runCli([
      ...["mutants", "claim-locks-without-recheck", "--compare-yields", page],
      ...["--seed", "7", "--sessions", "3", "--runs", "30"],
    ]);
    expect(stdout).toContain("2 of 2 trees played");
    expect(code).toBe(0);
    const text = readFileSync(page, "utf8");
    expect(text).toMatch(
      /^\| `claim-locks-without-recheck` .*\| found after .* \| not found in \d+ schedules/m,
    );
    expect(text).toMatch(/^\| none \| our own migrations \| not found in 30 schedules/m);
  });

  it("has nothing to compare where no bug is between two statements", async () => {
    const { code, stderr } = await runCli([
      "mutants",
      "claim-waits",
      "--compare-yields",
      join(folder, "none.md"),
    ]);
    expect(stderr).toContain("none of these bugs is one between two statements");
    expect(code).toBe(2);
  });

  it("refuses a bug that there is not, by name", async () => {
    const { code, stderr } = await runCli(["mutants", "no-such-bug"]);
    expect(stderr).toContain("no planted bug no-such-bug; there are active-with-end, ");
    expect(code).toBe(2);
  });
});

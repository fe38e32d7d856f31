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

  it("refuses a bug that there is not, by name", async () => {
    const { code, stderr } = await runCli(["mutants", "no-such-bug"]);
    expect(stderr).toContain("no planted bug no-such-bug; there are active-with-end, ");
    expect(code).toBe(2);
  });
});

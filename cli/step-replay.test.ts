import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordedFile } from "../reports/testing/recorded.ts";
import { plantedMigrations } from "./testing/planted-migrations.ts";
import { type Ended, runCli, startCli, temporaryFolder } from "./testing/run-cli.ts";
import { ownMigrations } from "./own-migrations.ts";

const recorded = recordedFile("claim-waits");

let folder: string;
let migrations: string;
beforeAll(async () => {
  folder = temporaryFolder();
  migrations = await plantedMigrations(join(folder, "migrations"), "claim-waits");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function step(subject: string, ...commands: readonly string[]): Promise<Ended> {
  const running = startCli(["replay", recorded, "--migrations", subject, "--anyway", "--step"], {}, "open");
  running.process.stdin?.end(commands.map((command) => `${command}\n`).join(""));
  return running.ended;
}

describe("replay --step", () => {
  it("goes on and back, and shows rows, locks, the model and where sessions stand", async () => {
    const { code, stdout } = await step(
      migrations,
      "n",
      "run",
      "tables",
      "locks",
      "model",
      "where",
      "back",
      "q",
    );
    expect(stdout.split("\n").filter((line) => /^(before|after)/.test(line))).toEqual([
      "before the first step",
      "after step 1 of 4",
      "after step 4 of 4",
      "after step 3 of 4",
    ]);
    expect(stdout).toMatch(/after step 4 of 4\n {2}A {2}claim .*\n {5}-> waits for B \(transactionid\)/);
    expect(stdout).toMatch(/^ {2}pending: outboxId=row1 .*attemptCount=0/m);
    expect(stdout).toMatch(/^ {2}pending: instructionId=a .*outboxId=row1/m);
    expect(stdout).toContain("  A waits for transactionid ShareLock\n");
    expect(stdout).toContain("  B holds relation payment_outbox_pending RowExclusiveLock\n");
    expect(stdout).toMatch(/^ {2}A {2}waits for B: claim/m);
    expect(stdout).toMatch(/^psql -h /m);
    expect(stdout).not.toContain("this is not what the file says");
    expect(code).toBe(0);
  });

  it("says where other migrations go another way, and what it does not know; the input's end ends it", async () => {
    const { code, stdout } = await step(ownMigrations, "run 4", "run 5", "leap");
    expect(stdout).toContain("this is not what the file says");
    expect(stdout).toContain("there are steps 1 to 4");
    expect(stdout).toContain('no command "leap"');
    expect(code).toBe(0);
  });

  it.each([["--json"], ["--keep"]])("refuses %s beside it: exit 2", async (option) => {
    const { code, stderr } = await runCli(["replay", recorded, "--anyway", "--step", option]);
    expect(stderr).toContain("--step");
    expect(code).toBe(2);
  });
});

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { recordedFile } from "../reports/testing/recorded.ts";
import { runCli, temporaryFolder } from "./testing/run-cli.ts";

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("--export writes on stdout, or into a file, and starts no server: exit 0", async () => {
  const path = recordedFile("claim-waits");
  const printed = await runCli(["replay", path, "--export", "spec"]);
  expect(printed).toMatchObject({ code: 0, stderr: "" });
  expect(printed.stdout).toMatch(/^# INV-15 no waiting: claim waits for a lock$/m);
  expect(printed.stdout).toMatch(/^ {2}A4_claim\(B_end_commit\)$/m);
  const file = join(folder, "case.spec");
  const written = await runCli(["replay", path, "--export", "spec", "--output-file", file]);
  expect(written).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(readFileSync(file, "utf8")).toBe(printed.stdout);
});

test("stops inside functions need the functions, so the file's migrations: exit 2", async () => {
  const { code, stderr } = await runCli([
    "replay",
    recordedFile("claim-in-two-statements"),
    "--export",
    "spec",
  ]);
  expect(stderr).toContain("was found on other migrations");
  expect(code).toBe(2);
});

test.each([
  [["--output-file", "x"], "--output-file is for --export"],
  [["--export", "spec", recordedFile("claim-waits")], "--export writes one file's case"],
  [["--export", "pdf"], "Allowed choices are"],
])("refuses %j: exit 2", async (args, says) => {
  const { code, stderr } = await runCli(["replay", recordedFile("fence-at-expiry"), ...args]);
  expect(stderr).toContain(says);
  expect(code).toBe(2);
});

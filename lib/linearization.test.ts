import { linearize as exported } from "counterpoint/linearization";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { linearize as inside } from "../model/linearization.ts";

const root = join(import.meta.dirname, "..");

test("the example of docs/linearization.md runs where the package is installed by path, and prints what it says", async () => {
  const page = await readFile(join(root, "docs/linearization.md"), "utf8");
  const block = (language: string) => page.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";
  const folder = await mkdtemp(join(tmpdir(), "counterpoint-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(root, join(folder, "node_modules/counterpoint"));
    await writeFile(join(folder, "example.mjs"), block("js"));
    const { stdout } = await promisify(execFile)(process.execPath, ["example.mjs"], { cwd: folder });
    expect(stdout).not.toBe("");
    expect(stdout).toBe(block("text"));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("what is exported has the types that it has inside", () => {
  const [outer, inner]: [typeof inside, typeof exported] = [exported, inside];
  const model = { initial: 0, next: () => ({ states: [] }), key: String };
  expect(outer([], model, 1)).toEqual(inner([], model, 1));
});

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { superuser } from "../../../sim/database/embedded/cluster.ts";
import type { EmbeddedServer } from "../../../sim/database/embedded/provider.ts";

const modules = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/** Runs a test file with the real vitest, in a folder that has nothing else, on a database of the server. */
export function runVitest(
  { socketFolder }: EmbeddedServer,
  database: string,
  text: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  symlinkSync(modules, join(folder, "node_modules"));
  writeFileSync(join(folder, "case.test.ts"), text);
  const url = `postgresql://${superuser}@localhost/${database}?host=${encodeURIComponent(socketFolder)}`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(modules, "vitest", "vitest.mjs"), "run", "--root", folder], {
      env: { ...process.env, DATABASE_URL: url, NO_COLOR: "1", FORCE_COLOR: undefined },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => (output += part));
    child.on("close", (code) => {
      rmSync(folder, { recursive: true });
      resolve({ code, output });
    });
  });
}

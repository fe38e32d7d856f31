import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { say } from "./output.ts";
import { writeReport } from "./write-report.ts";

/** Writes a page into a folder of its own and opens it there with what the system opens pages with: that goes on when this
 *  process has ended, so the page stays. Resolves to its path. */
export async function openPage(html: string, name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "counterpoint-report-"));
  const path = join(folder, `${name}.html`);
  await writeReport(path, html);
  const opener = process.platform === "darwin" ? "open" : "xdg-open";
  if (!(await starts(opener, path))) say(`note: there is no ${opener} here; open the page in a browser`);
  return path;
}

function starts(command: string, path: string): Promise<boolean> {
  const child = spawn(command, [path], { detached: true, stdio: "ignore" });
  child.unref();
  return new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("spawn", () => resolve(true));
  });
}

import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Evidence } from "../schema/json/evidence.ts";

const packageFolder = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

/** The commit that this package is checked out at, and whether its files differ. Null where it is no checkout of its own:
 *  installed into another project, whose commit says nothing of it, or without git. */
export async function gitCheckout(): Promise<Evidence["git"]> {
  try {
    const folder = await git("rev-parse", "--show-toplevel");
    if ((await realpath(folder)) !== (await realpath(packageFolder))) return null;
    const commit = await git("rev-parse", "--verify", "HEAD");
    return { commit, modified: (await git("status", "--porcelain")) !== "" };
  } catch {
    return null;
  }
}

async function git(...args: readonly string[]): Promise<string> {
  return (await run("git", ["-C", packageFolder, ...args])).stdout.trim();
}

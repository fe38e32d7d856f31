import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Counterexample } from "../../properties/counterexample.ts";
import { parseReplay, recordedIn } from "../replay-file.ts";

const folder = fileURLToPath(new URL("recorded", import.meta.url));

/** Planted bugs whose counterexamples were found and shrunk on PostgreSQL 18, as their replay files have them. */
export const recordedBugs: readonly string[] = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));

/** The path of its replay file. */
export function recordedFile(bug: string): string {
  return `${folder}/${bug}.json`;
}

export function recorded(bug: string): Counterexample {
  return recordedIn(parseReplay(readFileSync(recordedFile(bug), "utf8")));
}

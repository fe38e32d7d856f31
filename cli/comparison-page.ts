import { availableParallelism } from "node:os";
import type { Occasion } from "../reports/recall/recall-markdown.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Interruption } from "./interruption.ts";
import { print } from "./output.ts";
import { writeReport } from "./write-report.ts";

/** A page about trees with planted bugs, and what is to be said of it on stdout. */
export interface ComparisonPage {
  readonly path: string;
  readonly text: string;
  /** Trees that were to be played, and that were. */
  readonly trees: number;
  readonly played: number;
  /** A line for each tree that is not as its description says. */
  readonly wrong: readonly string[];
  /** Schedules that could not be judged. */
  readonly unknown: number;
}

/** Writes the page and says how it went. Resolves to the exit code. */
export async function finishPage(page: ComparisonPage, interruption: Interruption): Promise<number> {
  const { path, text, trees, played, wrong, unknown } = page;
  await writeReport(path, text);
  for (const line of wrong) print(`${line}\n`);
  print(`${played} of ${trees} trees played; ${path}\n`);
  const code = played < trees || unknown > 0 ? exitCodes.unknown : exitCodes.ok;
  return interruption.exitCode() ?? (wrong.length > 0 ? exitCodes.violated : code);
}

/** Here and today. */
export function occasion(): Occasion {
  return { date: new Date().toISOString().slice(0, 10), machine: `${availableParallelism()} cores` };
}

import type { FuzzResult } from "../../schema/json/fuzz-result.ts";
import type { Finding } from "./findings.ts";
import { plainLine } from "./plain-text.ts";

/** Where a finding is shown. */
export interface FilePlace {
  /** Plain (plainLine). From the working directory, or absolute. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** The function that it concerns, in its migration; else the replay file; else the last migration, which is what a campaign
 *  is about. */
export function placeOf({ concerns, replay }: Finding, result: FuzzResult): FilePlace {
  const { migrations, migrationsFolder } = result;
  const inMigrations = (file: string): string => plainLine(`${migrationsFolder.path}/${file}`);
  if (concerns !== null) return { path: inMigrations(concerns.file), line: concerns.line };
  return { path: replay ?? inMigrations(migrations.at(-1)?.version ?? ""), line: 1 };
}

import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { plantedBugs } from "../../properties/planted/bugs.ts";
import { plant, type PlantedBug } from "../../properties/planted/planted-bug.ts";
import { ownMigrations } from "../own-migrations.ts";

/** A copy of our migrations with one of the planted bugs. Returns the folder. */
export async function plantedMigrations(folder: string, id: string): Promise<string> {
  const bug = plantedBugs.find((each) => each.id === id);
  if (bug === undefined) throw new Error(`no planted bug ${id}`);
  return copyMigrationsWith(bug, folder);
}

/** A copy of our migrations with this change. Returns the folder. */
export async function copyMigrationsWith(
  change: Pick<PlantedBug, "id" | "edits">,
  folder: string,
): Promise<string> {
  await cp(ownMigrations, folder, { recursive: true });
  const texts = new Map<string, string>();
  for (const { file } of change.edits) texts.set(file, await readFile(join(folder, file), "utf8"));
  for (const [file, text] of plant(change, (name) => texts.get(name) ?? ""))
    await writeFile(join(folder, file), text);
  return folder;
}

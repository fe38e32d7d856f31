import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { plantedBugs } from "../../properties/planted/bugs.ts";
import { plant } from "../../properties/planted/planted-bug.ts";
import { ownMigrations } from "../own-migrations.ts";

/** A copy of our migrations with one planted bug. Returns the folder. */
export async function plantedMigrations(folder: string, id: string): Promise<string> {
  const bug = plantedBugs.find((each) => each.id === id);
  if (bug === undefined) throw new Error(`no planted bug ${id}`);
  await cp(ownMigrations, folder, { recursive: true });
  const texts = new Map<string, string>();
  for (const { file } of bug.edits) texts.set(file, await readFile(join(folder, file), "utf8"));
  for (const [file, text] of plant(bug, (name) => texts.get(name) ?? ""))
    await writeFile(join(folder, file), text);
  return folder;
}

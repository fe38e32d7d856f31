import { plantedBugs } from "../../../properties/planted/bugs.ts";
import { plant } from "../../../properties/planted/planted-bug.ts";
import type { Migration } from "../../../sim/database/migrations.ts";
import { migrationsWith } from "../../../sim/testing/embedded-stage.ts";

/** Our own migrations with that bug planted. */
export async function plantedMigrations(id: string): Promise<readonly Migration[]> {
  const own = await migrationsWith(new Map());
  const bug = plantedBugs.find((each) => each.id === id);
  if (bug === undefined) throw new Error(`no planted bug ${id}`);
  return migrationsWith(plant(bug, (file) => own.find(({ version }) => version === file)?.text ?? ""));
}

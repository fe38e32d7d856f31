import { isAbsolute, relative } from "node:path";
import type { MigrationsFolder } from "../schema/json/fuzz-result.ts";
import { ownMigrations } from "./own-migrations.ts";
import type { TargetOptions } from "./target-options.ts";

/** How documents name the folder: from the working directory where it is below that, as CI looks for files; else as it was
 *  given. */
export function migrationsFolder({ migrations }: Pick<TargetOptions, "migrations">): MigrationsFolder {
  const path = relative(process.cwd(), migrations);
  const below = path !== "" && !path.startsWith("..") && !isAbsolute(path);
  return { path: below ? path : migrations, own: migrations === ownMigrations };
}

import { ownMigrations } from "./own-migrations.ts";
import type { TargetOptions } from "./target-options.ts";

/** A line to paste into a shell that replays a file on the same subject. Never the server's URL: it may hold a password,
 *  and the embedded server shows the same. */
export function replayCommandLine(path: string, options: TargetOptions): string {
  return `npx counterpoint replay ${quoted(path)}${migrationsOption(options)}`;
}

/** The option that names the subject again, with a blank before it; empty for the package's own migrations. */
export function migrationsOption({ migrations }: TargetOptions): string {
  return migrations === ownMigrations ? "" : ` --migrations ${quoted(migrations)}`;
}

function quoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

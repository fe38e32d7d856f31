import { onDatabase, type OwnDatabase } from "../../sim/database/own-database.ts";
import { quoteIdentifier, quoteLiteral } from "../../sim/database/quote.ts";
import { installReset } from "../../sim/database/reset.ts";
import { withMigrated } from "../../reports/exports/testing/isolationtester.ts";
import type { Subject } from "./way.ts";

/** Gives the action a database that is migrated as any user's, with real time and no yield points, and with what empties
 *  it between two runs. */
export function withPlainDatabase<T>(
  { server, migrations }: Pick<Subject, "server" | "migrations">,
  action: (database: OwnDatabase) => Promise<T>,
): Promise<T> {
  return withMigrated(server, migrations, async (database) => {
    await onDatabase(database, installReset);
    return action(database);
  });
}

/** Sets the database's retry ceiling; null takes the setting back. */
export function ceilingSql({ name }: OwnDatabase, text: string | null): string {
  const setting = "symphony.outbox_retry_ceiling";
  const change = text === null ? `RESET ${setting}` : `SET ${setting} = ${quoteLiteral(text)}`;
  return `ALTER DATABASE ${quoteIdentifier(name)} ${change}`;
}

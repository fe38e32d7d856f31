import { setTimeout } from "node:timers/promises";
import { Command, Option } from "commander";
import { ConnectionLost, SqlError, type Connection } from "../sim/database/connection.ts";
import { MigrationRefused, readMigrations } from "../sim/database/migrations.ts";
import { migrate, MigrationFailed, type MigrationOutcome } from "../sim/database/migrator.ts";
import { connect } from "../sim/database/pg-connection.ts";
import { settingsFromUrl } from "../sim/database/url-settings.ts";
import { exitCodes } from "./exit-codes.ts";
import { ownMigrations } from "./own-migrations.ts";

export interface MigrateCommandOptions {
  /** Left out: the environment's DATABASE_URL, handed in by the command. */
  readonly databaseUrl?: string | undefined;
  readonly migrations: string;
}

const { ok, badInput, environmentFault } = exitCodes;
const lockPollMs = 100;

/** `counterpoint migrate`. Sets process.exitCode; never ends the process itself. */
export function migrateCommand(): Command {
  return new Command("migrate")
    .description("apply the migrations that a database does not have yet")
    .option("--database-url <url>", "the database to migrate (default: DATABASE_URL)")
    .addOption(
      new Option("--migrations <dir>", "directory of NNNN_name.sql files").default(
        ownMigrations,
        "this package's own",
      ),
    )
    .action(async (options: MigrateCommandOptions) => {
      const databaseUrl = options.databaseUrl ?? process.env["DATABASE_URL"];
      process.exitCode = await runMigrate({ ...options, databaseUrl });
    });
}

/** Migrates one database and says what it did. Resolves to the exit code: 0 done or nothing to do, 2 refused, 3 no
 *  server. Applied files go to stdout, everything else to stderr. */
export async function runMigrate({ databaseUrl, migrations }: MigrateCommandOptions): Promise<number> {
  if (databaseUrl === undefined || databaseUrl === "")
    return fail(badInput, "no database: give --database-url, or set DATABASE_URL");
  try {
    const files = await readMigrations(migrations);
    const connection = await open(databaseUrl);
    try {
      const outcome = await migrate(connection, files, {
        onApplied: sayApplied,
        wait: () => setTimeout(lockPollMs),
      });
      console.log(closingLine(outcome));
      return ok;
    } finally {
      await connection.close().catch(() => undefined);
    }
  } catch (error) {
    return explain(error);
  }
}

class BadUrl extends Error {}
class NoServer extends Error {}

async function open(url: string): Promise<Connection> {
  const settings = readUrl(url);
  try {
    return await connect(settings);
  } catch (error) {
    const { host, port, database } = settings;
    throw new NoServer(`cannot connect to ${host}:${port}/${database}: ${text(error)}`);
  }
}

function readUrl(url: string): ReturnType<typeof settingsFromUrl> {
  try {
    return settingsFromUrl(url);
  } catch (error) {
    throw new BadUrl(text(error));
  }
}

const sayApplied = (version: string): void => {
  console.log(`applied ${version}`);
};

function closingLine({ applied, already }: MigrationOutcome): string {
  if (applied.length === 0)
    return `nothing to do: all ${already} migrations were applied before, nothing changed`;
  return `${applied.length} applied, ${already} were applied before`;
}

function explain(error: unknown): number {
  if (error instanceof MigrationRefused) return fail(badInput, `refused, nothing changed: ${error.message}`);
  if (error instanceof MigrationFailed) return fail(badInput, `failed: ${error.message}`);
  if (error instanceof BadUrl) return fail(badInput, error.message);
  if (error instanceof NoServer) return fail(environmentFault, error.message);
  if (error instanceof ConnectionLost)
    return fail(environmentFault, `the connection ended: ${error.message}; run again`);
  if (error instanceof SqlError)
    return fail(environmentFault, `${error.message} (SQLSTATE ${error.sqlstate})`);
  throw error;
}

function fail(code: number, message: string): number {
  console.error(`migrate: ${message}`);
  return code;
}

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

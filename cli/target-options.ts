import { type Command, Option } from "commander";
import { ownMigrations } from "./own-migrations.ts";
import { type PostgresOption, postgresOption } from "./postgres-option.ts";

const providers = ["embedded", "url", "container"] as const;

export interface TargetOptions extends PostgresOption {
  readonly migrations: string;
  readonly databaseUrl?: string;
  readonly provider?: (typeof providers)[number];
}

/** The options of a command that plays on a server. */
export function addTargetOptions(command: Command): Command {
  return command
    .addOption(postgresOption())
    .addOption(
      new Option("--migrations <dir>", "directory of the migrations to play").default(
        ownMigrations,
        "this package's own",
      ),
    )
    .option("--database-url <url>", "server to make throw-away databases on (default: DATABASE_URL, if set)")
    .addOption(
      new Option("--provider <name>", "server to play on (default: url with a URL, else embedded)").choices(
        providers,
      ),
    );
}

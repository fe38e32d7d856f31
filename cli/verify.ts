import { setTimeout } from "node:timers/promises";
import { Command, Option } from "commander";
import { verifyDocument, type Verification } from "../reports/foundation/verify-document.ts";
import { verifyText } from "../reports/foundation/verify-text.ts";
import type { VerifyResult } from "../schema/json/verify-result.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import type { Connection } from "../sim/database/connection.ts";
import { type Migration, readMigrations } from "../sim/database/migrations.ts";
import { openReadOnly } from "../sim/database/read-only.ts";
import { settingsFromUrl } from "../sim/database/url-settings.ts";
import { onMigratedDatabase } from "../sim/foundation/throw-away.ts";
import { verifyFoundation } from "../sim/foundation/verify.ts";
import { wholeNumber } from "./arguments.ts";
import { attacked, attackSeed } from "./attack.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { print, printJson, say, styleOf } from "./output.ts";
import { ownMigrations } from "./own-migrations.ts";
import { embeddedOf, type PostgresOption, postgresOption } from "./postgres-option.ts";
import { writeReport } from "./write-report.ts";

interface VerifyOptions extends PostgresOption {
  readonly databaseUrl?: string;
  readonly migrations?: string;
  readonly json: boolean;
  readonly junit?: string;
  readonly attack: boolean;
  readonly seed?: number;
}

const help = `
What is verified:
  --database-url URL      that database, which is only read; its ledger against --migrations (default: this package's)
  --migrations DIR alone  a throw-away database made from DIR on the embedded server, also where DATABASE_URL is set
  neither                 the database of DATABASE_URL, only read; without one a throw-away one from this package's
                          migrations

A given database is read in one read-only transaction. Of its own code three functions are called, which only read:
uuid_strategy, uuid_v7_or_random, outbox_retry_ceiling. Its owner sees everything; what others may not see is unknown.

--attack really does, or tries to do, every operation on every object as every role, logged in and by SET ROLE, then the
functions in disguises: temporary objects, search paths, settings, casts, ways to call. On a throw-away database only.

Exit codes: 0 every check is ok, 1 one is violated, 4 none is violated and one is unknown, 2 bad usage or input, 3 the
environment is at fault.`;

/** `counterpoint verify` */
export function verifyCommand(): Command {
  return new Command("verify")
    .description("check every promise of the foundation that a catalog can show")
    .option(
      "--database-url <url>",
      "database to verify, read-only (default: DATABASE_URL without --migrations)",
    )
    .addOption(new Option("--migrations <dir>", "directory of migrations (default: this package's own)"))
    .addOption(postgresOption().conflicts("databaseUrl"))
    .option("--json", "print one JSON document on stdout", false)
    .option("--junit <file>", "write a JUnit report")
    .option("--attack", "try everything that the roles may do and may not, on a throw-away database", false)
    .option("--seed <s>", `seed of --attack's random disguises (default: ${attackSeed})`, wholeNumber(0))
    .addHelpText("after", help)
    .action(async (options: VerifyOptions) => {
      process.exitCode = await verify(options);
    });
}

async function verify(options: VerifyOptions): Promise<number> {
  refuseContradictions(options);
  const migrations = await readMigrations(options.migrations ?? ownMigrations);
  const url = urlOf(options);
  const found =
    url === null ? await verifyThrowAway(migrations, options) : await verifyGiven(url, migrations);
  const document = verifyDocument(found);
  if (options.junit !== undefined) await writeJUnit(options.junit, document);
  if (options.json) printJson(document);
  else print(verifyText(document, styleOf(process.stdout)));
  return { ok: exitCodes.ok, violated: exitCodes.violated, unknown: exitCodes.unknown }[document.verdict];
}

function refuseContradictions({ attack, databaseUrl, seed }: VerifyOptions): void {
  if (attack && databaseUrl !== undefined)
    throw new BadInput(
      "--attack makes roles and objects and tries to break in, and the database of --database-url is only read; " +
        "without --database-url it attacks a throw-away database made from the migrations",
    );
  if (seed !== undefined && !attack)
    throw new BadInput("--seed is for --attack, which alone has a random part");
}

/** Null: a throw-away database. Who names a directory means what is in it, whatever the environment says. */
function urlOf({ databaseUrl, migrations, postgres, attack }: VerifyOptions): string | null {
  if (databaseUrl !== undefined) return databaseUrl;
  const fromEnvironment = process.env["DATABASE_URL"];
  if (fromEnvironment === undefined || fromEnvironment === "") return null;
  if (migrations === undefined && postgres === undefined && !attack) return fromEnvironment;
  say(
    "note: DATABASE_URL is passed over, since --migrations, --postgres or --attack asks for a throw-away database",
  );
  return null;
}

async function verifyGiven(url: string, migrations: readonly Migration[]): Promise<Verification> {
  const given = await openReadOnly(settingsOf(url));
  const { connection, description, version, versionNumber } = given;
  try {
    say(`PostgreSQL ${version}, ${description}, read-only`);
    return {
      ...(await timed(connection, migrations)),
      attack: null,
      migrations,
      postgres: { version, versionNumber },
      database: { description, throwAway: false },
    };
  } finally {
    await connection.close().catch(() => undefined);
  }
}

function settingsOf(url: string): ReturnType<typeof settingsFromUrl> {
  try {
    return settingsFromUrl(url);
  } catch (error) {
    throw new BadInput((error as Error).message);
  }
}

async function verifyThrowAway(
  migrations: readonly Migration[],
  options: VerifyOptions,
): Promise<Verification> {
  const server = await embeddedOf(options).start();
  try {
    const { version, versionNumber, description } = server;
    say(`PostgreSQL ${version}, a throw-away database on an ${description}`);
    const found = await onMigratedDatabase(
      server,
      migrations,
      () => setTimeout(lockPollMs),
      async (connection, database) => {
        const read = await timed(connection, migrations);
        return options.attack
          ? attacked(read, server, database, options.seed ?? attackSeed)
          : { ...read, attack: null };
      },
    );
    return {
      ...found,
      migrations,
      postgres: { version, versionNumber },
      database: { description, throwAway: true },
    };
  } finally {
    await server.stop();
  }
}

const lockPollMs = 100;

async function timed(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<Pick<Verification, "checks" | "seconds">> {
  const elapsed = stopwatch();
  const checks = await verifyFoundation(connection, migrations);
  return { checks, seconds: elapsed() };
}

async function writeJUnit(path: string, document: VerifyResult): Promise<void> {
  // Loaded only for those who ask: the builder takes 0.2 s to load.
  const { verifyJUnit } = await import("../reports/foundation/verify-junit.ts");
  await writeReport(path, verifyJUnit(document));
}

import { SqlError, type Connection } from "./connection.ts";
import { MigrationRefused, numberIn, type Migration } from "./migrations.ts";
import { lineOfCodePoint } from "./sql-text.ts";

/** What a run of the runner did. */
export interface MigrationOutcome {
  /** Versions applied by this run, in order. */
  readonly applied: readonly string[];
  /** How many files the ledger had before. */
  readonly already: number;
}

export interface MigrateOptions {
  /** Called after each file, once it is committed. */
  readonly onApplied?: (version: string) => void;
  /** The pause between two tries to get the lock. */
  readonly wait: () => Promise<void>;
}

/** The server refused a file. A transactional file left nothing behind; of a no-transaction file the statements before
 *  the refused one stand, and the file runs again as a whole. */
export class MigrationFailed extends Error {
  override readonly name = "MigrationFailed";
  constructor(
    readonly version: string,
    /** 1-based line in the file, null where the server gave no position. */
    readonly line: number | null,
    override readonly cause: SqlError,
  ) {
    super(
      `${version}${line === null ? "" : `, line ${line}`}: ${cause.message} (SQLSTATE ${cause.sqlstate})`,
    );
  }
}

/** A row of public.schema_migrations. */
export interface LedgerRow {
  readonly version: string;
  readonly checksum: string;
}

const oldestServer = 150000;

/** Any fixed pair of numbers; "symp", and the runner is number 1. */
const lockKey = `${String(0x73796d70)}, 1`;

/** Settings, roles and temporary objects of one file must not reach the next one: a run that resumes after a crash would
 *  have a session without them, and give another schema. */
const forgetSession = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL; DISCARD TEMP";

/** Brings a database up to date (contract, The runner). Each file and its ledger row commit together; runners of one
 *  database take turns. Leaves the connection with the settings it was opened with.
 *  Rejects with MigrationRefused before any change, with MigrationFailed for a file that the server refused, with what
 *  the connection rejects with otherwise. */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  options: MigrateOptions,
): Promise<MigrationOutcome> {
  await refuseOldServer(connection);
  return underLock(connection, options.wait, async () => {
    const ledger = await readLedger(connection);
    const missing = notYetApplied(migrations, ledger ?? []);
    if (ledger === null) await createLedger(connection);
    for (const migration of missing) {
      await apply(connection, migration);
      options.onApplied?.(migration.version);
    }
    return {
      applied: missing.map(({ version }) => version),
      already: migrations.length - missing.length,
    };
  });
}

/** What is left to apply, in order. Throws MigrationRefused where files and ledger contradict each other. */
export function notYetApplied(
  migrations: readonly Migration[],
  ledger: readonly LedgerRow[],
): readonly Migration[] {
  const files = new Map(migrations.map((file) => [file.version, file]));
  for (const { version, checksum } of ledger) {
    const file = files.get(version);
    if (file === undefined)
      throw new MigrationRefused(
        version,
        "is applied to this database and its file is gone; restore the file, or name the right directory",
      );
    if (file.checksum !== checksum)
      throw new MigrationRefused(
        version,
        "has changed since it was applied to this database; restore it, and put the change into a new file",
      );
  }
  const applied = new Set(ledger.map(({ version }) => version));
  const missing = migrations.filter(({ version }) => !applied.has(version));
  refuseGap(missing, ledger);
  return missing;
}

function refuseGap(missing: readonly Migration[], ledger: readonly LedgerRow[]): void {
  const last = Math.max(0, ...ledger.map(({ version }) => numberIn(version) ?? 0));
  const late = missing.find(({ number }) => number < last);
  if (late !== undefined)
    throw new MigrationRefused(
      late.version,
      `lies below number ${last}, which is applied already; give it a number above`,
    );
}

async function refuseOldServer(connection: Connection): Promise<void> {
  const [row] = await rows(
    connection,
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name",
  );
  if (Number(row?.["number"]) < oldestServer)
    throw new MigrationRefused(
      "server",
      `PostgreSQL ${String(row?.["name"])} is too old; 15 is the oldest that the migrations run on`,
    );
}

/** Polls: each try is a transaction of its own and ends at once. A runner that waited inside pg_advisory_lock would hold
 *  a snapshot, and the CREATE INDEX CONCURRENTLY of the runner that has the lock waits for old snapshots: a deadlock. */
async function underLock<T>(
  connection: Connection,
  wait: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  while (!(await tryLock(connection))) await wait();
  try {
    return await work();
  } finally {
    // A connection that is gone has let go of the lock; its own error is the one to report.
    await connection.run(`SELECT pg_advisory_unlock(${lockKey})`).catch(() => undefined);
  }
}

async function tryLock(connection: Connection): Promise<boolean> {
  const [row] = await rows(connection, `SELECT pg_try_advisory_lock(${lockKey}) AS locked`);
  return row?.["locked"] === true;
}

/** The ledger's rows, null where there is no ledger yet. */
async function readLedger(connection: Connection): Promise<readonly LedgerRow[] | null> {
  const [found] = await rows(
    connection,
    "SELECT to_regclass('public.schema_migrations') IS NOT NULL AS present",
  );
  if (found?.["present"] !== true) return null;
  try {
    const ledger = await rows(
      connection,
      'SELECT version, checksum FROM public.schema_migrations ORDER BY version COLLATE "C"',
    );
    return ledger.map((row) => ({
      version: String(row["version"]),
      checksum: String(row["checksum"]),
    }));
  } catch (error) {
    if (!(error instanceof SqlError && error.sqlstate === "42703")) throw error;
    throw new MigrationRefused(
      "public.schema_migrations",
      "is another program's table, it has no version and checksum; this is not the right database",
      { cause: error },
    );
  }
}

/** One round trip of several statements is one transaction. */
async function createLedger(connection: Connection): Promise<void> {
  await connection.run(`
    CREATE TABLE public.schema_migrations (
      version text PRIMARY KEY,
      checksum text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    );
    REVOKE ALL ON public.schema_migrations FROM PUBLIC;`);
}

async function apply(connection: Connection, migration: Migration): Promise<void> {
  if (migration.transactional) await applyInTransaction(connection, migration);
  else await applyByStatement(connection, migration);
  await connection.run(forgetSession);
}

async function applyInTransaction(connection: Connection, migration: Migration): Promise<void> {
  // Spelled out: a default of the database or the role must not choose another level.
  await connection.run("BEGIN ISOLATION LEVEL READ COMMITTED");
  try {
    await connection.run(migration.text);
    await record(connection, migration);
    await connection.run("COMMIT");
  } catch (error) {
    await connection.run("ROLLBACK").catch(() => undefined);
    throw failure(migration, error, (position) => lineOfCodePoint(migration.text, position - 1));
  }
}

async function applyByStatement(connection: Connection, migration: Migration): Promise<void> {
  for (const { sql, line } of migration.statements) {
    try {
      await connection.run(sql);
    } catch (error) {
      // The file may have begun a transaction of its own.
      await connection.run("ROLLBACK").catch(() => undefined);
      throw failure(migration, error, (position) => line - 1 + lineOfCodePoint(sql, position - 1), line);
    }
  }
  await record(connection, migration);
}

async function record(connection: Connection, { version, checksum }: Migration): Promise<void> {
  await connection.query("INSERT INTO public.schema_migrations (version, checksum) VALUES ($1, $2)", [
    version,
    checksum,
  ]);
}

function failure(
  { version }: Migration,
  error: unknown,
  lineOf: (position: number) => number,
  otherwise: number | null = null,
): unknown {
  if (!(error instanceof SqlError)) return error;
  const line = error.position === null ? otherwise : lineOf(error.position);
  return new MigrationFailed(version, line, error);
}

async function rows(connection: Connection, sql: string): Promise<readonly Record<string, unknown>[]> {
  return (await connection.query(sql, [])).rows;
}

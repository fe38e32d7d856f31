import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  lineOfByte,
  loadParser,
  SqlSyntaxError,
  statementsOf,
  tokensOf,
  type SqlStatement,
} from "./sql-text.ts";

/** One file of a migrations directory. Source: contract, The runner. */
export interface Migration {
  /** The file's base name with its extension: the key of the ledger. */
  readonly version: string;
  /** The leading digits. */
  readonly number: number;
  /** Lower-case hex SHA-256 of the file's bytes. */
  readonly checksum: string;
  readonly text: string;
  /** False where the file carries the line `-- symphony:no_tx`. */
  readonly transactional: boolean;
  readonly statements: readonly SqlStatement[];
}

/** The runner will not begin. Nothing was changed; the message names the file and says what to do. */
export class MigrationRefused extends Error {
  override readonly name = "MigrationRefused";
  constructor(
    /** The file's base name, or what else is to blame: the directory, the server. */
    readonly subject: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${subject}: ${reason}`, options);
  }
}

const fileName = /^(\d{4})_\w+\.sql$/;
const noTransactionMarker = "-- symphony:no_tx";

/** Reads and checks a directory's migrations, in the order of their numbers. Other files than *.sql are passed over.
 *  Rejects with MigrationRefused for all that can be seen without a database. */
export async function readMigrations(directory: string): Promise<readonly Migration[]> {
  await loadParser();
  const names = (await fileNames(directory)).filter((name) => name.toLowerCase().endsWith(".sql"));
  if (names.length === 0)
    throw new MigrationRefused(directory, "the directory holds no migration; name another one");
  const numbered = names.sort().map((version) => ({
    version,
    number: numberOf(version),
  }));
  refuseSharedNumbers(numbered);
  return Promise.all(
    numbered.map(async ({ version, number }) =>
      parseMigration(version, number, await readFile(join(directory, version))),
    ),
  );
}

async function fileNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    throw new MigrationRefused(directory, "the directory cannot be read; name one that holds migrations", {
      cause: error,
    });
  }
}

/** Also the number of a ledger's row, which may have any name: null where it has none. */
export const numberIn = (version: string): number | null => {
  const digits = fileName.exec(version)?.[1];
  return digits === undefined ? null : Number(digits);
};

function numberOf(version: string): number {
  const number = numberIn(version);
  if (number === null)
    throw new MigrationRefused(version, "a migration is called NNNN_name.sql; rename the file");
  return number;
}

function refuseSharedNumbers(files: readonly { readonly version: string; readonly number: number }[]): void {
  const seen = new Map<number, string>();
  for (const { version, number } of files) {
    const other = seen.get(number);
    if (other !== undefined)
      throw new MigrationRefused(version, `has the number of ${other}; give one of them another number`);
    seen.set(number, version);
  }
}

/** The migrations, some of them with another text, by their version. Throws MigrationRefused. */
export function withTexts(
  migrations: readonly Migration[],
  texts: ReadonlyMap<string, string>,
): readonly Migration[] {
  return migrations.map((migration) => {
    const text = texts.get(migration.version);
    if (text === undefined) return migration;
    return parseMigration(migration.version, migration.number, Buffer.from(text));
  });
}

/** Checks one file. Throws MigrationRefused. */
export function parseMigration(version: string, number: number, bytes: Buffer): Migration {
  const text = decode(version, bytes);
  try {
    const statements = statementsOf(text);
    const transactional = !carriesMarker(text);
    if (transactional) refuseTransactionCommands(version, statements);
    else refuseOpenEnd(version, statements);
    const checksum = createHash("sha256").update(bytes).digest("hex");
    return { version, number, checksum, text, transactional, statements };
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    throw new MigrationRefused(version, `line ${error.line}: ${error.message}`);
  }
}

const byteOrderMark = "\uFEFF";

/** A byte 0 ends a text for the parser and for the wire: what stands behind it would be neither checked nor run. The
 *  byte order mark, which the eye does not see, is a syntax error for the server. */
function decode(version: string, bytes: Buffer): string {
  const text = decodeUtf8(version, bytes);
  if (text.startsWith(byteOrderMark))
    throw new MigrationRefused(
      version,
      "begins with a byte order mark (EF BB BF), which is no SQL; save it as UTF-8 without the mark",
    );
  const zero = bytes.indexOf(0);
  if (zero >= 0)
    throw new MigrationRefused(version, `line ${lineOfByte(bytes, zero)}: holds a byte 0; remove it`);
  return text;
}

function decodeUtf8(version: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new MigrationRefused(version, "is not UTF-8; save it as UTF-8", {
      cause: error,
    });
  }
}

/** Looks at comments only: the same line inside a string or a function's body is that string's business. */
function carriesMarker(text: string): boolean {
  const bytes = Buffer.from(text);
  return tokensOf(text).some(
    (token) =>
      token.kind === "SQL_COMMENT" &&
      token.text === noTransactionMarker &&
      /(^|\n)[ \t]*$/.test(bytes.subarray(0, token.start).toString()),
  );
}

function refuseTransactionCommands(version: string, statements: readonly SqlStatement[]): void {
  const command = statements.find(isTransactionCommand);
  if (command !== undefined)
    throw new MigrationRefused(
      version,
      `line ${command.line}: transaction command ${firstWord(command)}; the runner makes the transaction, remove it`,
    );
}

/** A transaction left open would take the ledger's row with it when the connection ends. */
function refuseOpenEnd(version: string, statements: readonly SqlStatement[]): void {
  const last = statements.filter(isTransactionCommand).at(-1);
  if (last !== undefined && !/^(commit|end|rollback|abort)$/i.test(firstWord(last)))
    throw new MigrationRefused(
      version,
      `line ${last.line}: ${firstWord(last)} has no end in this file; commit, or remove it`,
    );
}

const isTransactionCommand = (statement: SqlStatement): boolean => statement.kind === "TransactionStmt";

const firstWord = (statement: SqlStatement): string => /^\w+/.exec(statement.sql)?.[0] ?? "";

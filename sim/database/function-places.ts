import type { Migration } from "./migrations.ts";
import { lineOfByte, type SqlStatement, type SqlToken, tokensOf } from "./sql-text.ts";

/** Where a migration defines a function or procedure. Lines are 1-based, of the file. */
export interface FunctionPlace {
  /** The migration's file name. */
  readonly file: string;
  /** Of CREATE. */
  readonly line: number;
  /** Of the body's opening quote, which the server's messages count as 1; null where it has none. */
  readonly bodyLine: number | null;
}

/** The place of each function, by its name: of several migrations that define it, in the last; with its schema where that
 *  is not public. What a DO block makes is not seen. Needs loadParser() before. */
export function functionPlaces(migrations: readonly Migration[]): ReadonlyMap<string, FunctionPlace> {
  return new Map(
    migrations.flatMap(({ version, statements }) =>
      statements
        .filter(({ kind }) => kind === "CreateFunctionStmt")
        .map((statement) => placeIn(version, statement)),
    ),
  );
}

function placeIn(file: string, { sql, line }: SqlStatement): readonly [string, FunctionPlace] {
  const bytes = Buffer.from(sql);
  const tokens = tokensOf(sql).filter(({ kind }) => !kind.endsWith("_COMMENT"));
  const lineOf = (token: SqlToken | undefined): number | null =>
    token === undefined ? null : line - 1 + lineOfByte(bytes, token.start);
  const body = tokens.find(({ kind }, index) => kind === "SCONST" && isWord(tokens[index - 1], "AS"));
  return [nameIn(tokens), { file, line: lineOf(tokens[0]) ?? line, bodyLine: lineOf(body) }];
}

function nameIn(tokens: readonly SqlToken[]): string {
  const at = tokens.findIndex((token) => isWord(token, "FUNCTION") || isWord(token, "PROCEDURE"));
  const [first, dot, second] = tokens.slice(at + 1, at + 4);
  const qualified = dot?.text === "." && second !== undefined;
  const parts = [first, ...(qualified ? [second] : [])].map(identifier);
  return (parts[0] === "public" ? parts.slice(1) : parts).join(".");
}

/** As the catalog has it. */
function identifier(token: SqlToken | undefined): string {
  const text = token?.text ?? "";
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
}

function isWord(token: SqlToken | undefined, word: string): boolean {
  return token?.text.toUpperCase() === word;
}

import type { Migration } from "./migrations.ts";
import { lineOfByte, tokensOf, type SqlToken } from "./sql-text.ts";

/** A place where a migration reads the real clock past now(): virtual time cannot reach it. */
export interface VirtualSyntaxFinding {
  /** The migration's file name. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** What stands there, in one spelling: "CURRENT_TIMESTAMP", "'now'::timestamptz". */
  readonly form: string;
}

type Form = Omit<VirtualSyntaxFinding, "file">;
type Tokens = readonly SqlToken[];

const clockKeywords = new Set([
  "CURRENT_TIMESTAMP",
  "CURRENT_DATE",
  "CURRENT_TIME",
  "LOCALTIME",
  "LOCALTIMESTAMP",
]);
const dateTimeType = /^(timestamptz|timestamp|date|timetz|time)$/i;
const specialDate = /\b(now|today|tomorrow|yesterday)\b/i;

/** Statements that read the clock while the migration runs and leave nothing behind that reads it again. */
const harmless = new Set([
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "SelectStmt",
  "CopyStmt",
  "VariableSetStmt",
]);

/** Finds the clock's syntax forms in what a migration defines: defaults, constraints, views, bodies of functions in SQL
 *  and PL/pgSQL, and DO blocks, since they may define something. Comments and ordinary strings do not count, so what a
 *  body builds as text and runs by EXECUTE is not seen, nor is a string that only its context makes a date.
 *  Source: architecture, Virtual time. Needs loadParser() before. Throws SqlSyntaxError. */
export function findVirtualSyntax(migrations: readonly Migration[]): readonly VirtualSyntaxFinding[] {
  return migrations.flatMap(({ version, statements }) =>
    statements
      .filter(({ kind }) => !harmless.has(kind))
      .flatMap(({ sql, kind, line }) => formsIn(sql, kind, line))
      .map((form) => ({ file: version, ...form })),
  );
}

function formsIn(text: string, kind: string, firstLine: number): Form[] {
  const bytes = Buffer.from(text);
  const tokens = tokensOf(text).filter((token) => !token.kind.endsWith("_COMMENT"));
  return tokens.flatMap((token, index) => {
    const line = firstLine - 1 + lineOfByte(bytes, token.start);
    // A body keeps its line ends, so its first line is that of its opening quote.
    if (isBody(tokens, index, kind)) return formsIn(content(token), "body", line);
    const form = formAt(tokens, index);
    return form === null ? [] : [{ line, form }];
  });
}

/** AS 'body' of a function; every string of a DO except the name of its language. */
function isBody(tokens: Tokens, index: number, kind: string): boolean {
  if (tokens[index]?.kind !== "SCONST") return false;
  const before = word(tokens[index - 1]);
  if (kind === "DoStmt") return before !== "LANGUAGE";
  return kind === "CreateFunctionStmt" && before === "AS" && isInSql(tokens);
}

/** Other languages have other tokens. */
function isInSql(tokens: Tokens): boolean {
  const at = tokens.findIndex((token) => word(token) === "LANGUAGE");
  const language = tokens[at + 1];
  return language !== undefined && /^(sql|plpgsql)$/i.test(content(language));
}

function formAt(tokens: Tokens, index: number): string | null {
  const token = tokens[index];
  if (token === undefined) return null;
  if (clockKeywords.has(word(token))) return word(token);
  if (token.kind !== "SCONST" || !specialDate.test(content(token))) return null;
  const type = castAfter(tokens, index + 1) ?? castAround(tokens, index) ?? typeBefore(tokens, index);
  return type === null ? null : `'${content(token)}'::${type}`;
}

/** 'now'::timestamptz, 'now'::text::date. */
function castAfter(tokens: Tokens, index: number): string | null {
  if (tokens[index]?.kind !== "TYPECAST") return null;
  const last = lastOfName(tokens, index + 1);
  return dateTime(tokens[last]) ?? castAfter(tokens, last + 1);
}

/** CAST('now' AS timestamptz), date('now'). */
function castAround(tokens: Tokens, index: number): string | null {
  if (tokens[index - 1]?.text !== "(") return null;
  if (word(tokens[index - 2]) !== "CAST") return dateTime(tokens[index - 2]);
  return word(tokens[index + 1]) === "AS" ? dateTime(tokens[lastOfName(tokens, index + 2)]) : null;
}

/** timestamptz 'now', timestamp(3) with time zone 'now'; also a column or variable of that type with the string as its
 *  default. */
function typeBefore(tokens: Tokens, index: number): string | null {
  let end = index - 1;
  if (/^(DEFAULT|:=|=)$/.test(word(tokens[end]))) end -= 1;
  if (word(tokens[end]) === "NULL" && word(tokens[end - 1]) === "NOT") end -= 2;
  if (word(tokens[end]) === "ZONE") end -= 3;
  if (tokens[end]?.text === ")") end -= 3;
  return dateTime(tokens[end]);
}

/** Index of the last part of a name that may have a schema before it. */
const lastOfName = (tokens: Tokens, index: number): number =>
  tokens[index + 1]?.text === "." ? index + 2 : index;

/** The type's name, null where the token is none of date and time. */
function dateTime(token: SqlToken | undefined): string | null {
  const name = token === undefined || token.kind === "SCONST" ? "" : content(token);
  return dateTimeType.test(name) ? name.toLowerCase() : null;
}

const word = (token: SqlToken | undefined): string =>
  token === undefined || token.kind === "SCONST" || token.text.startsWith('"')
    ? ""
    : token.text.toUpperCase();

/** What stands between the quotes of a string or a name; a plain word as it is. */
function content({ text }: SqlToken): string {
  const dollar = /^\$\w*\$/.exec(text)?.[0];
  if (dollar !== undefined) return text.slice(dollar.length, -dollar.length);
  if (/^e'/i.test(text))
    return text
      .slice(2, -1)
      .replaceAll(/''|\\'/g, "'")
      .replaceAll("\\\\", "\\");
  if (text.startsWith("'")) return text.slice(1, -1).replaceAll("''", "'");
  return text.startsWith('"') ? text.slice(1, -1) : text;
}

import { loadModule, parseSync, scanSync } from "libpg-query";

/** One top-level statement of a text, cut out by the server's own parser. */
export interface SqlStatement {
  readonly sql: string;
  /** The parser's node: "CreateStmt", "TransactionStmt". */
  readonly kind: string;
  /** 1-based line of its first token. */
  readonly line: number;
}

/** One token, comments included. */
export interface SqlToken {
  /** "SCONST", "IDENT", "TYPECAST", "SQL_COMMENT"; "UNKNOWN" for most keywords. */
  readonly kind: string;
  readonly text: string;
  /** Offset of the first byte, UTF-8. */
  readonly start: number;
}

/** The text is no SQL. */
export class SqlSyntaxError extends Error {
  override readonly name = "SqlSyntaxError";
  constructor(
    message: string,
    /** 1-based. */
    readonly line: number,
  ) {
    super(message);
  }
}

/** Loads the parser (WASM). The other functions of this file need it done once before. */
export const loadParser = (): Promise<void> => loadModule();

/** Cuts a text into statements. Throws SqlSyntaxError. */
export function statementsOf(text: string): readonly SqlStatement[] {
  if (text.trim() === "") return [];
  const bytes = Buffer.from(text);
  return (parse(text).stmts ?? []).map((raw) => {
    // Byte offsets, hence the Buffer; a length of 0 or none means: to the end.
    const start = raw.stmt_location ?? 0;
    const end = raw.stmt_len ? start + raw.stmt_len : bytes.length;
    return {
      sql: bytes.subarray(start, end).toString(),
      kind: Object.keys(raw.stmt ?? {})[0] ?? "",
      line: lineOfByte(bytes, start),
    };
  });
}

/** Cuts a text into tokens; PL/pgSQL has the same ones. Throws SqlSyntaxError, for a string without an end. */
export function tokensOf(text: string): readonly SqlToken[] {
  if (text.trim() === "") return [];
  return located(text, () => scanSync(text)).tokens.map((token) => ({
    kind: token.tokenName,
    text: token.text,
    start: token.start,
  }));
}

/** The 1-based line of a byte offset. */
export const lineOfByte = (bytes: Buffer, offset: number): number =>
  newlines(bytes.subarray(0, offset).toString()) + 1;

/** The 1-based line of a 0-based offset in code points, which is what parser and server count. */
export const lineOfCodePoint = (text: string, offset: number): number =>
  newlines(Array.from(text).slice(0, offset).join("")) + 1;

const newlines = (text: string): number => text.split("\n").length - 1;

const parse = (text: string): Parsed => located(text, () => parseSync(text) as Parsed);

/** What this file needs of a parse tree. */
interface Parsed {
  readonly stmts?: readonly {
    readonly stmt?: object;
    readonly stmt_location?: number;
    readonly stmt_len?: number;
  }[];
}

function located<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { sqlDetails } = error as Error & {
      sqlDetails?: { readonly cursorPosition: number };
    };
    throw new SqlSyntaxError(error.message, lineOfCodePoint(text, sqlDetails?.cursorPosition ?? 0));
  }
}

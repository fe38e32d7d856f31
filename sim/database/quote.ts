import pg from "pg";

/** Quotes a text as an SQL literal, with E'' where it holds a backslash. */
export const quoteLiteral = (text: string): string => pg.escapeLiteral(text);

/** Quotes a name as an SQL identifier. */
export const quoteIdentifier = (name: string): string => pg.escapeIdentifier(name);

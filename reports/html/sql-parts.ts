import { tokensOf } from "../../sim/database/sql-text.ts";
import type { SqlKind, SqlPart } from "./case-data.ts";

/** Cuts SQL into what is coloured alike, with the server's own scanner: the parser must have been loaded. Together the parts
 *  are the text; one that is no SQL is one part. */
export function sqlParts(sql: string): readonly SqlPart[] {
  const bytes = Buffer.from(sql);
  const parts: SqlPart[] = [];
  let at = 0;
  const plainUntil = (end: number): void => add(parts, "plain", bytes.subarray(at, end).toString());
  for (const { kind, text, start } of scanned(sql)) {
    plainUntil(start);
    add(parts, sqlKind(kind, text), text);
    at = start + Buffer.byteLength(text);
  }
  plainUntil(bytes.length);
  return parts;
}

function scanned(sql: string): ReturnType<typeof tokensOf> {
  try {
    return tokensOf(sql);
  } catch {
    return [];
  }
}

function add(parts: SqlPart[], kind: SqlKind, text: string): void {
  const last = parts.at(-1);
  if (text === "") return;
  if (last?.kind !== kind) parts.push({ kind, text });
  else parts.splice(-1, 1, { kind, text: last.text + text });
}

function sqlKind(token: string, text: string): SqlKind {
  if (token === "SQL_COMMENT" || token === "C_COMMENT") return "comment";
  if (token === "ICONST" || token === "FCONST" || token === "PARAM") return "number";
  if (/^[A-Z]*CONST$/.test(token)) return "string";
  return token === "UNKNOWN" && /^[A-Za-z]+$/.test(text) ? "keyword" : "plain";
}

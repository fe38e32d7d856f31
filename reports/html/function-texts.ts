import type { Migration } from "../../sim/database/migrations.ts";
import { statementsOf, type SqlToken, tokensOf } from "../../sim/database/sql-text.ts";
import type { FunctionText } from "./campaign-data.ts";
import type { SqlPart } from "./case-data.ts";
import { sqlParts } from "./sql-parts.ts";

/** The bodies of the functions of these names: of several migrations that define one, the last has it. A name without a
 *  schema is of public. The parser must have been loaded. */
export function functionTexts(
  migrations: readonly Pick<Migration, "text">[],
  names: ReadonlySet<string>,
): readonly FunctionText[] {
  const found = new Map<string, FunctionText>();
  for (const { text } of migrations) {
    for (const { sql, kind } of statementsOf(text)) {
      const defined = kind === "CreateFunctionStmt" ? functionIn(sql) : null;
      if (defined !== null && names.has(defined.name)) found.set(defined.name, defined);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Null where the body is no dollar-quoted text. */
function functionIn(sql: string): FunctionText | null {
  const tokens = tokensOf(sql).filter(({ kind }) => !kind.endsWith("_COMMENT"));
  const quoted = tokens.find(({ kind, text }) => kind === "SCONST" && text.startsWith("$"))?.text;
  if (quoted === undefined) return null;
  const tag = quoted.indexOf("$", 1) + 1;
  return { name: nameIn(tokens), lines: linesOf(sqlParts(quoted.slice(tag, -tag))) };
}

function nameIn(tokens: readonly SqlToken[]): string {
  const at = tokens.findIndex(({ text }) => /^(function|procedure)$/i.test(text));
  const [schema, dot, name] = tokens.slice(at + 1, at + 4).map(({ text }) => text);
  if (dot !== ".") return schema ?? "";
  return schema === "public" ? (name ?? "") : `${schema ?? ""}.${name ?? ""}`;
}

/** The parts cut at line ends. */
function linesOf(parts: readonly SqlPart[]): readonly (readonly SqlPart[])[] {
  const lines: SqlPart[][] = [[]];
  for (const { kind, text } of parts) {
    for (const [index, piece] of text.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (piece !== "") lines.at(-1)?.push({ kind, text: piece });
    }
  }
  return lines;
}

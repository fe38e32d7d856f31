import { pageWidth, wrap } from "../terminal/layout.ts";
import { printable } from "../terminal/printable.ts";
import { headLines } from "./head.ts";
import { refuseBreaks, type Script, type ScriptStep } from "./script.ts";

/** The case for PostgreSQL's own isolationtester, with the one permutation that was played. Throws NotExportable where
 *  connections end. */
export function specText(script: Script): string {
  refuseBreaks(script);
  const used = script.sessions.filter(({ name }) => script.steps.some(({ session }) => session === name));
  return [
    ...comments([...headLines(script), "", introduction]),
    ...commands.map((line) => `#   ${line}`),
    ...comments([remark]),
    "",
    ...script.setUp.map((sql) => block("setup", sql)),
    "",
    ...used.flatMap(({ name, setUp }) => [
      `session ${name}`,
      block("setup", setUp),
      ...script.steps.filter(({ session }) => session === name).flatMap(stepLines),
      "",
    ]),
    "permutation",
    ...script.steps.map(({ name, wokenBy }) => `  ${name}${wokenBy === null ? "" : `(${wokenBy})`}`),
    "",
  ].join("\n");
}

const introduction =
  "To be run once, as a superuser, in a throw-away database that was just migrated: the set-up replaces pg_catalog.now() in it. With the migrations under test in DIR:";
const commands = [
  "createdb case",
  "npx counterpoint migrate --database-url postgresql:///case --migrations DIR",
  "isolationtester dbname=case < THIS_FILE",
];
const remark =
  "Ids that the database makes up are shown by name. In the permutation, A(B) is a step A that waits, and goes on by B.";

function stepLines({ name, title, sql, observed }: ScriptStep): readonly string[] {
  return ["", ...comments([title, ...observed.map((text) => `-> ${text}`)]), block(`step ${name}`, sql)];
}

function comments(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => wrap(printable(line), pageWidth - 2)).map((line) => `# ${line}`.trimEnd());
}

/** The first closing brace ends a block, wherever it stands. */
function block(head: string, sql: string): string {
  return `${head}\n{\n${withoutBraces(sql.trim().replace(/;*$/, ""))};\n}`;
}

const literals = /E?'(?:[^']|'')*'/g;

/** Values with a brace are written with its code. A statement that has one elsewhere, in a function's body, is itself a value,
 *  which is executed. */
function withoutBraces(sql: string): string {
  if (!sql.includes("}")) return sql;
  if (/[$}]/.test(sql.replace(literals, "")))
    return `DO ${literalOf(`begin execute ${literalOf(sql)}; end`)}`;
  return sql.replace(literals, (literal) => {
    if (!literal.includes("}")) return literal;
    return `${literal.startsWith("E") ? "" : "E"}${literal.replaceAll("}", "\\x7d")}`;
  });
}

function literalOf(text: string): string {
  return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("}", "\\x7d")}'`;
}

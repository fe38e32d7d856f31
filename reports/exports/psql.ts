import { pageWidth, wrap } from "../terminal/layout.ts";
import { printable } from "../terminal/printable.ts";
import { headLines } from "./head.ts";
import { control, type Script, type ScriptStep } from "./script.ts";

/** The case for as many terminals with psql as it has sessions, and one for the clock: to be pasted part by part. */
export function psqlText(script: Script): string {
  const { explanation, sessions, setUp, steps } = script;
  const used = sessions.filter(
    ({ name }) => name === control || steps.some(({ session }) => session === name),
  );
  const count = steps.length;
  return [
    ...comments([...headLines(script), "", introduction]),
    ...commands.map((line) => `--   ${line}`),
    ...comments([remark]),
    "",
    head("set-up", control),
    setUp.map(terminated).join("\n"),
    ...used.flatMap((each) => ["", head("set-up", each.name), terminated(each.setUp), promptOf(each.name)]),
    ...steps.flatMap((step, index) => [
      "",
      head(`step ${index + 1} of ${count}`, step.session),
      ...comments([step.title, ...step.observed.map((text) => `-> ${text}`)]),
      ...(explanation.lines[step.line]?.wrong === true ? ["-- ^ this is wrong"] : []),
      messageOf(step),
    ]),
    "",
  ].join("\n");
}

const introduction =
  "To be played once, as a superuser, in a throw-away database that was just migrated: the set-up replaces pg_catalog.now() in it. With the migrations under test in DIR:";
const commands = [
  "createdb case",
  "npx counterpoint migrate --database-url postgresql:///case --migrations DIR",
];
const remark =
  "Open a psql for each terminal named below (psql case), and paste each part into its terminal, in this order. What waits comes back when another part lets it go on: paste that meanwhile. Ids that the database makes up are shown by name.";

function head(part: string, terminal: string): string {
  return `-- ${part}, terminal ${terminal} ${"-".repeat(Math.max(3, pageWidth - 15 - part.length - terminal.length))}`;
}

/** So that nobody mistakes a terminal. */
function promptOf(terminal: string): string {
  return `\\set PROMPT1 '${terminal}%R%x%# '`;
}

/** psql sends a message statement by statement. */
function messageOf({ sql, autocommit }: ScriptStep): string {
  return autocommit ? `BEGIN;\n${terminated(sql)}\nCOMMIT;` : terminated(sql);
}

function terminated(sql: string): string {
  return `${sql.trim().replace(/;*$/, "")};`;
}

function comments(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => wrap(printable(line), pageWidth - 3)).map((line) => `-- ${line}`.trimEnd());
}

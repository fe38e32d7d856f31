import type { Line } from "../../schema/json/explanation.ts";
import { sessionName } from "../../sim/session-name.ts";
import { pageWidth, wrap } from "../terminal/layout.ts";
import { printable } from "../terminal/printable.ts";
import { headLines } from "./head.ts";
import { control, type Script, type ScriptStep } from "./script.ts";

/** The case for as many terminals with psql as it has sessions, and one for the clock: to be pasted part by part. */
export function psqlText(script: Script): string {
  const { sessions, setUp, steps } = script;
  const used = sessions.filter(
    ({ name }) => name === control || steps.some(({ session }) => session === name),
  );
  const count = steps.length;
  return [
    ...comments([...headLines(script), "", introduction]),
    ...commands.map((line) => `--   ${line}`),
    ...comments([remark, ...(script.breaks === null ? [] : [breakRemark])]),
    "",
    head("set-up", control),
    setUp.map(terminated).join("\n"),
    ...used.flatMap((each) => ["", head("set-up", each.name), terminated(each.setUp), promptOf(each.name)]),
    ...steps.flatMap((step, index) => [
      "",
      head(`step ${index + 1} of ${count}`, step.session),
      ...comments([step.title, ...shownBy(step, index, script)]),
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

const breakRemark =
  "Where connections end, repeat \\connect until the server answers. A crash loses what no commit has waited for, for ten seconds: paste it soon after what comes before. For a crash the set-up changes two settings of the whole server.";

function head(part: string, terminal: string): string {
  return `-- ${part}, terminal ${terminal} ${"-".repeat(Math.max(3, pageWidth - 15 - part.length - terminal.length))}`;
}

/** What comes of a step and in which terminal, where that is another one: of a call that went on by it, too. */
function shownBy(step: ScriptStep, index: number, { explanation, steps }: Script): readonly string[] {
  const { lines } = explanation;
  const own = lines[step.line];
  const next = steps[index + 1];
  if (own === undefined || (next !== undefined && next.line === step.line && step.session === control))
    return [];
  const until = steps.slice(index + 1).find(({ line }) => line > step.line)?.line ?? lines.length;
  const others = next?.line === step.line ? [] : lines.slice(step.line + 1, until);
  return [
    ...told(own, step),
    ...others.filter(({ kind }) => kind === "goes on").flatMap((line) => told(line, step)),
  ];
}

function told({ session, observed, wrong }: Line, step: ScriptStep): readonly string[] {
  const terminal = session === null ? step.session : sessionName(session);
  const place = terminal === step.session ? "" : `in terminal ${terminal}: `;
  const isDeadlock = observed.some((text) => text.includes("fail 40P01"));
  return [
    ...observed.map((text) => `${place}-> ${text}`),
    ...(wrong ? ["^ this is wrong"] : []),
    ...(isDeadlock ? [victimRemark] : []),
  ];
}

const victimRemark = "Whose call fails is the server's choice: it may be the other one's.";

/** So that nobody mistakes a terminal. */
function promptOf(terminal: string): string {
  return `\\set PROMPT1 '${terminal}%R%x%# '`;
}

/** psql sends a message statement by statement. */
function messageOf({ sql, autocommit, reconnects }: ScriptStep): string {
  if (reconnects) return `\\connect\n${terminated(sql)}`;
  return autocommit ? `BEGIN;\n${terminated(sql)}\nCOMMIT;` : terminated(sql);
}

function terminated(sql: string): string {
  return `${sql.trim().replace(/;*$/, "")};`;
}

function comments(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => wrap(printable(line), pageWidth - 3)).map((line) => `-- ${line}`.trimEnd());
}

import type { Counterexample } from "../../properties/counterexample.ts";
import { hasYields } from "../../sim/schedule.ts";
import { pageWidth, wrap } from "../terminal/layout.ts";
import { printable } from "../terminal/printable.ts";
import { type Assertion, assertionOf } from "./assertion.ts";
import { headLines } from "./head.ts";
import { NotExportable, refuseBreaks, type Script, type ScriptStep } from "./script.ts";

/** The case as a test of its own for vitest, which needs nothing of ours: it fails while the contract is broken. Throws
 *  NotExportable for a case with stops inside functions, for it would bring the functions along that it is to test. */
export function vitestText(script: Script, counterexample: Counterexample): string {
  refuseBreaks(script);
  if (hasYields(counterexample.schedule))
    throw new NotExportable(
      "it stops inside functions, and a test must not bring the functions that it tests",
    );
  const { oracle, rule } = script.explanation;
  return [
    ...comments([...headLines(script), "", introduction]),
    runtime,
    `const setUp = [${script.setUp.map(template).join(", ")}];`,
    `const sessions = {`,
    ...script.sessions.map(({ name, setUp }) => `  ${name}: ${template(setUp)},`),
    "};",
    "",
    `test(${JSON.stringify(printable(`${oracle}: ${rule}`))}, async () => {`,
    ...script.steps.flatMap(stepLines),
    ...comments(expectations(script)).map((line) => `  ${line}`),
    `  ${assertionText(assertionOf(counterexample, script))}`,
    "});",
    "",
  ].join("\n");
}

const introduction =
  "DATABASE_URL is to name, as a superuser, a throw-away database that was just migrated: the set-up replaces pg_catalog.now() in it. Ids that the database makes up are known by name.";

function stepLines({ name, session, title, sql, observed, outcome }: ScriptStep): readonly string[] {
  const came = outcome === "waits" ? ["-> waits"] : observed.map((text) => `-> ${text}`);
  return [
    ...comments([title, ...came]).map((line) => `  ${line}`),
    `  await play(${JSON.stringify(name)}, ${JSON.stringify(session)}, ${template(sql)});`,
  ];
}

function expectations({ explanation: { expected, observed } }: Script): readonly string[] {
  return [...expected.map((text) => `expected: ${text}`), `it was: ${observed}`];
}

function assertionText(assertion: Assertion): string {
  switch (assertion.kind) {
    case "no wait":
      return `expect(calls.get(${JSON.stringify(assertion.step)})?.waited).toBe(false);`;
    case "no deadlock":
      return `expect([...calls.values()].map(({ outcome }) => outcome)).not.toContainEqual({ error: "40P01" });`;
    case "fails with": {
      const matching = `expect.stringMatching(/^(${assertion.sqlstates.join("|")})$/)`;
      return `expect(calls.get(${JSON.stringify(assertion.step)})?.outcome).toEqual({ error: ${matching} });`;
    }
    case "differs":
      return `expect(calls.get(${JSON.stringify(assertion.step)})?.outcome).not.toEqual(${JSON.stringify(assertion.from)});`;
  }
}

function template(text: string): string {
  return `\`${text.trim().replace(/[\\`]|\$\{/g, (special) => `\\${special}`)}\``;
}

function comments(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => wrap(printable(line), pageWidth - 5)).map((line) => `// ${line}`.trimEnd());
}

/** One step at a time: a session has settled when it has its answer, or when the server says that another one blocks it. */
const runtime = `import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Call {
  readonly pid: number;
  waited: boolean;
  outcome: object | null;
}

const calls = new Map<string, Call>();
const clients = new Map<string, pg.Client>();
const pids = new Map<string, number>();
const notifiers: (string | null)[] = [];
const observer = open();

function open(): pg.Client {
  return new pg.Client({
    connectionString: process.env["DATABASE_URL"],
    types: { getTypeParser: () => String as never },
  });
}

beforeAll(async () => {
  await observer.connect();
  for (const sql of setUp) await observer.query(sql);
  for (const [name, sql] of Object.entries(sessions)) {
    const client = open();
    await client.connect();
    await client.query(sql);
    const { rows } = await client.query("select pg_backend_pid() as pid");
    clients.set(name, client);
    pids.set(name, Number(rows[0].pid));
    client.on("notification", ({ processId }) => {
      notifiers.push([...pids].find(([, pid]) => pid === processId)?.[0] ?? null);
    });
  }
});

afterAll(async () => {
  for (const client of clients.values()) await client.end();
  await observer.end();
});

/** Sends a step, and returns when every session has settled. */
async function play(name: string, session: string, sql: string): Promise<void> {
  const call: Call = { pid: pids.get(session) ?? 0, waited: false, outcome: null };
  calls.set(name, call);
  void clients.get(session)?.query(sql).then(
    (result) => (call.outcome = outcomeOf([result].flat())),
    (error: { code?: string }) => (call.outcome = { error: error.code }),
  );
  for (const each of calls.values()) {
    while (each.outcome === null && !(await isBlocked(each))) continue;
  }
}

async function isBlocked(call: Call): Promise<boolean> {
  const { rows } = await observer.query("select pg_isolation_test_session_is_blocked($1::int, $2::int[]) as blocked", [
    call.pid,
    [...pids.values()],
  ]);
  const blocked = rows[0].blocked === "t" && call.outcome === null;
  call.waited ||= blocked;
  return blocked;
}

/** Rows as the texts of their cells, sorted; of a look at all tables, these one by one, and who has notified until then. */
function outcomeOf(results: readonly pg.QueryResult[]): object {
  const tables = results.filter(({ fields }) => fields.length > 0).map(({ rows }) => rows.map(cellsOf));
  return tables.length > 1 ? { tables, notifiers } : { rows: tables[0] ?? [] };
}

function cellsOf(row: Record<string, string | null>): readonly string[] {
  return Object.entries(row)
    .filter(([column]) => column !== "payload")
    .map(([, value]) => value ?? "")
    .sort();
}
`;

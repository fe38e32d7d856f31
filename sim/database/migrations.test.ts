import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MigrationRefused, readMigrations, type Migration } from "./migrations.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "migrations-"));
});
afterEach(() => rm(directory, { recursive: true }));

const write = (name: string, content: string | Buffer): Promise<void> =>
  writeFile(join(directory, name), content);

async function readOne(text: string | Buffer): Promise<Migration> {
  await write("0001_a.sql", text);
  const [migration] = await readMigrations(directory);
  if (migration === undefined) throw new Error("no migration");
  return migration;
}

async function refusal(): Promise<string> {
  const outcome = await readMigrations(directory).then(
    () => "read",
    (error: unknown) => error,
  );
  if (!(outcome instanceof MigrationRefused)) throw new Error("not refused", { cause: outcome });
  return outcome.message;
}

test("reads the files in the order of their numbers and passes over others", async () => {
  await write("0010_b.sql", "select 10");
  await write("0009_a.sql", "select 9");
  await write("README.md", "no SQL");
  expect((await readMigrations(directory)).map(({ version, number }) => [version, number])).toEqual([
    ["0009_a.sql", 9],
    ["0010_b.sql", 10],
  ]);
});

test("the checksum is that of the bytes, as lower-case hex", async () => {
  const bytes = Buffer.from("select 'é';\r\n");
  const { checksum } = await readOne(bytes);
  expect(checksum).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect(checksum).toMatch(/^[0-9a-f]{64}$/);
});

test("cuts statements at bytes, not at characters, and knows their lines", async () => {
  const { statements } = await readOne("-- é€😀\nselect 'é€😀';\n\n/* ; */ create table t (a int);");
  expect(statements).toEqual([
    { sql: "select 'é€😀'", kind: "SelectStmt", line: 2 },
    { sql: "create table t (a int)", kind: "CreateStmt", line: 4 },
  ]);
});

test.each([
  ["on its own line", "-- symphony:no_tx\nselect 1;", false],
  ["after blanks", "select 1;\n \t -- symphony:no_tx\n", false],
  ["with the line ends of Windows", "-- symphony:no_tx\r\nselect 1;", false],
  ["as the last line, without an end", "select 1;\n-- symphony:no_tx", false],
  ["behind a statement", "select 1; -- symphony:no_tx\n", true],
  ["with more on its line", "-- symphony:no_tx please\n", true],
  ["without its blank", "--symphony:no_tx\n", true],
  ["in capitals", "-- SYMPHONY:NO_TX\n", true],
  ["inside a string", "select '\n-- symphony:no_tx\n';", true],
  ["inside a body", "do $$ begin\n-- symphony:no_tx\nend $$;", true],
  ["inside a block comment", "/*\n-- symphony:no_tx\n*/", true],
  ["nowhere", "create index concurrently i on t (a);", true],
])("the marker %s", async (_, text, transactional) => {
  expect((await readOne(text)).transactional).toBe(transactional);
});

test.each(["commit", "Commit", "BEGIN", "start transaction", "end", "rollback", "abort", "savepoint a"])(
  "refuses %s in a transactional file, with its line",
  async (command) => {
    await write("0001_a.sql", `create table t (a int);\n-- now\n${command};`);
    expect(await refusal()).toContain(
      `0001_a.sql: line 3: transaction command ${command.split(" ")[0] ?? ""}`,
    );
  },
);

test("a body, a string and a comment that speak of commit are no transaction command", async () => {
  const text = `-- commit;
    create procedure p() language plpgsql as $$ begin commit; end $$;
    create function f() returns int begin atomic select 1; end;
    select 'commit;' as "commit"; /* commit; */`;
  expect((await readOne(text)).statements).toHaveLength(3);
});

test("a no-transaction file may have transactions of its own, but must end them", async () => {
  expect((await readOne("-- symphony:no_tx\nbegin; select 1; commit;")).transactional).toBe(false);
  await write("0001_a.sql", "-- symphony:no_tx\nbegin; commit;\nbegin; select 1;");
  expect(await refusal()).toContain("0001_a.sql: line 3: begin has no end");
});

test("a file without a statement is a migration too", async () => {
  expect((await readOne("")).statements).toEqual([]);
  expect((await readOne("-- nothing\n")).statements).toEqual([]);
});

test("refuses an empty directory and one that is not there", async () => {
  expect(await refusal()).toContain(directory);
  await write("notes.txt", "");
  expect(await refusal()).toContain("holds no migration");
  await expect(readMigrations(join(directory, "gone"))).rejects.toThrow(/gone: the directory cannot be read/);
});

test("refuses two files with one number and names both", async () => {
  await write("0001_a.sql", "");
  await write("0001_b.sql", "");
  expect(await refusal()).toMatch(/0001_b\.sql: has the number of 0001_a\.sql/);
});

test.each(["1_a.sql", "0001.sql", "0001-a.sql", "00001_a.sql", "0002_a.SQL"])(
  "refuses the name %s",
  async (name) => {
    await write("0001_a.sql", "");
    await write(name, "");
    expect(await refusal()).toContain(`${name}: a migration is called NNNN_name.sql`);
  },
);

test("refuses a syntax error with its line, counted in characters", async () => {
  await write("0001_a.sql", "select '€€€€€€€€€€';\n\nselec 2;\n\n\n");
  expect(await refusal()).toMatch(/^0001_a\.sql: line 3: syntax error at or near "selec"/);
});

test("refuses what is not UTF-8, and a byte 0 that would hide the rest from the check", async () => {
  await write("0001_a.sql", Buffer.from([0x2d, 0x2d, 0xff]));
  expect(await refusal()).toContain("0001_a.sql: is not UTF-8");
  await write("0001_a.sql", "select 1;\n\0commit;");
  expect(await refusal()).toContain("0001_a.sql: line 2: holds a byte 0");
});

test("refuses a byte order mark, and says so rather than of the syntax error that it is", async () => {
  await write("0001_a.sql", "\uFEFF-- symphony:no_tx\nselect 1;");
  expect(await refusal()).toMatch(/^0001_a\.sql: begins with a byte order mark .* save it as UTF-8 without/);
  expect((await readOne("-- \uFEFF\nselect 1;")).statements).toHaveLength(1);
});

test.each(["utf16le", "latin1"] as const)("refuses %s as what it is, no UTF-8", async (encoding) => {
  await write("0001_a.sql", Buffer.from("\u00FF\u00FEselect 1;", encoding));
  expect(await refusal()).toContain("0001_a.sql: is not UTF-8");
});

import { spawn } from "node:child_process";
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evidenceFaults } from "../reports/schema.ts";
import type { Evidence } from "../schema/json/evidence.ts";
import { type EmbeddedServer, embeddedProvider } from "../sim/database/embedded/provider.ts";
import { suites } from "../sim/foundation/suites/index.ts";
import { ownMigrations } from "./own-migrations.ts";
import { temporaryFolder } from "./testing/run-cli.ts";

const scripts = fileURLToPath(new URL("../scripts/db/tests", import.meta.url));
let folder: string;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true }));

/** As a user would, from another folder. */
function runScript(
  suite: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const script = join(scripts, `test_${suite.replaceAll("-", "_")}.sh`);
  const child = spawn("bash", [script, ...args], {
    cwd: tmpdir(),
    env: { ...process.env, DATABASE_URL: "", NO_COLOR: "1", FORCE_COLOR: undefined, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

async function evidenceOf(suite: string, directory: string): Promise<Evidence> {
  const evidence: unknown = JSON.parse(await readFile(join(directory, `${suite}.json`), "utf8"));
  expect(evidenceFaults(evidence)).toEqual([]);
  return evidence as Evidence;
}

describe("each script passes on its own, against an embedded server, and leaves evidence", () => {
  it.each(suites.map((suite) => [suite.name, suite.tests] as const))("%s", async (suite, tests) => {
    const { code, stdout } = await runScript(suite, ["--evidence", folder]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, -1)).toEqual(tests.map(({ id, name }) => `passed  ${id}: ${name}`));
    expect(lines.at(-1)).toBe(`${tests.length} passed, 0 failed`);
    expect(code).toBe(0);
    const evidence = await evidenceOf(suite, folder);
    expect(evidence.checks.map(({ id, status }) => [id, status])).toEqual(
      tests.map(({ id }) => [id, "passed"]),
    );
    expect(evidence).toMatchObject({
      suite,
      passed: tests.length,
      failed: 0,
      postgres: { provider: "embedded" },
    });
  });

  it("the suites have the number of tests that the contract names", () => {
    expect(suites.find(({ name }) => name === "db-functions")?.tests.length).toBe(10);
    const ids = suites.flatMap(({ tests }) => tests.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("a broken copy is red", () => {
  it("0013 without the repair of an invalid index", async () => {
    const directory = join(folder, "broken");
    await cp(ownMigrations, directory, { recursive: true });
    const path = join(directory, "0013_outbox_pending_indexes_concurrently.sql");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll("AND NOT (i.indisvalid AND i.indisready)", "AND false"));

    const { code, stdout } = await runScript("no-tx-migrations", [
      "--evidence",
      folder,
      "--migrations",
      directory,
    ]);
    expect(stdout).toMatch(/^failed {2}no-tx\.failed-build-of-repair-index: /m);
    expect(stdout).toContain("invalid indexes after the second run");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("4 passed, 2 failed");
    expect(code).toBe(1);
    const evidence = await evidenceOf("no-tx-migrations", folder);
    expect(evidence).toMatchObject({ passed: 4, failed: 2 });
  });
});

describe("with DATABASE_URL", () => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    server = await embeddedProvider().start();
  });
  afterAll(() => server.stop());

  it("it works in databases of its own on that server, and leaves nothing there", async () => {
    const DATABASE_URL = `postgresql://counterpoint@${encodeURIComponent(server.socketFolder)}:5432/postgres`;
    const { code, stdout } = await runScript("idempotency-zombie", ["--evidence", folder], { DATABASE_URL });
    expect(stdout).toMatch(/^6 passed, 0 failed$/m);
    expect(code).toBe(0);
    expect((await evidenceOf("idempotency-zombie", folder)).postgres.provider).toBe("url");

    const connection = await server.connect(null);
    const { rows: left } = await connection.query(
      "SELECT datname::text AS name FROM pg_database WHERE NOT datistemplate UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'symphony%'",
      [],
    );
    await connection.close();
    expect(left).toEqual([{ name: "postgres" }]);
  });

  it("a server that does not answer is an environment fault; nothing is counted", async () => {
    const { code, stdout, stderr } = await runScript("db-functions", ["--evidence", folder], {
      DATABASE_URL: "postgresql://u:not-told@127.0.0.1:1/db",
    });
    expect(stdout).toBe("");
    expect(stderr).toContain("cannot connect to u@127.0.0.1:1/db");
    expect(stderr).not.toContain("not-told");
    expect(code).toBe(3);
  });
});

import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyResultFaults } from "../reports/schema.ts";
import type { VerifyResult } from "../schema/json/verify-result.ts";
import { type EmbeddedServer, embeddedProvider } from "../sim/database/embedded/provider.ts";
import { readMigrations } from "../sim/database/migrations.ts";
import { migrate } from "../sim/database/migrator.ts";
import { connect } from "../sim/database/pg-connection.ts";
import { describeLedger, describeSchema } from "../sim/database/schema-description.ts";
import { foundationChecks } from "../sim/foundation/verify.ts";
import { ownMigrations } from "./own-migrations.ts";
import { runCli, temporaryFolder } from "./testing/run-cli.ts";

const all = foundationChecks.length;
let server: EmbeddedServer;
let folder: string;
let broken: string;

/** A database that is not ours: its owner is no superuser. */
beforeAll(async () => {
  server = await embeddedProvider().start();
  const superuser = await server.connect(null);
  await superuser.run("CREATE ROLE payments LOGIN CREATEROLE");
  await superuser.run("CREATE ROLE stranger LOGIN");
  await superuser.run("CREATE DATABASE payments OWNER payments");
  await superuser.close();
  const owner = await connectAs("payments");
  await migrate(owner, await readMigrations(ownMigrations), { wait: () => setTimeout(10) });
  await owner.close();

  folder = temporaryFolder();
  broken = join(folder, "broken");
  await cp(ownMigrations, broken, { recursive: true });
  const path = join(broken, "0009_pending_fillfactor.sql");
  await writeFile(path, (await readFile(path, "utf8")).replace("fillfactor = 80", "fillfactor = 100"));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const connectAs = (user: string): ReturnType<typeof connect> =>
  connect({ host: server.socketFolder, port: 5432, user, database: "payments", password: "", ssl: false });
const urlAs = (user: string): string =>
  `postgresql://${user}:not-told@${encodeURIComponent(server.socketFolder)}:5432/payments`;
const documentOf = (stdout: string): VerifyResult => JSON.parse(stdout) as VerifyResult;

describe("counterpoint verify", () => {
  it("prints a line for each check of a throw-away database, and a closing count", async () => {
    const { code, stdout } = await runCli(["verify"]);
    for (const { id } of foundationChecks)
      expect(stdout).toMatch(new RegExp(`^ok {8}${id.replaceAll(".", "\\.")} `, "m"));
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`${all} ok, 0 violated`);
    expect(code).toBe(0);
  });

  it("says by name what is wrong with a directory's migrations, and the statement that mends it", async () => {
    const { code, stdout } = await runCli(["verify", "--migrations", broken], {
      DATABASE_URL: urlAs("payments"),
    });
    expect(stdout).toMatch(/^violated {2}storage\.fillfactor /m);
    expect(stdout).toContain("has fillfactor=100, not fillfactor=80");
    expect(stdout).toContain("mend: ALTER TABLE public.payment_outbox_pending SET (fillfactor = 80);\n");
    expect(stdout).toContain(`${all - 1} ok, 1 violated\n`);
    expect(code).toBe(1);
  });

  it("writes JSON that keeps its schema, and JUnit", async () => {
    const junit = join(folder, "verify.xml");
    const { code, stdout } = await runCli(["verify", "--migrations", broken, "--json", "--junit", junit]);
    const document = documentOf(stdout);
    expect(verifyResultFaults(document)).toEqual([]);
    expect(document).toMatchObject({
      verdict: "violated",
      database: { throwAway: true },
      counts: { ok: all - 1, violated: 1, unknown: 0 },
    });
    const xml = await readFile(junit, "utf8");
    expect(xml).toContain(`tests="${all}" failures="1" errors="0"`);
    expect(xml).toMatch(
      /<testcase classname="foundation\.storage" name="storage\.fillfactor[^>]*>\s*<failure message="[^"]*fillfactor=100/,
    );
    expect(code).toBe(1);
  });
});

describe("--attack", () => {
  it("says which operation somebody could do that may not, how many were tried, and what mends it", async () => {
    const open = join(folder, "open");
    await cp(ownMigrations, open, { recursive: true });
    await writeFile(
      join(open, "0014_open.sql"),
      "GRANT TRUNCATE ON public.payment_outbox_attempts TO symphony_control;",
    );
    const junit = join(folder, "attack.xml");
    const env = { DATABASE_URL: urlAs("payments") };
    const args = ["verify", "--attack", "--seed", "3", "--json", "--junit", junit, "--migrations", open];
    const { code, stdout } = await runCli(args, env);
    const document = documentOf(stdout);
    expect(verifyResultFaults(document)).toEqual([]);
    expect(document).toMatchObject({
      verdict: "violated",
      database: { throwAway: true },
      attack: { seed: 3 },
    });
    expect(document.attack?.operations).toBeGreaterThan(900);
    expect(document.attack?.attempts).toBeGreaterThan(12 * 900);
    const attacks = document.checks.filter(({ id }) => id.startsWith("attack."));
    expect(attacks.map(({ id }) => id)).toEqual([
      "attack.append-only",
      "attack.matrix",
      "attack.disguises",
      "attack.random",
    ]);
    expect(attacks.find(({ id }) => id === "attack.matrix")?.problems).toEqual([
      {
        what:
          "symphony_control, table payment_outbox_attempts: can do what section 4 does not list; tried: truncate; " +
          "expected 42501, observed P0001",
        sql: "REVOKE TRUNCATE ON TABLE public.payment_outbox_attempts FROM symphony_control, PUBLIC;",
        advice: null,
      },
    ]);
    expect(await readFile(junit, "utf8")).toMatch(
      /classname="foundation\.attack" name="attack\.matrix[^>]*>\s*<failure message="symphony_control/,
    );
    expect(code).toBe(1);
  });
});

describe("a given database", () => {
  it("is verified as its owner, no superuser, and stays as it is", async () => {
    const owner = await connectAs("payments");
    const before = [await describeSchema(owner), await describeLedger(owner)];
    const { code, stdout, stderr } = await runCli(["verify", "--json", "--database-url", urlAs("payments")]);
    expect([await describeSchema(owner), await describeLedger(owner)]).toEqual(before);
    await owner.close();
    const document = documentOf(stdout);
    expect(document).toMatchObject({ verdict: "ok", database: { throwAway: false }, counts: { ok: all } });
    // Two seconds are promised for a quiet machine, start included; this is what the database has to do with it.
    expect(document.seconds).toBeLessThan(2);
    expect(stdout + stderr).not.toContain("not-told");
    expect(code).toBe(0);
  });

  it("is that of DATABASE_URL when nothing else is asked for", async () => {
    const { code, stdout } = await runCli(["verify", "--json"], { DATABASE_URL: urlAs("payments") });
    expect(documentOf(stdout).database.throwAway).toBe(false);
    expect(code).toBe(0);
  });

  it("is not touched where --migrations is given alone, and that is said", async () => {
    const { code, stdout, stderr } = await runCli(["verify", "--json", "--migrations", ownMigrations], {
      DATABASE_URL: urlAs("payments"),
    });
    expect(documentOf(stdout).database.throwAway).toBe(true);
    expect(stderr).toContain("DATABASE_URL is passed over");
    expect(code).toBe(0);
  });

  it("is compared with the files of --migrations", async () => {
    const { code, stdout } = await runCli([
      "verify",
      "--database-url",
      urlAs("payments"),
      "--migrations",
      broken,
    ]);
    expect(stdout).toMatch(/^violated {2}ledger\.files /m);
    expect(stdout).toContain("0009_pending_fillfactor.sql has the checksum");
    expect(code).toBe(1);
  });

  it("that hides a part from a stranger is unknown, not ok", async () => {
    const { code, stdout } = await runCli(["verify", "--database-url", urlAs("stranger")]);
    expect(stdout).toMatch(/^unknown {3}ledger\.files /m);
    expect(stdout).toMatch(/ ok, 0 violated, \d+ unknown\n$/);
    expect(code).toBe(4);
  });
});

describe("what was given or is there is at fault", () => {
  it.each([
    [2, ["verify", "--database-url", "http://not-told"], "the URL cannot be read"],
    [2, ["verify", "--migrations", "/nowhere"], "the directory cannot be read"],
    [2, ["verify", "--colour"], "unknown option"],
    [2, ["verify", "--seed", "1"], "--seed is for --attack"],
    [
      2,
      ["verify", "--attack", "--database-url", "postgresql://u:not-told@127.0.0.1:1/db"],
      "the database of --database-url is only read",
    ],
    [
      2,
      ["verify", "--migrations", ownMigrations, "--junit", "/nowhere/verify.xml"],
      "cannot be written: ENOENT",
    ],
    [
      3,
      ["verify", "--database-url", "postgresql://u:not-told@127.0.0.1:1/db"],
      "cannot connect to u@127.0.0.1:1/db",
    ],
  ] as const)("%i %j", async (expected, args, said) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toContain(said);
    expect(stdout + stderr).not.toContain("not-told");
    expect(code).toBe(expected);
  });
});

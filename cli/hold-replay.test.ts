import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordedFile } from "../reports/testing/recorded.ts";
import { connect } from "../sim/database/pg-connection.ts";
import { runCli, type Running, startCli, temporaryFolder } from "./testing/run-cli.ts";
import { plantedMigrations } from "./testing/planted-migrations.ts";

let folder: string;
let migrations: string;
beforeAll(async () => {
  folder = temporaryFolder();
  migrations = await plantedMigrations(join(folder, "migrations"), "claim-waits");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function keep(...args: readonly string[]): { running: Running; printed: () => string } {
  const running = startCli(
    ["replay", recordedFile("claim-waits"), "--migrations", migrations, "--anyway", "--keep", ...args],
    {},
    "open",
  );
  let text = "";
  running.process.stdout?.on("data", (part: string) => (text += part));
  return { running, printed: () => text };
}

/** What the printed command joins. */
function target(printed: string) {
  const [, host = "", port, user, database] =
    /^psql -h (\S+) -p (\d+) -U (\S+) -d (\S+)$/m.exec(printed) ?? [];
  return { host, port: Number(port), user, database, password: "", ssl: false };
}

describe("replay --keep", () => {
  it("stops before the wrong step, in a database that one can join; the end of the input ends it, and nothing is left", async () => {
    const { running, printed } = keep();
    await running.stderrHas("kept until Enter");
    expect(printed()).toMatch(/^stopped before step 4 of 4$/m);
    expect(printed()).toMatch(
      /^ {2}A {2}idle\n {2}B {2}in a transaction\n {2}the virtual clock shows \+0\.000002s$/m,
    );
    const joined = target(printed());
    const connection = await connect(joined);
    const { rows } = await connection.query(
      "select count(*)::int as rows, (select count(*)::int from pg_locks where locktype = 'transactionid') as locks from public.payment_outbox_pending",
      [],
    );
    expect(rows).toEqual([{ rows: 1, locks: 1 }]);
    await connection.close();
    running.process.stdin?.end();
    expect((await running.ended).code).toBe(0);
    expect(existsSync(joined.host)).toBe(false);
  });

  it("shows who waits before a later step; SIGINT ends it: exit 130", async () => {
    const { running, printed } = keep("5");
    await running.stderrHas("kept until Enter");
    expect(printed()).toMatch(/^ {2}A {2}waits for B: claim batch=1 worker=w1 lease=1s$/m);
    running.process.kill("SIGINT");
    expect((await running.ended).code).toBe(130);
    expect(existsSync(target(printed()).host)).toBe(false);
  });

  it.each([
    [["--keep", "6"], "the case has 4 steps"],
    [["--keep", "--json"], "--keep plays once"],
  ])("refuses %j: exit 2", async (args, says) => {
    const { code, stderr } = await runCli(["replay", recordedFile("claim-waits"), "--anyway", ...args]);
    expect(stderr).toContain(says);
    expect(code).toBe(2);
  });
});

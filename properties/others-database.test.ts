import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Connection } from "../sim/database/connection.ts";
import type { EmbeddedServer } from "../sim/database/embedded/provider.ts";
import { urlProvider } from "../sim/database/url.ts";
import {
  migrationsWith,
  ownMigrationsDirectory,
  withEmbeddedServer,
  withStage,
} from "../sim/testing/embedded-stage.ts";
import { type CampaignOptions, type CampaignResult, runCampaign } from "./campaign.ts";
import { plantedBugs } from "./planted/bugs.ts";
import { plant } from "./planted/planted-bug.ts";

const never = new AbortController().signal;
const campaign: CampaignOptions = {
  seed: 11,
  size: { sessions: 3, steps: 40 },
  runs: 40,
  shard: { index: 0, count: 1 },
  lanes: 2,
  bail: true,
  stop: never,
  quit: never,
  onProgress: () => undefined,
  onFailure: () => undefined,
};

/** Somebody else's tables, one of them with the name of one of ours, and their own role with rights on them. */
const othersSql = `
  CREATE ROLE accountant LOGIN;
  CREATE TABLE invoices (id int PRIMARY KEY, note text);
  INSERT INTO invoices SELECT i, repeat('x', i) FROM generate_series(1, 200) AS i;
  CREATE TABLE payment_outbox_pending (mine text);
  INSERT INTO payment_outbox_pending VALUES ('not yours');
  CREATE FUNCTION claim_outbox_batch() RETURNS int LANGUAGE sql AS 'SELECT 42';
  GRANT SELECT ON invoices TO accountant`;

test("a campaign on a server by URL leaves other people's databases and roles as they were", async () => {
  await withEmbeddedServer(async (theirs) => {
    const connection = await theirs.connect(null);
    await connection.run(othersSql);
    const before = await everything(connection);
    const result = await runByUrl(theirs, new Map());
    expect(result).toMatchObject({ verdict: "ok", runs: campaign.runs, unknown: [] });
    expect(await everything(connection)).toEqual(before);

    await connection.run("UPDATE invoices SET note = 'changed' WHERE id = 7");
    expect(await everything(connection)).not.toEqual(before);
    await connection.close();
  });
});

test("a planted bug has the same verdict and signature on a server by URL", async () => {
  const bug = plantedBugs.find(({ id }) => id === "idempotency-by-look-up");
  if (bug === undefined) throw new Error("no such planted bug");
  const edited = plant(bug, (file) => readFileSync(join(ownMigrationsDirectory, file), "utf8"));
  await withEmbeddedServer(async (server) => {
    const embedded = await withStage(server, await migrationsWith(edited), (stage) =>
      runCampaign(() => stage.openLane(campaign.size.sessions), campaign),
    );
    const byUrl = await runByUrl(server, edited);
    expect(byUrl.verdict).toBe("violated");
    expect(named(byUrl)).toEqual(named(embedded));
  });
});

test("cases that crash the server are left out by URL, and counted; all of them are nothing shown", async () => {
  await withEmbeddedServer(async (target) => {
    const options = { ...campaign, runs: 5, crashes: "always" as const, leaveOutCrashes: true };
    const { runs, leftOut, verdict } = await runByUrl(target, new Map(), options);
    expect({ runs, leftOut, verdict }).toEqual({ runs: 0, leftOut: 5, verdict: "unknown" });
  });
});

async function runByUrl(
  target: EmbeddedServer,
  edited: ReadonlyMap<string, string>,
  options = campaign,
): Promise<CampaignResult> {
  const server = await urlProvider(`postgresql://counterpoint@/postgres?host=${target.socketFolder}`).start();
  try {
    return await withStage(server, await migrationsWith(edited), (stage) =>
      runCampaign((kind) => stage.openLane(options.size.sessions, kind), options),
    );
  } finally {
    await server.stop();
  }
}

function named({ failures }: CampaignResult) {
  return failures.map((failure) => ({ case: failure.case, signature: failure.signature }));
}

/** Every row of every table, the catalogs and what all databases share included, as text. */
async function everything(connection: Connection): Promise<readonly string[]> {
  const { rows } = await connection.query(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' ORDER BY 1",
    [],
  );
  const dump: string[] = [];
  for (const name of rows.map((row) => String(row["name"]))) {
    const table = await connection.query(`SELECT t::text AS row FROM ${name} AS t ORDER BY 1`, []);
    dump.push(...table.rows.map((row) => `${name}: ${String(row["row"])}`));
  }
  return dump;
}

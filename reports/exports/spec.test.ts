import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import { hasYields } from "../../sim/schedule.ts";
import { migrationsWith, withStage } from "../../sim/testing/embedded-stage.ts";
import { recorded, recordedBugs } from "../testing/recorded.ts";
import { scriptOf } from "./script.ts";
import { specText } from "./spec.ts";
import { runIsolationtester, withMigrated } from "./testing/isolationtester.ts";
import { plantedMigrations } from "./testing/planted-migrations.ts";
import { differencesFrom } from "./testing/outcomes.ts";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

/** As the command line makes it. */
async function scriptFor(bug: string, migrations: readonly Migration[]) {
  const counterexample = recorded(bug);
  if (!hasYields(counterexample.schedule)) return scriptOf(counterexample);
  return withStage(server, migrations, async (stage) =>
    scriptOf(counterexample, (await stage.instrumentation()).definitions),
  );
}

describe("a spec, run by PostgreSQL's own isolationtester on a database that was just migrated", () => {
  it.each(recordedBugs.filter((bug) => bug !== "siblings-locked"))(
    "%s: every answer, error and wait is the recorded one",
    async (bug) => {
      const migrations = await plantedMigrations(bug);
      const script = await scriptFor(bug, migrations);
      const { stdout, stderr, code } = await withMigrated(server, migrations, ({ name }) =>
        runIsolationtester(server, name, specText(script)),
      );
      expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
      expect(differencesFrom(script, stdout)).toEqual([]);
    },
  );

  it("siblings-locked: two calls deadlock; which of them fails is the server's choice", async () => {
    const migrations = await plantedMigrations("siblings-locked");
    const text = specText(await scriptFor("siblings-locked", migrations));
    expect(text.replaceAll("\n# ", " ")).toContain("is the server's choice here");
    const { stdout } = await withMigrated(server, migrations, ({ name }) =>
      runIsolationtester(server, name, text),
    );
    expect(stdout.match(/^ERROR: {2}deadlock detected$/gm)).toHaveLength(1);
  });

  it("gives another outcome where the bug is mended", async () => {
    const script = scriptOf(recorded("fence-without-token"));
    const { stdout } = await withMigrated(server, await migrationsWith(new Map()), ({ name }) =>
      runIsolationtester(server, name, specText(script)),
    );
    expect(differencesFrom(script, stdout)).toEqual(["A3_complete: no answer, but an error"]);
    expect(stdout).toContain("ERROR:  LEASE_LOST");
  });
});

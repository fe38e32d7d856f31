import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stopwatch } from "../../sim/clock/stopwatch.ts";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import type { OpenLane } from "../../sim/lane-slot.ts";
import { migrationsWith, ownMigrationsDirectory, withStage } from "../../sim/testing/embedded-stage.ts";
import { runCampaign } from "../campaign.ts";
import { plant, type PlantedBug } from "./planted-bug.ts";
import { yieldBugs } from "./yield-bugs.ts";
import { type Hunt, hunt } from "./hunt.ts";
import { isAsExpected, yieldCases } from "./yield-comparison.ts";

const read = (file: string) => readFileSync(join(ownMigrationsDirectory, file), "utf8");
const never = new AbortController().signal;
/** A seed that comes to all of them soon: `counterpoint mutants` looks for them with others. */
const seed = 2;
const size = { sessions: 3, steps: 40 };
const secondsNow = stopwatch();
const runs = 600;

const look = (openLane: OpenLane, yields: "always" | "never", most: number): Promise<Hunt> =>
  hunt(openLane, {
    ...{ cases: yieldCases({ seed, size }, yields), stop: never, secondsNow },
    isEnough: (schedules) => schedules >= most,
  });

/** Of each function that has such bugs, one that only yields show: it is looked for without them too, in as many schedules as
 *  were needed with them. `counterpoint mutants --compare-yields` does so for all. */
const comparedHere: ReadonlySet<string> = new Set([
  "look-ups-in-wrong-order",
  "claim-locks-without-recheck",
  "repair-locks-without-recheck",
]);

describe(`bugs between two statements (seed ${seed})`, () => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    server = await embeddedProvider().start();
  });
  afterAll(() => server.stop());

  async function withLanes(bug: PlantedBug | null, action: (open: OpenLane) => Promise<void>): Promise<void> {
    const edits = bug === null ? new Map<string, string>() : plant(bug, read);
    await withStage(server, await migrationsWith(edits), (stage) =>
      action((kind) => stage.openLane(size.sessions, kind)),
    );
  }

  test.each(yieldBugs.map((bug) => [bug.id, bug] as const))("%s is found with yields", async (id, bug) => {
    await withLanes(bug, async (openLane) => {
      const on = await look(openLane, "always", runs);
      expect(on).toMatchObject({ unknown: 0, signature: expect.any(String) as string });
      if (!comparedHere.has(id)) return;
      const off = await look(openLane, "never", on.schedules);
      expect(off).toMatchObject({ schedules: on.schedules, unknown: 0, signature: null });
    });
  });

  test("one is shrunk to the known minimum, and shown again", async () => {
    const bug = yieldBugs.find(({ id }) => id === "claim-locks-without-recheck");
    if (bug === undefined) throw new Error("no such bug");
    await withLanes(bug, async (openLane) => {
      const { failures } = await runCampaign(openLane, {
        ...{ seed, size, yields: "always", readCommitted: true, runs, lanes: 1, bail: true },
        ...{ shard: { index: 0, count: 1 }, stop: never, quit: never },
        onProgress: () => undefined,
        onFailure: () => undefined,
      });
      expect(failures[0]).toMatchObject({ reproduced: true, signature: "INV-04: a row has two live leases" });
      expect(failures[0]?.schedule.steps.length).toBeLessThanOrEqual(bug.steps);
    });
  });

  test("none is seen in our own functions", async () => {
    await withLanes(null, async (openLane) => {
      const shown = await look(openLane, "always", 100);
      expect(shown).toMatchObject({ schedules: 100, unknown: 0, signature: null });
    });
  });
});

describe("a comparison is as it should be", () => {
  const found: Hunt = { signature: "s", schedules: 3, seconds: 1, unknown: 0 };
  const missed: Hunt = { ...found, signature: null };
  const needing = yieldBugs.find(({ withoutYields }) => !withoutYields) ?? null;
  const plain = yieldBugs.find(({ withoutYields }) => withoutYields) ?? null;

  test.each([
    ["only yields show it", needing, found, missed, true],
    ["it is found without yields too, and was said to need them", needing, found, found, false],
    ["it is not found", needing, missed, missed, false],
    ["it is found either way", plain, found, found, true],
    ["only yields show it, and it was said not to need them", plain, found, missed, false],
    ["nothing is found on our own migrations", null, missed, missed, true],
    ["something is found on our own migrations", null, found, missed, false],
  ])("%s", (_, bug, withYields, withoutYields, expected) => {
    expect(isAsExpected({ bug, withYields, withoutYields })).toBe(expected);
  });
});

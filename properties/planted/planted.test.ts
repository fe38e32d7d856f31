import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { migrationsWith, ownMigrationsDirectory, withStage } from "../../sim/testing/embedded-stage.ts";
import type { Lane } from "../../sim/lane.ts";
import { withLaneSlot } from "../../sim/lane-slot.ts";
import { type CampaignOptions, runCampaign } from "../campaign.ts";
import { counterexampleOf } from "../counterexample.ts";
import { runCase } from "../run-case.ts";
import { invariants } from "../invariants/index.ts";
import { plantedBugs } from "./bugs.ts";
import { plant, type PlantedBug } from "./planted-bug.ts";

const read = (file: string) => readFileSync(join(ownMigrationsDirectory, file), "utf8");
const never = new AbortController().signal;
const seed = 1;
const campaign: CampaignOptions = {
  seed,
  size: { sessions: 3, steps: 40 },
  runs: 2_000,
  shard: { index: 0, count: 1 },
  lanes: 2,
  bail: true,
  stop: never,
  quit: never,
  onProgress: () => undefined,
  onFailure: () => undefined,
};

/** These have one symptom, or several of the same length. */
const shrinksToMinimum: ReadonlySet<string> = new Set([
  "fence-without-token",
  "fence-at-expiry",
  "claim-expired",
  "claim-waits",
  "ceiling-off-by-one-in-repair",
  "repair-keeps-lease",
  "terminal-row-stays",
  "repeat-takes-number",
  "notify-on-repeat",
  "idempotency-by-look-up",
  "claim-newest",
]);

/** One or two for each invariant; `counterpoint mutants` looks for all of them. */
const everyPush: ReadonlySet<string> = new Set([
  ...shrinksToMinimum,
  "numbers-skip",
  "token-of-the-row",
  "completed-twice",
  "attempt-overwritten",
  "attempt-count-forgotten",
  "repair-live",
  "claim-early",
  "siblings-locked",
  "readonly-claims",
  "active-with-end",
  "claim-skips-retried",
  "ceiling-counts-only-failures",
  "repair-skips-last-attempt",
]);

describe(`planted bugs are found, shrunk and replayed (seed ${seed})`, () => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    server = await embeddedProvider().start();
  });
  afterAll(() => server.stop());

  test.each(plantedBugs.filter(({ id }) => everyPush.has(id)).map((bug) => [bug.id, bug] as const))(
    "%s",
    async (_, bug) => {
      await withStage(server, await migrationsWith(plant(bug, read)), async (stage) => {
        const openLane = () => stage.openLane(campaign.size.sessions);
        await isFoundAndShrunk(openLane, bug);
        await isSeenByItsInvariantAlone(openLane, bug);
      });
    },
  );
});

async function isFoundAndShrunk(openLane: () => Promise<Lane>, bug: PlantedBug): Promise<void> {
  const { verdict, failures } = await runCampaign(openLane, campaign);
  expect(verdict).toBe("violated");
  const [failure] = failures;
  if (failure === undefined) throw new Error("violated without a failure");
  expect(failure.reproduced).toBe(true);
  // What was found first may be another symptom, with a minimum of its own.
  const most = shrinksToMinimum.has(bug.id) ? bug.steps : bug.steps + 2;
  expect(failure.schedule.steps.length).toBeLessThanOrEqual(most);

  const history = JSON.stringify(failure.history);
  for (let time = 0; time < 3; time += 1) {
    const result = await withLaneSlot(openLane, (slot) => runCase(slot, failure.schedule));
    expect(counterexampleOf(failure.schedule, result)?.signature).toBe(failure.signature);
    expect(JSON.stringify(result.history)).toBe(history);
  }
}

async function isSeenByItsInvariantAlone(openLane: () => Promise<Lane>, bug: PlantedBug): Promise<void> {
  const alone = invariants.filter(({ id }) => id === bug.invariant);
  expect(alone).toHaveLength(bug.invariant === null ? 0 : 1);
  if (bug.invariant === null) return;
  const { failures } = await runCampaign(openLane, {
    ...campaign,
    oracles: { invariants: alone, model: false },
    // Not to be shrunk.
    quit: AbortSignal.abort(),
  });
  expect(failures.map(({ violations }) => violations[0].invariant)).toEqual([bug.invariant]);
}

test("every invariant that a history shows has a planted bug", () => {
  const planted = new Set(plantedBugs.map(({ invariant }) => invariant));
  expect(invariants.filter(({ id }) => !planted.has(id))).toEqual([]);
});

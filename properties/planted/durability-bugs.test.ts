import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { type OpenLane, withLaneSlot } from "../../sim/lane-slot.ts";
import { migrationsWith, ownMigrationsDirectory, withStage } from "../../sim/testing/embedded-stage.ts";
import { type CampaignOptions, runCampaign } from "../campaign.ts";
import type { Step } from "../../sim/schedule.ts";
import { counterexampleOf } from "../counterexample.ts";
import { durability } from "../invariants/durability.ts";
import { runCase } from "../run-case.ts";
import { durabilityBugs } from "./durability-bugs.ts";
import { equivalentChanges } from "./equivalent-changes.ts";
import { enqueue, fault, schedule } from "../testing/scenario.ts";
import { plant, type PlantedBug } from "./planted-bug.ts";

const read = (file: string) => readFileSync(join(ownMigrationsDirectory, file), "utf8");
const never = new AbortController().signal;
const campaign: CampaignOptions = {
  seed: 1,
  size: { sessions: 3, steps: 40 },
  crashes: "always",
  runs: 200,
  shard: { index: 0, count: 1 },
  lanes: 1,
  bail: true,
  stop: never,
  quit: never,
  onProgress: () => undefined,
  onFailure: () => undefined,
};

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

async function withLanes(
  change: Pick<PlantedBug, "id" | "edits">,
  action: (open: OpenLane) => Promise<void>,
) {
  await withStage(server, await migrationsWith(plant(change, read)), (stage) =>
    action((kind) => stage.openLane(campaign.size.sessions, kind)),
  );
}

test.each(durabilityBugs.map((bug) => [bug.id, bug] as const))(
  "%s is found, shrunk to the known minimum, replays, and INV-20 sees it by itself",
  async (_, bug) => {
    await withLanes(bug, async (openLane) => {
      const { failures } = await runCampaign(openLane, campaign);
      const [failure] = failures;
      if (failure === undefined) throw new Error("nothing was found");
      expect(failure.violations[0].invariant).toBe(bug.invariant);
      expect(failure.reproduced).toBe(true);
      expect(failure.schedule.steps.length).toBeLessThanOrEqual(bug.steps);
      for (let time = 0; time < 5; time += 1) {
        const again = await withLaneSlot(openLane, (slot) => runCase(slot, failure.schedule));
        expect(counterexampleOf(failure.schedule, again)?.signature).toBe(failure.signature);
        expect(again.history).toEqual(failure.history);
      }
      const oracles = { invariants: [durability], model: false };
      const alone = await runCampaign(openLane, { ...campaign, oracles, quit: AbortSignal.abort() });
      expect(alone.verdict).toBe("violated");
    });
  },
);

test("nothing that the harness does in between brings a commit to the disk that did not wait", async () => {
  const [bug] = durabilityBugs;
  if (bug === undefined) throw new Error("no such bug");
  const plain = schedule(
    { ...enqueue(0), parkAt: 2 } as Step,
    { kind: "resume", session: 0 },
    { kind: "advance", seconds: 60 },
    fault("terminate", 1),
    { kind: "crash" },
  );
  const played = { ...plain, setup: { ...plain.setup, yields: true } };
  await withStage(server, await migrationsWith(plant(bug, read)), async (stage) => {
    const openLane: OpenLane = (kind) => stage.openLane(played.sessions.length, kind);
    await withLaneSlot(openLane, async (slot) => {
      for (let time = 0; time < 5; time += 1) {
        const found = counterexampleOf(played, await runCase(slot, played));
        expect(found?.violations[0].invariant).toBe("INV-20");
      }
    });
  });
});

test("enqueue with synchronous_commit off as its own clause is not reported: it is on again at the commit", async () => {
  const change = equivalentChanges.find(({ id }) => id === "durability-of-the-call-alone");
  if (change === undefined) throw new Error("no such change");
  await withLanes(change, async (openLane) => {
    const { verdict, runs } = await runCampaign(openLane, { ...campaign, runs: 100 });
    expect({ verdict, runs }).toEqual({ verdict: "ok", runs: 100 });
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../sim/database/embedded/provider.ts";
import { type LaneKind, withLaneSlot } from "../sim/lane-slot.ts";
import type { Schedule } from "../sim/schedule.ts";
import type { Stage } from "../sim/stage.ts";
import { migrationsWith, ownMigrationsDirectory, withStage } from "../sim/testing/embedded-stage.ts";
import { auditCase, isAudited } from "./audit.ts";
import { type CampaignResult, runCampaign } from "./campaign.ts";
import { type Counterexample, shrinkCounterexample } from "./counterexample.ts";
import { breaksTiesBy, leasesAreLongerBy } from "./planted/chance.ts";
import { plant, type PlantedBug } from "./planted/planted-bug.ts";
import { runCase } from "./run-case.ts";
import { begin, claim, commit, enqueue, schedule } from "./testing/scenario.ts";

const seed = 20_261_126;
const never = new AbortController().signal;
const read = (file: string) => readFileSync(join(ownMigrationsDirectory, file), "utf8");

/** Rows that tie, since they were enqueued in one transaction, and claims one by one. */
const ties = schedule(
  begin(0),
  ...["1", "2", "3", "4", "5", "6"].map((key) => enqueue(0, key)),
  commit(0),
  ...[1, 2, 3, 1, 2].map((session) => claim(session)),
);

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

type Bug = Pick<PlantedBug, "id" | "edits">;

async function on<T>(bug: Bug | null, action: (stage: Stage) => Promise<T>): Promise<T> {
  const edits = bug === null ? new Map<string, string>() : plant(bug, read);
  return withStage(server, await migrationsWith(edits), action);
}

const lanesOf = (stage: Stage) => (kind: LaneKind) => stage.openLane(4, kind);

async function audited(stage: Stage, played: Schedule): Promise<Counterexample | null> {
  const first = await withLaneSlot(lanesOf(stage), (slot) => runCase(slot, played));
  expect(first.verdict).toEqual({ kind: "ok" });
  return (await auditCase(first, played, lanesOf(stage))).counterexample;
}

test.each([
  ["chance", "random()"],
  ["the backend's process", "md5(pg_backend_pid() || p.idempotency_key)"],
])(
  "a tie that %s breaks, which breaks no promise, is found, shrunk and shown again",
  async (_, expression) => {
    await on(breaksTiesBy(expression), async (stage) => {
      const found = await audited(stage, ties);
      expect(found).toMatchObject({ signature: "determinism: another answer" });
      if (found === null) return;
      expect(found.second).not.toEqual(found.history);

      const { shrunk } = await shrinkCounterexample(found, new Set(), lanesOf(stage), never);
      expect(shrunk).toMatchObject({ signature: found.signature, reproduced: true });
      expect(shrunk.schedule.steps.length).toBeLessThan(ties.steps.length);
      expect(shrunk.second).not.toEqual(shrunk.history);
    });
  },
);

test("our own functions break it alike", async () => {
  await on(null, async (stage) => {
    expect(await audited(stage, ties)).toBeNull();
  });
});

describe("a campaign of which every case is played twice", () => {
  const campaign = (bug: Bug | null, audit: number): Promise<CampaignResult> =>
    on(bug, (stage) =>
      runCampaign(lanesOf(stage), {
        ...{ seed, size: { sessions: 4, steps: 40 }, yields: "mix", runs: 10, audit, lanes: 1, bail: false },
        shard: { index: 0, count: 1 },
        stop: never,
        // Nothing is to be shrunk.
        quit: AbortSignal.abort(),
        onProgress: () => undefined,
        onFailure: () => undefined,
      }),
    );

  test("tells how many were, and how many differently", async () => {
    const { verdict, audited: count, failures } = await campaign(leasesAreLongerBy("pg_backend_pid()"), 1);
    expect(verdict).toBe("violated");
    expect(count.cases).toBe(10);
    expect(count.different).toBeGreaterThan(0);
    expect(failures.map(({ violations: [{ oracle }] }) => oracle)).toContain("determinism");
  });

  test("finds our own functions and the harness alike, on a used database and on a fresh one", async () => {
    const { verdict, audited: count } = await campaign(null, 1);
    expect({ verdict, count }).toEqual({ verdict: "ok", count: { cases: 10, different: 0 } });
  });

  test("plays none twice where none is asked for", async () => {
    expect((await campaign(null, 0)).audited).toEqual({ cases: 0, different: 0 });
  });
});

test("what could not be played a second time is unknown, never alike", async () => {
  await on(null, async (stage) => {
    const first = await withLaneSlot(lanesOf(stage), (slot) => runCase(slot, ties));
    const shown = await auditCase(first, ties, (kind) => stage.openLane(1, kind));
    expect(shown).toEqual({ counterexample: null, unknown: "the lane has no session 1" });
  });
});

describe("which cases are played twice", () => {
  const chosen = (share: number) =>
    Array.from({ length: 5_000 }, (_, index) => index).filter((index) => isAudited(7, index, share));

  test("is a function of the seed and the index, about the share of them, none for 0 and all for 1", () => {
    const few = chosen(0.02);
    expect(few).toEqual(chosen(0.02));
    expect(few.length).toBeGreaterThan(70);
    expect(few.length).toBeLessThan(130);
    expect(few.every((index) => isAudited(8, index, 0.02))).toBe(false);
    expect([chosen(0).length, chosen(1).length]).toEqual([0, 5_000]);
  });
});

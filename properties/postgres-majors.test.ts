import { describe, expect, test } from "vitest";
import { majors } from "../sim/database/embedded/binaries.ts";
import { embeddedProvider } from "../sim/database/embedded/provider.ts";
import { migrationsWith, withStage } from "../sim/testing/embedded-stage.ts";
import { runCampaign } from "./campaign.ts";

const never = new AbortController().signal;

describe("a short campaign (seed 3) on every major that the contract names", () => {
  test.each(majors)("PostgreSQL %i", async (major) => {
    const server = await embeddedProvider({ major }).start();
    try {
      expect(Math.floor(server.versionNumber / 10_000)).toBe(major);
      const result = await withStage(server, await migrationsWith(new Map()), (stage) =>
        runCampaign(() => stage.openLane(3), {
          seed: 3,
          size: { sessions: 3, steps: 40 },
          runs: 60,
          shard: { index: 0, count: 1 },
          lanes: 2,
          bail: false,
          stop: never,
          quit: never,
          onProgress: () => undefined,
          onFailure: () => undefined,
        }),
      );
      expect(result).toMatchObject({ verdict: "ok", runs: 60, failures: [], unknown: [] });
    } finally {
      await server.stop();
    }
  });
});

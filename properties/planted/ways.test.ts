import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stopwatch } from "../../sim/clock/stopwatch.ts";
import { embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { migrationsWith, ownMigrationsDirectory, withStage } from "../../sim/testing/embedded-stage.ts";
import { plantedBugs } from "./bugs.ts";
import { plant } from "./planted-bug.ts";
import { ablations, compareWays, strategyWays } from "./ways.ts";

const size = { sessions: 3, steps: 40 };
const search = {
  ...{ seed: 1, size, stop: new AbortController().signal, secondsNow: stopwatch() },
  isEnough: (schedules: number) => schedules >= 60,
};

test("each way looks with its own cases and oracles", async () => {
  const bug = plantedBugs.find(({ id }) => id === "due-a-second-late");
  if (bug === undefined) throw new Error("no such bug");
  const read = (file: string) => readFileSync(join(ownMigrationsDirectory, file), "utf8");
  const server = await embeddedProvider().start();
  try {
    await withStage(server, await migrationsWith(plant(bug, read)), async (stage) => {
      const { hunts } = await compareWays(
        (kind) => stage.openLane(size.sessions, kind),
        bug,
        [...strategyWays, ...ablations],
        search,
      );
      const ways = [...strategyWays, ...ablations].map(({ id }) => id);
      const told = hunts.map(({ signature, unknown }, index) => [ways[index], signature !== null, unknown]);
      expect(told).toEqual([
        ["swarm", true, 0],
        ["random", true, 0],
        ["pct", true, 0],
        ["exhaustive", true, 0],
        ["guided", true, 0],
        ["all", true, 0],
        ["without the model", false, 0],
        ["without the invariants", true, 0],
        ["without yields", true, 0],
        ["without faults", true, 0],
        ["without clock jumps", true, 0],
        ["without ticks", true, 0],
      ]);
      expect(hunts[5]).toMatchObject({ signature: hunts[0]?.signature, schedules: hunts[0]?.schedules });
    });
  } finally {
    await server.stop();
  }
});

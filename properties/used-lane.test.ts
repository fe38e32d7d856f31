import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../sim/database/embedded/provider.ts";
import { type LaneKind, withLaneSlot } from "../sim/lane-slot.ts";
import type { Schedule, Step } from "../sim/schedule.ts";
import { migrationsWith, ownMigrationsDirectory, withStage } from "../sim/testing/embedded-stage.ts";
import { plantedBugs } from "./planted/bugs.ts";
import { plant } from "./planted/planted-bug.ts";
import { runCase } from "./run-case.ts";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

/** Here the ceiling is what a backend was told when it began. */
const bug = plantedBugs.find(({ id }) => id === "ceiling-of-the-session");
const ceiling: Step = { kind: "call", session: 0, call: { op: "ceiling" } };
const schedule = (...steps: readonly Step[]): Schedule => ({
  setup: { retryCeiling: "3" },
  sessions: [{ role: "symphony_control", isolation: "READ COMMITTED" }],
  steps,
});

test.each<[string, Step[]]>([
  ["was terminated", [ceiling, { kind: "terminate", session: 0 }]],
  ["lost an answer", [ceiling, { kind: "loseAcknowledgement", session: 0 }, ceiling]],
  ["crashed with the server", [ceiling, { kind: "crash" }]],
])("a session that %s in the case before begins as on a fresh lane", async (_, steps) => {
  if (bug === undefined) throw new Error("no such bug");
  const migrations = await migrationsWith(
    plant(bug, (file) => readFileSync(join(ownMigrationsDirectory, file), "utf8")),
  );
  await withStage(server, migrations, async (stage) => {
    const open = (kind: LaneKind) => stage.openLane(1, kind);
    const [first, second] = await withLaneSlot(open, async (slot) => [
      await runCase(slot, schedule(...steps)),
      await runCase(slot, schedule(...steps)),
    ]);
    expect(first.verdict.kind).toBe("violated");
    expect(second).toEqual(first);
  });
});

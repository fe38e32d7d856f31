import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { type LaneSlot, type OpenLane, withLaneSlot } from "../../sim/lane-slot.ts";
import type { Schedule } from "../../sim/schedule.ts";
import { migrationsWith, ownMigrationsDirectory, withStage } from "../../sim/testing/embedded-stage.ts";
import { shrinkCounterexample, counterexampleOf } from "../counterexample.ts";
import { caseOf } from "../generate/cases.ts";
import type { Mode } from "../generate/mode.ts";
import { runCase } from "../run-case.ts";
import { plant } from "./planted-bug.ts";
import { yieldBugs } from "./yield-bugs.ts";

const read = (file: string) => readFileSync(join(ownMigrationsDirectory, file), "utf8");
const seed = 20_261_125;
const size = { sessions: 3, steps: 40 };
const runs = 1_500;
const never = new AbortController().signal;

/** The bugs are about what READ COMMITTED lets a function see between its statements. An advisory lock that a lock timeout
 *  gives up, or that a TRUNCATE's waiters stand behind, is another matter. */
function readCommitted(schedule: Schedule): Schedule {
  const { setup, sessions, steps } = schedule;
  return {
    setup,
    sessions: sessions.map((spec) => ({ ...spec, isolation: "READ COMMITTED" })),
    steps: steps.flatMap((step): Schedule["steps"] => {
      if (step.kind === "lockTimeout") return [];
      return step.kind === "begin" ? [{ ...step, isolation: "READ COMMITTED" }] : [step];
    }),
  };
}

interface Finding {
  readonly case: number;
  readonly counterexample: NonNullable<ReturnType<typeof counterexampleOf>>;
}

/** The first case that is violated. */
async function find(slot: LaneSlot, mode: Mode): Promise<Finding | null> {
  for (let index = 0; index < runs; index += 1) {
    const schedule = readCommitted(caseOf(seed, index, size, mode));
    const result = await runCase(slot, schedule);
    expect(result.verdict.kind).not.toBe("unknown");
    const counterexample = counterexampleOf(schedule, result);
    if (counterexample !== null) return { case: index, counterexample };
  }
  return null;
}

describe(`bugs between two statements, ${runs} cases of seed ${seed} under READ COMMITTED`, () => {
  let server: EmbeddedServer;
  const table: Record<string, string>[] = [];
  beforeAll(async () => {
    server = await embeddedProvider().start();
  });
  afterAll(async () => {
    await server.stop();
    console.table(table);
  });

  test.each(yieldBugs.map((bug) => [bug.id, bug] as const))("%s", async (id, bug) => {
    await withStage(server, await migrationsWith(plant(bug, read)), async (stage) => {
      const openLane: OpenLane = (yields) => stage.openLane(size.sessions, yields);
      const on = await withLaneSlot(openLane, (slot) => find(slot, "always"));
      const off = await withLaneSlot(openLane, (slot) => find(slot, "never"));
      const shrinking = on && (await shrinkCounterexample(on.counterexample, new Set(), openLane, never));
      const shrunk = shrinking?.shrunk;
      table.push({
        bug: id,
        "with yields": on === null ? "not found" : `case ${on.case}`,
        "without yields": off === null ? "not found" : `case ${off.case}`,
        signature: on?.counterexample.signature ?? "",
        steps: String(shrunk?.schedule.steps.length ?? ""),
      });
      expect(on).not.toBeNull();
      expect(off !== null).toBe(bug.withoutYields);
      expect(shrunk?.reproduced).toBe(true);
    });
  });

  test("none is seen in our own functions", async () => {
    await withStage(server, await migrationsWith(new Map()), async (stage) => {
      const openLane: OpenLane = (yields) => stage.openLane(size.sessions, yields);
      expect(await withLaneSlot(openLane, (slot) => find(slot, "always"))).toBeNull();
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { plantedBugs } from "../properties/planted/bugs.ts";
import type { Hunt } from "../properties/planted/hunt.ts";
import { plantedMigrations } from "../reports/exports/testing/planted-migrations.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import { type EmbeddedServer, embeddedProvider } from "../sim/database/embedded/provider.ts";
import { migrationsWith, withStage } from "../sim/testing/embedded-stage.ts";
import { commands } from "./baselines/commands.ts";
import { isFound } from "../properties/planted/hunt.ts";
import { isolationtesterWay, recordExpected } from "./baselines/isolation.ts";
import { ours } from "./baselines/ours.ts";
import { pool } from "./baselines/pool.ts";
import type { Search, Way } from "./baselines/way.ts";

const own = await migrationsWith(new Map());
const isolationtester = isolationtesterWay(own);
const easy = "attempt-count-forgotten";

let server: EmbeddedServer;
beforeAll(async () => {
  server = await embeddedProvider().start();
});
afterAll(() => server.stop());

/** Until something is found, or so much was played. */
async function find(
  way: Way,
  id: string | null,
  most: number,
  stop = new AbortController().signal,
): Promise<Hunt> {
  const bug = plantedBugs.find((each) => each.id === id) ?? null;
  const migrations = id === null ? own : await plantedMigrations(id);
  const isEnough = (count: number): boolean => count >= most;
  const search: Search = {
    seed: 1,
    size: { sessions: 4, steps: 30 },
    isEnough,
    stop,
    secondsNow: stopwatch(),
  };
  return withStage(server, migrations, (stage) =>
    way.find({ bug, migrations, server, openLane: (kind) => stage.openLane(4, kind) }, search),
  );
}

describe.each([
  { way: ours, enough: 20, most: 300, seen: "INV-08: attempt_count is not the number of attempts" },
  { way: commands, enough: 5, most: 60, seen: "pending.attemptCount differs" },
  { way: pool, enough: 1, most: 3, seen: "INV-08: attempt_count is not the number of attempts" },
  { way: isolationtester, enough: 170, most: 170, seen: "complete-complete.spec" },
])("$way.id", ({ way, enough, most, seen }) => {
  test("finds an easy bug", async () => {
    expect(await find(way, easy, most)).toMatchObject({ signature: seen, unknown: 0 });
  });

  test("finds nothing in our own migrations", async () => {
    const hunt = await find(way, null, enough);
    expect(hunt).toMatchObject({ signature: null, unknown: 0 });
    expect(hunt.schedules).toBeGreaterThanOrEqual(enough);
  });

  test("has found nothing where it was stopped", async () => {
    const hunt = await find(way, easy, most, AbortSignal.abort());
    expect(hunt).toMatchObject({ signature: null, schedules: 0, unknown: 0 });
  });
});

describe("what each way alone can see of these", () => {
  test("a call after another, in a role that may not", async () => {
    expect(isFound(await find(commands, "readonly-claims", 100))).toBe(true);
  });

  test("workers in parallel, in an error that a good call never gets", async () => {
    const { signature } = await find(pool, "claim-nowait", 20);
    expect(signature).toBe("claim failed with 55P03");
  });

  test("workers in parallel, in rows that nobody brings to an end", async () => {
    const { signature } = await find(pool, "claim-skips-retried", 2);
    expect(signature).toBe("INV-14: rows are left that nobody brings to an end");
  });

  test("workers in parallel, in wake-ups", async () => {
    expect(await find(pool, "notify-on-repeat", 1)).toMatchObject({
      signature: "not one wake-up for each row",
    });
  });
});

test("what isolationtester is expected to print is the same each time, and no step of it is given up", async () => {
  const [first, second] = [await recordExpected(server, own), await recordExpected(server, own)];
  expect([...second]).toEqual([...first]);
  expect([...first.values()].filter((text) => !text.includes("starting permutation: "))).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedServer, embeddedProvider } from "../../sim/database/embedded/provider.ts";
import { plantedHoles, type PlantedHole } from "./planted-holes.ts";
import { withScene } from "./scene.ts";
import type { PrivilegeTarget } from "./target.ts";
import { embeddedTargets } from "./testing/embedded-targets.ts";
import type { PrivilegeViolation } from "./violation.ts";

describe("a hole in the privileges is found:", () => {
  let server: EmbeddedServer;
  let newTarget: () => Promise<PrivilegeTarget>;
  beforeAll(async () => {
    server = await embeddedProvider().start();
    newTarget = await embeddedTargets(server);
  });
  afterAll(() => server.stop());

  test.each(plantedHoles.map((hole) => [hole.id, hole] as const))("%s", async (_, hole) => {
    const target = await newTarget();
    await run(target, hole.sql);
    try {
      expect(await firstViolation(target, hole)).toMatchObject({ invariant: "INV-17", ...hole.violation });
    } finally {
      if (hole.undo !== undefined) await run(target, hole.undo);
    }
  });
});

const firstViolation = (target: PrivilegeTarget, hole: PlantedHole): Promise<PrivilegeViolation | null> =>
  withScene(target, async (scene) => {
    for await (const each of hole.seenBy(scene)) return each;
    return null;
  });

async function run(target: PrivilegeTarget, sql: string): Promise<void> {
  const connection = await target.connect();
  await connection.run(sql);
  await connection.close();
}

import { expect, test } from "vitest";
import { withEmbeddedServer } from "../../../sim/testing/embedded-stage.ts";
import { connectAsMember } from "../members.ts";
import { type Scene, withScene } from "../scene.ts";
import { embeddedTargets } from "../testing/embedded-targets.ts";
import type { Preparation } from "./disguise.ts";
import { preparationsByKind, searchPathPreparations } from "./groups.ts";
import { argumentFormSql, preparationSql, spySql } from "./preparation-sql.ts";
import { inSavepoint, surroundingsOf } from "./prepare.ts";

const who = "symphony_control";

/** PostgreSQL itself refuses these to who is no superuser. */
const refusedByServer = [
  { kind: "setting", name: "plpgsql.variable_conflict", value: "use_column" },
  { kind: "setting", name: "session_replication_role", value: "replica" },
  ...["everywhere", "in this database"].map((where) => ({
    kind: "setting of the own role",
    where,
    name: "symphony.outbox_retry_ceiling",
    value: "1000",
  })),
];

// A preparation that fails for a slip in its SQL would make every check of ways round pass for nothing.
test("every preparation is one: the server grants it, or refuses it for want of rights", async () => {
  await withEmbeddedServer(async (server) => {
    const newTarget = await embeddedTargets(server);
    const outcomes = await withScene(await newTarget(), outcomesIn);
    const failed = outcomes.filter(({ outcome }) => outcome !== "done");
    expect(failed.map(({ what }) => what)).toEqual(refusedByServer);
    expect(new Set(failed.map(({ outcome }) => outcome))).toEqual(new Set(["42501"]));
  });
});

interface Outcome {
  readonly what: Preparation | string;
  readonly outcome: string;
}

async function outcomesIn(scene: Scene): Promise<readonly Outcome[]> {
  const surroundings = surroundingsOf(scene, who);
  const all: readonly (readonly [Outcome["what"], string])[] = [
    ...[...preparationsByKind.flat(), ...searchPathPreparations].map(
      (each) => [each, preparationSql(each, surroundings)] as const,
    ),
    ...Object.entries(argumentFormSql),
  ];
  const connection = await connectAsMember(scene.target, scene.members, who);
  try {
    const outcomes: Outcome[] = [];
    for (const [what, sql] of all) {
      await connection.run(`BEGIN; ${spySql}`);
      outcomes.push({ what, outcome: (await inSavepoint(connection, sql)).outcome });
      await connection.run("ROLLBACK");
    }
    return outcomes;
  } finally {
    await connection.close();
  }
}

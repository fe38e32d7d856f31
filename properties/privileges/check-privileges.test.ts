import { expect, test } from "vitest";
import type { Connection } from "../../sim/database/connection.ts";
import { withEmbeddedServer } from "../../sim/testing/embedded-stage.ts";
import { checkPrivileges } from "./check-privileges.ts";
import { embeddedTargets } from "./testing/embedded-targets.ts";

const seed = 17;

test(`nobody can do more or less than section 4 lists, in any disguise (seed ${seed})`, async () => {
  await withEmbeddedServer(async (server) => {
    const newTarget = await embeddedTargets(server);
    const { operations, attempts, parts } = await checkPrivileges(await newTarget(), { seed, runs: 80 });
    expect(parts.filter(({ violations, broken }) => violations.length > 0 || broken !== null)).toEqual([]);
    for (const { id, attempts: tried } of parts) expect(tried, id).toBeGreaterThan(50);
    // The owner, each role in two ways, and PUBLIC: no cell is left out.
    expect(attempts).toBeGreaterThan(12 * operations);
    expect(await rolesLeft(server)).toEqual([]);
  });
});

async function rolesLeft(server: { connect(database: null): Promise<Connection> }): Promise<unknown[]> {
  const connection = await server.connect(null);
  const { rows } = await connection.query(
    "select rolname from pg_roles where rolname like 'counterpoint\\_%'",
    [],
  );
  await connection.close();
  return [...rows];
}

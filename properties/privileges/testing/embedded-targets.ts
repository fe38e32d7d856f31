import { migrate } from "../../../sim/database/migrator.ts";
import type { EmbeddedServer } from "../../../sim/database/embedded/provider.ts";
import { makeTemplate } from "../../../sim/database/template.ts";
import { migrationsWith } from "../../../sim/testing/embedded-stage.ts";
import { embeddedTarget } from "../embedded-target.ts";
import type { PrivilegeTarget } from "../target.ts";

/** New copies of a database with our migrations on an embedded server, where everybody may log in. */
export async function embeddedTargets(server: EmbeddedServer): Promise<() => Promise<PrivilegeTarget>> {
  const migrations = await migrationsWith(new Map());
  const template = await makeTemplate(server, async (connection) => {
    await migrate(connection, migrations, { wait: () => Promise.resolve() });
  });
  return async () => embeddedTarget(server, await template.clone());
}

import { ConnectionLost, type Connection } from "../../database/connection.ts";
import type { Migration } from "../../database/migrations.ts";
import { migrate } from "../../database/migrator.ts";
import { createOwnDatabase, type OwnDatabase } from "../../database/own-database.ts";
import { describeSchema, schemaFingerprint } from "../../database/schema-description.ts";
import type { Server } from "../../database/server.ts";
import { type Disposal, makeTemplate, type Template } from "../../database/template.ts";
import type { Bench, TestDatabase } from "./suite.ts";

/** A bench, what the migrations made on it, and its end. */
export interface BuiltBench {
  readonly bench: Bench;
  readonly schemaFingerprint: string;
  /** Roles that came meanwhile without a sign that the migrations made them: they stay. */
  readonly unclearRoles: readonly string[];
  dispose(): Promise<Disposal>;
}

/** Applies the migrations to a template of our own. Rejects with MigrationFailed where the server refuses them. */
export async function buildBench(
  server: Server,
  migrations: readonly Migration[],
  wait: () => Promise<void>,
): Promise<BuiltBench> {
  let fingerprint = "";
  const template = await makeTemplate(server, async (connection) => {
    await migrate(connection, migrations, { wait });
    fingerprint = schemaFingerprint(await describeSchema(connection));
  });
  return {
    bench: benchOn(server, template, migrations, wait),
    schemaFingerprint: fingerprint,
    unclearRoles: template.unclearRoles,
    dispose: () => template.dispose(),
  };
}

function benchOn(
  server: Server,
  template: Template,
  migrations: readonly Migration[],
  wait: () => Promise<void>,
): Bench {
  return {
    server,
    migrations,
    wait,
    onCopy: async (action) => onDatabase(await template.clone(), action),
    onEmpty: async (action) => onDatabase(await createOwnDatabase(server), action),
  };
}

async function onDatabase<T>(
  database: OwnDatabase,
  action: (database: TestDatabase) => Promise<T>,
): Promise<T> {
  const opened: Connection[] = [];
  const connect = async (): Promise<Connection> => {
    const connection = await database.connect();
    opened.push(connection);
    return connection;
  };
  try {
    return await action({ name: database.name, connect });
  } finally {
    await Promise.all(opened.map((connection) => connection.close().catch(passLost)));
    await database.drop();
  }
}

/** A test may have ended a connection itself. */
function passLost(error: unknown): void {
  if (!(error instanceof ConnectionLost)) throw error;
}

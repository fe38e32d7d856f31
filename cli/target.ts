import { setTimeout } from "node:timers/promises";
import type { Subject } from "../reports/replay-file.ts";
import { containerProvider } from "../sim/database/container.ts";
import type { Migration } from "../sim/database/migrations.ts";
import type { Provider } from "../sim/database/server.ts";
import { urlProvider } from "../sim/database/url.ts";
import { buildStage, type Stage } from "../sim/stage.ts";
import { BadInput } from "./faults.ts";
import { embeddedOf } from "./postgres-option.ts";
import { say } from "./output.ts";
import type { TargetOptions } from "./target-options.ts";

/** Starts the server, builds the stage, and takes both down again whatever the action does. */
export async function withStage<T>(
  options: TargetOptions,
  migrations: readonly Migration[],
  action: (stage: Stage) => Promise<T>,
): Promise<T> {
  const server = await providerOf(options).start();
  try {
    say(`PostgreSQL ${server.version}, ${server.description}`);
    const stage = await buildStage(server, migrations, () => setTimeout(lockPollMs));
    if (stage.unclearRoles.length > 0)
      say(`note: roles that came meanwhile and stay: ${stage.unclearRoles.join(", ")}`);
    return await withDisposal(stage, action);
  } finally {
    await server.stop();
  }
}

const lockPollMs = 100;

async function withDisposal<T>(stage: Stage, action: (stage: Stage) => Promise<T>): Promise<T> {
  try {
    return await action(stage);
  } finally {
    // What the action rejects with is the news; of a server that is gone nothing can be dropped.
    const { rolesLeft } = await stage.dispose().catch(() => ({ rolesLeft: [] }));
    if (rolesLeft.length > 0) say(`note: roles that something else uses now stay: ${rolesLeft.join(", ")}`);
  }
}

function providerOf(options: TargetOptions): Provider {
  const { provider, databaseUrl } = options;
  const fromEnvironment = process.env["DATABASE_URL"];
  const url = databaseUrl ?? (fromEnvironment === "" ? undefined : fromEnvironment);
  if (databaseUrl !== undefined && provider !== undefined && provider !== "url")
    throw new BadInput(`--database-url names a server, and --provider ${provider} asks for another one`);
  const kind = provider ?? (url === undefined || options.postgres !== undefined ? "embedded" : "url");
  if (options.postgres !== undefined && (kind !== "embedded" || databaseUrl !== undefined))
    throw new BadInput("--postgres chooses the embedded server's version; another server has its own");
  switch (kind) {
    case "embedded":
      return embeddedOf(options);
    case "container":
      return containerProvider();
    case "url":
      if (url === undefined) throw new BadInput("--provider url needs --database-url, or DATABASE_URL");
      return urlProvider(url);
  }
}

/** What replay files and results say about the stage. */
export function subjectOf({ server, migrations }: Stage): Subject {
  const { version, versionNumber, provider } = server;
  return {
    postgres: { version, versionNumber, provider },
    migrations: migrations.map(({ version: name, checksum }) => ({ version: name, checksum })),
  };
}

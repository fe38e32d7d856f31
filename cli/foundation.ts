import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Argument, Command, Option } from "commander";
import { evidenceDocument, type TimedResult } from "../reports/foundation/evidence.ts";
import { suiteText } from "../reports/foundation/suite-text.ts";
import { type Migration, readMigrations } from "../sim/database/migrations.ts";
import type { Server } from "../sim/database/server.ts";
import { urlProvider } from "../sim/database/url.ts";
import { buildBench, type BuiltBench } from "../sim/foundation/suites/bench.ts";
import { suites } from "../sim/foundation/suites/index.ts";
import { runSuite } from "../sim/foundation/suites/run-suite.ts";
import type { Suite } from "../sim/foundation/suites/suite.ts";
import { exitCodes } from "./exit-codes.ts";
import { BadInput } from "./faults.ts";
import { gitCheckout } from "./git-checkout.ts";
import { print, say, styleOf } from "./output.ts";
import { ownMigrations } from "./own-migrations.ts";
import { embeddedOf, type PostgresOption, postgresOption } from "./postgres-option.ts";

interface FoundationOptions extends PostgresOption {
  readonly databaseUrl?: string;
  readonly migrations: string;
  readonly evidence: string;
}

const evidenceFolder = fileURLToPath(new URL("../reports/evidence", import.meta.url));

const help = `
The tests work in databases that they make for themselves, on the server of --database-url or DATABASE_URL (as superuser),
or on an embedded one, and drop them. Evidence: one JSON file a suite, the last run's.

Exit codes: 0 all passed, 1 some failed, 2 bad usage or input, 3 the environment is at fault.`;

/** `counterpoint foundation` */
export function foundationCommand(): Command {
  return new Command("foundation")
    .description("run the foundation's tests, and leave evidence")
    .addArgument(
      new Argument("[suite...]", "which of them (default: all)").choices(suites.map(({ name }) => name)),
    )
    .addOption(postgresOption())
    .option("--database-url <url>", "server to make throw-away databases on (default: DATABASE_URL, if set)")
    .addOption(
      new Option("--migrations <dir>", "directory of the migrations to test").default(
        ownMigrations,
        "this package's own",
      ),
    )
    .addOption(
      new Option("--evidence <dir>", "where evidence goes").default(evidenceFolder, "reports/evidence"),
    )
    .addHelpText("after", help)
    .action(async (names: readonly string[], options: FoundationOptions) => {
      const chosen = suites.filter(({ name }) => names.length === 0 || names.includes(name));
      process.exitCode = await test(chosen, options);
    });
}

async function test(chosen: readonly Suite[], options: FoundationOptions): Promise<number> {
  const migrations = await readMigrations(options.migrations);
  const server = await startServer(options);
  try {
    say(`PostgreSQL ${server.version}, ${server.description}`);
    return await onBench(server, migrations, (built) => runSuites(chosen, built, options.evidence));
  } finally {
    await server.stop();
  }
}

function startServer(options: FoundationOptions): Promise<Server> {
  const { databaseUrl, postgres } = options;
  if (databaseUrl !== undefined && postgres !== undefined)
    throw new BadInput("--postgres chooses the embedded server's version; the server of a URL has its own");
  const url = databaseUrl ?? (postgres === undefined ? process.env["DATABASE_URL"] : undefined);
  return (url === undefined || url === "" ? embeddedOf(options) : urlProvider(url)).start();
}

async function onBench<T>(
  server: Server,
  migrations: readonly Migration[],
  action: (built: BuiltBench) => Promise<T>,
): Promise<T> {
  const built = await buildBench(server, migrations, () => setTimeout(lockPollMs));
  if (built.unclearRoles.length > 0)
    say(`note: roles that came meanwhile and stay: ${built.unclearRoles.join(", ")}`);
  try {
    return await action(built);
  } finally {
    // What the action rejects with is the news; of a server that is gone nothing can be dropped.
    const { rolesLeft } = await built.dispose().catch(() => ({ rolesLeft: [] }));
    if (rolesLeft.length > 0) say(`note: roles that something else uses now stay: ${rolesLeft.join(", ")}`);
  }
}

const lockPollMs = 20;

async function runSuites(chosen: readonly Suite[], built: BuiltBench, folder: string): Promise<number> {
  const git = await gitCheckout();
  const all: TimedResult[] = [];
  for (const suite of chosen) {
    const results: TimedResult[] = [];
    await runSuite(suite, built.bench, (result) => {
      results.push({ ...result, time: new Date() });
      print(suiteText.line(result, styleOf(process.stdout)));
    });
    const { server, migrations } = built.bench;
    const { schemaFingerprint } = built;
    const document = evidenceDocument({
      suite: suite.name,
      git,
      server,
      migrations,
      schemaFingerprint,
      results,
    });
    await keep(folder, `${suite.name}.json`, document);
    all.push(...results);
  }
  print(suiteText.closing(all));
  return all.some(({ status }) => status === "failed") ? exitCodes.violated : exitCodes.ok;
}

async function keep(folder: string, name: string, document: object): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), `${JSON.stringify(document, null, 2)}\n`);
  } catch (error) {
    throw new BadInput(
      `evidence cannot be written to ${folder}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`,
    );
  }
}

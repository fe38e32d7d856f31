import type { Evidence } from "../../schema/json/evidence.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import type { Server } from "../../sim/database/server.ts";
import type { TestResult } from "../../sim/foundation/suites/run-suite.ts";
import { harnessVersion } from "../harness-version.ts";

export interface TimedResult extends TestResult {
  /** When it ended. */
  readonly time: Date;
}

/** The document that a suite leaves (schema/json/evidence.schema.json). */
export function evidenceDocument(run: {
  readonly suite: string;
  readonly git: Evidence["git"];
  readonly server: Server;
  readonly migrations: readonly Migration[];
  readonly schemaFingerprint: string;
  readonly results: readonly TimedResult[];
}): Evidence {
  const { suite, git, schemaFingerprint, results } = run;
  const { version, versionNumber, provider } = run.server;
  return {
    formatVersion: 1,
    harnessVersion,
    suite,
    git,
    postgres: { version, versionNumber, provider },
    migrations: run.migrations.map(({ version: name, checksum }) => ({ version: name, checksum })),
    schemaFingerprint,
    passed: results.filter(({ status }) => status === "passed").length,
    failed: results.filter(({ status }) => status === "failed").length,
    checks: results.map(({ id, name, time, status, details }) => ({
      id,
      name,
      time: time.toISOString(),
      status,
      details,
    })),
  };
}

import type { VerifyResult } from "../../schema/json/verify-result.ts";
import type { Migration } from "../../sim/database/migrations.ts";
import type { CheckResult } from "../../sim/foundation/check.ts";
import { harnessVersion } from "../harness-version.ts";

/** What a run of verify found, and where. */
export interface Verification {
  readonly checks: readonly CheckResult[];
  readonly migrations: readonly Migration[];
  readonly postgres: VerifyResult["postgres"];
  readonly database: VerifyResult["database"];
  readonly seconds: number;
  readonly attack: VerifyResult["attack"];
}

/** The document of `verify --json` (schema/json/verify-result.schema.json). */
export function verifyDocument(verification: Verification): VerifyResult {
  const { checks, migrations, postgres, database, seconds, attack } = verification;
  const counts = countsOf(checks);
  return {
    formatVersion: 1,
    harnessVersion,
    verdict: counts.violated > 0 ? "violated" : counts.unknown > 0 ? "unknown" : "ok",
    database,
    postgres,
    migrations: migrations.map(({ version, checksum }) => ({ version, checksum })),
    seconds: Math.round(seconds * 1000) / 1000,
    counts,
    attack,
    checks,
  };
}

function countsOf(checks: readonly CheckResult[]): VerifyResult["counts"] {
  const count = (wanted: CheckResult["status"]): number =>
    checks.filter(({ status }) => status === wanted).length;
  return { ok: count("ok"), violated: count("violated"), unknown: count("unknown") };
}

import type { Verification } from "../reports/foundation/verify-document.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";
import type { EmbeddedServer } from "../sim/database/embedded/provider.ts";
import type { OwnDatabase } from "../sim/database/own-database.ts";
import { say } from "./output.ts";

/** What was read of the database before. */
type Read = Pick<Verification, "checks" | "seconds">;

export const attackSeed = 1;
/** Random disguises of the calls, and as many of single operations. */
const attackRuns = 80;

/** Adds what an attack on the database finds to what was read there. Leaves objects behind in it. */
export async function attacked(
  { checks, seconds }: Read,
  server: EmbeddedServer,
  database: OwnDatabase,
  seed: number,
): Promise<Read & Pick<Verification, "attack">> {
  say("trying every operation as every role");
  // Loaded only for those who ask: reading a catalog needs none of it.
  const { checkPrivileges } = await import("../properties/privileges/check-privileges.ts");
  const { embeddedTarget } = await import("../properties/privileges/embedded-target.ts");
  const { attackChecks } = await import("../reports/foundation/attack-checks.ts");
  const elapsed = stopwatch();
  const report = await checkPrivileges(embeddedTarget(server, database), { seed, runs: attackRuns });
  const { operations, attempts } = report;
  return {
    checks: [...checks, ...attackChecks(report)],
    seconds,
    attack: { seed, operations, attempts, seconds: Math.round(elapsed() * 1000) / 1000 },
  };
}

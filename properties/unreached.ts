import type { Coverage } from "./coverage.ts";
import type { StatementCoverage } from "./statement-coverage.ts";

/** What a campaign should have come to and did not: "claim: deadlock", "statement: f, line 6". A statement that none can come
 *  to is not asked for. `statements`: null where no case had yield points. */
export function unreached(coverage: Coverage, statements: StatementCoverage | null): readonly string[] {
  const names = Object.entries(coverage).flatMap(([group, counts]) =>
    Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [`${group}: ${name}`] : [])),
  );
  const lines = (statements?.missed ?? []).flatMap((point) =>
    point.unreachable === null ? [`statement: ${point.function}, line ${point.line}`] : [],
  );
  return [...names, ...lines];
}

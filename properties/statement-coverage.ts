import type { Instrumentation } from "../sim/yields/install.ts";
import type { YieldPoint } from "../sim/yields/yield-point.ts";
import { reasonUnreached } from "./unreachable-statements.ts";

/** Which statements of the subject's functions the sessions of a campaign came to. */
export interface StatementCoverage {
  /** How often sessions came to a yield point. */
  readonly passed: number;
  readonly statements: number;
  /** Statements that sessions came to. */
  readonly reached: readonly ReachedStatement[];
  /** Statements that no session came to. */
  readonly missed: readonly MissedStatement[];
  /** Functions without yield points, and why. */
  readonly refused: Instrumentation["refused"];
}

export interface ReachedStatement extends Pick<YieldPoint, "number" | "function" | "line"> {
  readonly times: number;
}

export interface MissedStatement extends YieldPoint {
  /** Why none can; null where one should have. */
  readonly unreachable: string | null;
}

/** `yields`: how often, by the point's number (History.yields). */
export function statementCoverage(
  { points, refused }: Pick<Instrumentation, "points" | "refused">,
  yields: Readonly<Record<string, number>>,
): StatementCoverage {
  return {
    passed: Object.values(yields).reduce((total, each) => total + each, 0),
    statements: points.length,
    reached: points.flatMap(({ number, function: name, line }) => {
      const times = yields[number];
      return times === undefined ? [] : [{ number, function: name, line, times }];
    }),
    missed: points
      .filter(({ number }) => yields[number] === undefined)
      .map((point) => ({ ...point, unreachable: reasonUnreached(point) })),
    refused,
  };
}

export function addYields(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const total: Record<string, number> = { ...a };
  for (const [point, count] of Object.entries(b)) total[point] = (total[point] ?? 0) + count;
  return total;
}

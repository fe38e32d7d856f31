import { ceilingOf } from "../model/ceiling.ts";
import { linearize, type Search, type TimedPoint } from "../model/linearization.ts";
import type { TransactionPoint } from "../model/transaction-point.ts";
import { transactionModel } from "../model/transactions.ts";
import type { History } from "../sim/history.ts";
import type { Schedule } from "../sim/schedule.ts";
import { describePoint } from "./describe-point.ts";
import { pointsOf } from "./points.ts";
import type { Violation } from "./verdict.ts";

/** States visited before the search gives up and the verdict is unknown. */
export const searchLimit = 200_000;

/** What the search took. */
export interface SearchEffort {
  /** Of the history: what is to be put into an order. */
  readonly points: number;
  /** States visited; one more than the points where the first order that was tried, the steps' own, is a linearization. */
  readonly visited: number;
}

export type ModelVerdict =
  | { readonly kind: "ok" }
  | { readonly kind: "violated"; readonly violation: Violation }
  | { readonly kind: "unknown"; readonly reason: string };

/** The response and the state oracle in one: is there a linearization in which the model gives every caller its answer, and
 *  holds the observed rows at every quiet point? */
export function judgeByModel(schedule: Schedule, history: History): ModelVerdict {
  return searchByModel(schedule, history).verdict;
}

/** The same, and what it took. */
export function searchByModel(
  schedule: Schedule,
  history: History,
): { readonly verdict: ModelVerdict; readonly effort: SearchEffort } {
  const points = pointsOf(history);
  const search = linearize(points, transactionModel(ceilingOf(schedule.setup.retryCeiling)), searchLimit);
  return {
    verdict: verdictOf(search, points),
    effort: { points: points.length, visited: search.visited },
  };
}

function verdictOf(search: Search, points: readonly TimedPoint<TransactionPoint>[]): ModelVerdict {
  if (search.verdict === "ok") return { kind: "ok" };
  if (search.verdict === "unknown") return { kind: "unknown", reason: search.reason };

  const at = points[search.at];
  if (at?.respondedAt == null) return { kind: "unknown", reason: "the search named no answered point" };
  const { rule, expected } = search.refusal;
  const oracle = at.point.kind === "observe" ? "state" : "response";
  return {
    kind: "violated",
    violation: {
      oracle,
      invariant: null,
      rule,
      event: at.respondedAt,
      expected,
      observed: describePoint(at.point),
    },
  };
}

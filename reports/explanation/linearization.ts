import type { TransactionPoint } from "../../model/transaction-point.ts";
import type { ModelTrace } from "../../properties/model-trace.ts";
import type { Linearization, Placed } from "../../schema/json/explanation.ts";
import { describeAction } from "./describe-action.ts";
import { plain } from "./difference.ts";
import { lineAt } from "./leases.ts";
import type { StoryLine } from "./lines.ts";

/** The model's order of what happened, and where it ends. */
export function linearizationOf(trace: ModelTrace, lines: readonly StoryLine[]): Linearization {
  const { search, points, placed, stoppedAt } = trace;
  const order = placed.flatMap(({ index }): Placed[] => {
    const point = points[index];
    if (point === undefined) return [];
    const line = point.respondedAt === null ? null : lineAt(lines, point.respondedAt);
    return [{ ...describe(point.point), line }];
  });
  return {
    verdict: search.verdict,
    reason: search.verdict === "unknown" ? search.reason : null,
    visited: search.visited,
    order,
    stoppedAt: stoppedAt === null ? null : lineAt(lines, stoppedAt),
    rule: search.verdict === "violated" ? search.refusal.rule : null,
    expected: search.verdict === "violated" ? search.refusal.expected.map(plain) : [],
  };
}

function describe(point: TransactionPoint): Omit<Placed, "line"> {
  const { kind } = point;
  switch (point.kind) {
    case "observe":
      return { kind: "observe", session: null, text: "the committed rows" };
    case "call": {
      const { session, isolation } = point.transaction;
      return { kind: "call", session, text: describeAction(point.operation, isolation) };
    }
    case "lock":
      return { kind: "lock", session: point.transaction.session, text: `${point.operation.kind} locks rows` };
    case "savepoint":
    case "rollbackTo":
    case "release":
      return { kind: point.kind, session: point.transaction.session, text: `${kind} ${point.name}` };
    case "snapshot":
    case "statement":
    case "commit":
    case "rollback":
      return { kind: point.kind, session: point.transaction.session, text: kind };
  }
}

import type { TransactionPoint } from "../model/transaction-point.ts";
import type { Response } from "../model/response.ts";

/** What was observed at a point, in a line. */
export function describePoint(point: TransactionPoint): string {
  switch (point.kind) {
    case "call":
      return describeResponse(point.response);
    case "commit":
    case "savepoint":
    case "rollbackTo":
    case "release":
      return typeof point.outcome === "string" ? point.outcome : describeResponse(point.outcome);
    case "observe":
      return JSON.stringify(point.observation);
    case "snapshot":
    case "lock":
    case "statement":
    case "rollback":
      return point.kind;
  }
}

/** "fail P7002 LEASE_LOST", or "ok" with the rows. */
export function describeResponse(response: Response): string {
  if (response.kind === "fail") return `fail ${response.sqlstate} ${response.message}`;
  if (response.rows.length === 0) return "ok, no rows";
  return `ok ${response.rows.map((row) => JSON.stringify(row)).join(" ")}`;
}

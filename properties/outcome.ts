import { isTerminal } from "../model/attempt.ts";
import { type ErrorKind, realises, sqlstatesOf } from "../model/errors.ts";
import type { Operation, OperationKind } from "../model/operation.ts";
import { type Answered, rowsOf, type Timeline } from "./timeline.ts";

/** What any operation of a session may meet. */
const common = ["permission denied", "transaction aborted", "serialization failure"] as const;

/** The outcomes that the contract gives each operation: what a campaign should reach. */
export const outcomesOf = {
  enqueue: [
    "first",
    "repeat: PENDING",
    "repeat: DISPATCHED",
    "repeat: FAILED",
    "bad argument",
    "deadlock",
    ...common,
  ],
  claim: ["one row", "several rows", "no rows", "bad argument", ...common],
  complete: [
    "DISPATCHED",
    "FAILED",
    "RETRYABLE",
    "RETRYABLE at the ceiling",
    "LEASE_LOST",
    "bad state",
    "bad argument",
    "bad ceiling",
    "deadlock",
    ...common,
  ],
  repair: ["requeued", "ended at the ceiling", "no rows", "bad argument", "bad ceiling", ...common],
  // Every role may call it.
  ceiling: ["a value", "bad ceiling", "transaction aborted"],
  insertPolicy: ["ok", "bad argument", "not unique", "permission denied", "transaction aborted"],
  setPolicy: ["one row", "no rows", "bad argument", "not unique", ...common],
  demotePolicy: ["one row", "no rows", "bad argument", ...common],
  attest: ["ok", "bad argument", "not unique", "permission denied", "transaction aborted"],
  revoke: ["ok", "not unique", "permission denied", "transaction aborted"],
  tamper: ["append-only", "permission denied", "transaction aborted"],
} as const satisfies Record<OperationKind, readonly string[]>;

/** The name of what an operation met. */
export function outcomeOf(timeline: Timeline, answered: Answered): string {
  const { operation, response } = answered;
  if (response.kind === "fail") return errorName(timeline, operation, response.sqlstate);
  switch (operation.kind) {
    case "enqueue":
      return enqueueOutcome(timeline, answered);
    case "claim":
      return ["no rows", "one row"][response.rows.length] ?? "several rows";
    case "complete": {
      const state = rowsOf(answered, "complete")[0]?.state ?? "no row";
      return operation.state === "RETRYABLE" && isTerminal(state as never)
        ? "RETRYABLE at the ceiling"
        : state;
    }
    case "repair": {
      const [first] = rowsOf(answered, "repair");
      if (first === undefined) return "no rows";
      return timeline.ceiling !== null && first.attemptNo >= timeline.ceiling
        ? "ended at the ceiling"
        : "requeued";
    }
    case "ceiling":
      return "a value";
    case "setPolicy":
    case "demotePolicy":
      return response.rows.length === 0 ? "no rows" : "one row";
    default:
      return "ok";
  }
}

/** The first answer that tells an outbox id is the first call's; later ones are repeats. */
function enqueueOutcome({ answered }: Timeline, enqueued: Answered): string {
  const [row] = rowsOf(enqueued, "enqueue");
  const first = answered.find((each) => rowsOf(each, "enqueue")[0]?.outboxId === row?.outboxId);
  return first === enqueued ? "first" : `repeat: ${row?.state ?? "null"}`;
}

function errorName(timeline: Timeline, operation: Operation, sqlstate: string): string {
  if (sqlstate === "22023" && timeline.ceiling === null && readsCeiling(operation)) return "bad ceiling";
  const kinds = Object.keys(sqlstatesOf) as ErrorKind[];
  return kinds.find((kind) => kind !== "bad ceiling" && realises(sqlstate, kind)) ?? sqlstate;
}

/** With arguments that are good, so that 22023 can only come from the setting. */
function readsCeiling(operation: Operation): boolean {
  switch (operation.kind) {
    case "ceiling":
      return true;
    case "complete":
      return operation.state === "RETRYABLE" && (operation.latencyMs ?? 0) >= 0;
    case "repair":
      return (operation.batchSize ?? 0) >= 1 && operation.workerId !== null && operation.workerId !== "";
    default:
      return false;
  }
}

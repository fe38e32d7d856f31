import type { Action, Told } from "../../sim/history.ts";
import { sessionName } from "../../sim/session-name.ts";
import { shortPairs, shortValue } from "../text.ts";

type Row = Readonly<Record<string, unknown>>;

/** What a call was answered, a line for each row. A subject that is wrong may answer anything, so nothing is taken for
 *  granted about a row's columns. */
export function describeResponse(action: Action, response: Told): readonly string[] {
  switch (response.kind) {
    case "info":
      return ["is told nothing; lost on the way:", ...describeResponse(action, response.lost)];
    case "ended":
      return [response.command];
    case "fail": {
      const cycle = response.cycle.map(sessionName).join(", ");
      return [`fail ${response.sqlstate} ${response.message}${cycle === "" ? "" : ` (sessions ${cycle})`}`];
    }
    case "ok":
      if (response.rows.length === 0) return ["no rows"];
      return response.rows.map((row) => describeRow(action, row as unknown as Row));
  }
}

function describeRow(action: Action, row: Row): string {
  const value = (column: string): string => shortValue(row[column]);
  switch (action.kind) {
    case "enqueue":
      return `${value("outboxId")} number ${value("sequenceId")} ${value("state")} created ${value("createdAt")}`;
    case "claim":
      return (
        `${value("outboxId")} (${value("instructionId")}/${value("idempotencyKey")}) ${value("leaseToken")} ` +
        `until ${value("leaseExpiresAt")}, attempts ${value("attemptCount")}`
      );
    case "complete":
      return `attempt ${value("attemptNo")} ${value("state")}`;
    case "repair":
      return `${value("outboxId")} attempt ${value("attemptNo")}`;
    case "ceiling":
      return value("ceiling");
    default:
      return shortPairs(row);
  }
}

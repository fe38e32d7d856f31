import type { Isolation, Micros, Operation, OutboxOperation } from "../model/operation.ts";
import type { Caller } from "../model/privileges.ts";
import { executeSql } from "./prepared-calls.ts";
import { type Settings, settingsSql } from "./settings.ts";
import { tableSql } from "./table-sql.ts";
import { int, text, typed } from "./values-sql.ts";
import { formatMicros } from "./clock/virtual-clock.ts";
import { quoteIdentifier, quoteLiteral } from "./database/quote.ts";

/** A transaction's start: where its calls run, as whom, and when. */
export interface Start {
  readonly isolation: Isolation;
  readonly role: Caller;
  readonly now: Micros;
  readonly settings: Settings;
}

/** A call that is a transaction of its own, in one message: the server commits at its end. SET takes no snapshot. */
export function autocommitSql(start: Start, call: string): string {
  return `SET TRANSACTION ISOLATION LEVEL ${start.isolation}; ${localSql(start)}; ${call}`;
}

export function beginSql(start: Start): string {
  return `BEGIN ISOLATION LEVEL ${start.isolation}; ${localSql(start)}`;
}

function localSql({ role, now, settings }: Start): string {
  const clock = `SET LOCAL sim.now = ${quoteLiteral(formatMicros(now))}`;
  const ownRole = role === "owner" ? [] : [`SET LOCAL ROLE ${quoteIdentifier(role)}`];
  return [clock, ...settingsSql(settings), ...ownRole].join("; ");
}

/** The call, giving up where it would wait for a lock. The limit equals the deadlock timeout, so that both are due at once,
 *  and the server always answers 55P03: no cycle is found first. Nobody lets go of a lock meanwhile, since one session
 *  runs at a time. It covers no COMMIT, which may stand in line behind another lane's. */
export function impatient(sql: string): string {
  return `SET LOCAL lock_timeout = '1ms'; ${sql}; SET LOCAL lock_timeout = 0`;
}

/** The call itself (contract 3), for the simple protocol; every value is quoted by the driver. */
export function callSql(operation: Operation): string {
  if (!isOutboxOperation(operation)) return tableSql(operation);
  if (operation.kind === "ceiling") return "SELECT public.outbox_retry_ceiling() AS ceiling";
  const given = argumentsOf(operation).filter(([, value, defaultValue]) => value !== defaultValue);
  const list = given.map(([name, value]) => `${name} => ${value}`).join(", ");
  return `SELECT * FROM public.${functions[operation.kind]}(${list})`;
}

/** The same by a statement that the session has prepared, where it is a function's. */
export function preparedCallSql(operation: Operation): string {
  if (!isOutboxOperation(operation)) return tableSql(operation);
  return executeSql(
    operation.kind,
    argumentsOf(operation).map(([, value]) => value),
  );
}

const functions = {
  enqueue: "enqueue_payment_outbox",
  claim: "claim_outbox_batch",
  complete: "complete_outbox_attempt",
  repair: "repair_expired_leases",
} as const;

function isOutboxOperation(operation: Operation): operation is OutboxOperation {
  return operation.kind in functions || operation.kind === "ceiling";
}

/** An argument with its declared default is left out, so that the default is tested too. */
type Argument = readonly [name: string, value: string, defaultValue?: string];

function argumentsOf(operation: OutboxOperation): readonly Argument[] {
  switch (operation.kind) {
    case "enqueue":
      return [
        ["p_instruction_id", text(operation.instructionId)],
        ["p_participant_id", text(operation.participantId)],
        ["p_idempotency_key", text(operation.idempotencyKey)],
        ["p_rail_type", text(operation.railType)],
        ["p_payload", typed(operation.payload, "jsonb")],
      ];
    case "claim":
      return [
        ["p_batch_size", int(operation.batchSize)],
        ["p_worker_id", text(operation.workerId)],
        ["p_lease_seconds", int(operation.leaseSeconds)],
      ];
    case "complete":
      return [
        ["p_outbox_id", typed(operation.outboxId, "uuid")],
        ["p_lease_token", typed(operation.leaseToken, "uuid")],
        ["p_worker_id", text(operation.workerId)],
        ["p_state", typed(operation.state, "public.outbox_attempt_state")],
        ["p_rail_reference", text(operation.railReference), "NULL::text"],
        ["p_rail_code", text(operation.railCode), "NULL::text"],
        ["p_error_code", text(operation.errorCode), "NULL::text"],
        ["p_error_message", text(operation.errorMessage), "NULL::text"],
        ["p_latency_ms", int(operation.latencyMs), "NULL::int"],
        ["p_retry_delay_seconds", int(operation.retryDelaySeconds), "1::int"],
      ];
    case "repair":
      return [
        ["p_batch_size", int(operation.batchSize)],
        ["p_worker_id", text(operation.workerId)],
      ];
    case "ceiling":
      return [];
  }
}

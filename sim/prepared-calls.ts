import type { OutboxOperation } from "../model/operation.ts";
import type { Call } from "./schedule.ts";

const state = "public.outbox_attempt_state";

/** The functions' parameters, by type and in their order (contract 3). */
const parameters: Record<OutboxOperation["kind"], readonly [call: string, ...types: string[]]> = {
  enqueue: ["* FROM public.enqueue_payment_outbox", "text", "text", "text", "text", "jsonb"],
  claim: ["* FROM public.claim_outbox_batch", "int", "text", "int"],
  complete: [
    "* FROM public.complete_outbox_attempt",
    ...["uuid", "uuid", "text", state, "text", "text", "text", "text", "int", "int"],
  ],
  repair: ["* FROM public.repair_expired_leases", "int", "text"],
  ceiling: ["public.outbox_retry_ceiling"],
};

/** PREPARE for each function call, all in one message. What is prepared stays with the connection, and rights are checked
 *  when it is executed. */
export const prepareSql = Object.entries(parameters)
  .map(([kind, [call, ...types]]) => {
    const list = types.length === 0 ? "" : ` (${types.join(", ")})`;
    const places = types.map((_, index) => `$${index + 1}`).join(", ");
    const alias = kind === "ceiling" ? " AS ceiling" : "";
    return `PREPARE ${statementName(kind)}${list} AS SELECT ${call}(${places})${alias}`;
  })
  .join("; ");

/** Every argument is given: a prepared statement has no defaults. */
export function executeSql(kind: Call["op"], values: readonly string[]): string {
  return `EXECUTE ${statementName(kind)}${values.length === 0 ? "" : `(${values.join(", ")})`}`;
}

function statementName(kind: string): string {
  return `counterpoint_${kind}`;
}

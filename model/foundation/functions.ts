import { functions } from "../privilege-table.ts";

/** A function of contract 3. Texts as the server prints them under `search_path = pg_catalog`. */
export interface ExpectedFunction {
  /** Name and types, as in the table of privileges. */
  readonly signature: string;
  /** Names, types and defaults; null where the contract names no arguments. */
  readonly arguments: string | null;
  readonly result: string;
  /** Runs with its owner's rights, on a search path of its own. */
  readonly securityDefiner: boolean;
}

/** contract 3: pg_temp is named, and last; left out, it would be searched first. */
export const pinnedSearchPath = "pg_catalog, public, pg_temp";

/** contract 3: the channel of the wake-up. */
export const wakeUpChannel = "symphony_outbox";

const timestamptz = "timestamp with time zone";
const state = "public.outbox_attempt_state";

export const expectedFunctions: readonly ExpectedFunction[] = [
  {
    signature: functions.enqueue.name,
    arguments:
      "p_instruction_id text, p_participant_id text, p_idempotency_key text, p_rail_type text, p_payload jsonb",
    result: `TABLE(outbox_id uuid, sequence_id bigint, created_at ${timestamptz}, state text)`,
    securityDefiner: true,
  },
  {
    signature: functions.claim.name,
    arguments: "p_batch_size integer, p_worker_id text, p_lease_seconds integer",
    result: `TABLE(outbox_id uuid, instruction_id text, participant_id text, sequence_id bigint, idempotency_key text, rail_type text, payload jsonb, attempt_count integer, lease_token uuid, lease_expires_at ${timestamptz})`,
    securityDefiner: true,
  },
  {
    signature: functions.complete.name,
    arguments: `p_outbox_id uuid, p_lease_token uuid, p_worker_id text, p_state ${state}, p_rail_reference text DEFAULT NULL::text, p_rail_code text DEFAULT NULL::text, p_error_code text DEFAULT NULL::text, p_error_message text DEFAULT NULL::text, p_latency_ms integer DEFAULT NULL::integer, p_retry_delay_seconds integer DEFAULT 1`,
    result: `TABLE(attempt_no integer, state ${state})`,
    securityDefiner: true,
  },
  {
    signature: functions.repair.name,
    arguments: "p_batch_size integer, p_worker_id text",
    result: "TABLE(outbox_id uuid, attempt_no integer)",
    securityDefiner: true,
  },
  { signature: functions.ceiling.name, arguments: "", result: "integer", securityDefiner: true },
  { signature: functions.sequence.name, arguments: null, result: "bigint", securityDefiner: true },
  { signature: functions.uuid.name, arguments: "", result: "uuid", securityDefiner: false },
  { signature: functions.uuidStrategy.name, arguments: "", result: "text", securityDefiner: false },
];

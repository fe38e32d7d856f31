import { functions, tables, type DatabaseObject, type Privilege } from "../../../model/privilege-table.ts";

/** What the calls find: queue rows in each state that matters, keys for them, and a low ceiling, so that a fuse that was
 *  lifted is seen. Two leases of worker w that live, two that have expired, one each with an attempt behind it. */
export const fixtureSql = (database: string): string => `
  ALTER DATABASE ${database} SET symphony.outbox_retry_ceiling = 2;
  INSERT INTO public.payment_outbox_pending (outbox_id, instruction_id, participant_id, sequence_id, idempotency_key,
      rail_type, payload, attempt_count, next_attempt_at, created_at, claimed_by, lease_token, lease_expires_at)
    SELECT ('00000000-0000-4000-8000-00000000000' || n)::uuid, 'i' || n, 'before', n, 'k', 'rail', '{}'::jsonb, attempts,
      now() - interval '1 hour', now() - interval '1 day', CASE WHEN leased THEN 'w' END,
      CASE WHEN leased THEN ('00000000-0000-4000-8000-00000000001' || n)::uuid END, now() + make_interval(secs => lease)
    FROM (VALUES (1, 0, false, NULL), (2, 1, true, 60), (3, 0, true, 60), (4, 0, true, -60), (5, 1, true, -120))
      AS v (n, attempts, leased, lease);
  INSERT INTO public.payment_outbox_keys (instruction_id, idempotency_key, outbox_id, participant_id, sequence_id, created_at)
    SELECT instruction_id, idempotency_key, outbox_id, participant_id, sequence_id, created_at
    FROM public.payment_outbox_pending;
  INSERT INTO public.participant_outbox_sequences (participant_id, next_sequence_id) VALUES ('before', 6);
  INSERT INTO public.payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id, idempotency_key,
      rail_type, payload, attempt_no, state)
    SELECT outbox_id, instruction_id, participant_id, sequence_id, idempotency_key, rail_type, payload, 1, 'RETRYABLE'
    FROM public.payment_outbox_pending WHERE attempt_count = 1`;

/** An argument: a text, which a disguise may write in its own way, or SQL. */
export type Argument = { readonly text: string } | { readonly sql: string };

/** A call of a function, or a look at a table: what it needs, and the SQL for what stands behind FROM. */
export interface ScriptCall {
  readonly name: string;
  readonly object: DatabaseObject;
  readonly privilege: Privilege;
  readonly arguments: readonly Argument[] | null;
}

const text = (value: string): Argument => ({ text: value });
const int = (value: number): Argument => ({ sql: `${String(value)}::pg_catalog.int4` });
const uuid = (last: string): Argument => ({
  sql: `'00000000-0000-4000-8000-0000000000${last}'::pg_catalog.uuid`,
});
const state = (value: string): Argument => ({ sql: `'${value}'::public.outbox_attempt_state` });
const payload: Argument = { sql: `'{"amount": 1}'::pg_catalog.jsonb` };

const call = (name: string, object: DatabaseObject, ...given: readonly Argument[]): ScriptCall => ({
  name,
  object,
  privilege: "EXECUTE",
  arguments: given,
});

const enqueue = (name: string, instruction: string, key: string): ScriptCall =>
  call(name, functions.enqueue, text(instruction), text("p"), text(key), text("rail"), payload);

/** Calls that show what a function does when it is right, when it is asked again, and when it must refuse. */
export const script: readonly ScriptCall[] = [
  enqueue("enqueue", "new", "k"),
  enqueue("enqueue again", "new", "k"),
  enqueue("enqueue another key", "new", "K"),
  enqueue("enqueue without an instruction", "", "k"),
  call("claim", functions.claim, int(10), text("w"), int(60)),
  call("complete as another", functions.complete, uuid("03"), uuid("13"), text("W"), state("DISPATCHED")),
  call(
    "complete",
    functions.complete,
    uuid("03"),
    uuid("13"),
    text("w"),
    state("DISPATCHED"),
    text("reference"),
  ),
  call("complete at the ceiling", functions.complete, uuid("02"), uuid("12"), text("w"), state("RETRYABLE")),
  call("complete an expired lease", functions.complete, uuid("04"), uuid("14"), text("w"), state("FAILED")),
  call("repair", functions.repair, int(10), text("r")),
  call("ceiling", functions.ceiling),
  call("strategy", functions.uuidStrategy),
  call("uuid", functions.uuid),
  call("allocate a number", functions.sequence, text("p")),
  { name: "read pending", object: tables.pending, privilege: "SELECT", arguments: null },
  { name: "read attempts", object: tables.attempts, privilege: "SELECT", arguments: null },
];

import { type EquivalentChange, swap } from "./planted-bug.ts";

const functions = "0002_outbox_functions.sql";
const notify = "0010_outbox_notify.sql";
const repair = "0006_repair_expired_leases_retry_ceiling.sql";

/** Changes that look wrong, and that no caller can tell from the original: to report one is a false alarm. */
export const equivalentChanges: readonly EquivalentChange[] = [
  {
    id: "latency-checked-by-the-table",
    description: "a negative latency is refused by the table alone",
    argument:
      "Every completion that passes its fence inserts the attempt, and the table's own check refuses it with 23514, one of the SQLSTATEs of a bad argument; the whole call fails. One that does not pass fails with P7002, right where several errors apply.",
    edits: [swap(functions, "IF p_latency_ms < 0 THEN", "IF false THEN")],
  },
  {
    id: "attempt-numbered-by-the-row",
    description: "a completion numbers its attempt by the pending row's count",
    argument:
      "INV-08: the count of a pending row is the number of its last attempt, and both are written by the same call under the row's lock.",
    edits: [
      swap(
        functions,
        "  SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no\n  FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = p_outbox_id;",
        "  v_attempt_no := v_row.attempt_count + 1;",
      ),
    ],
  },
  {
    id: "numbers-by-maximum",
    description: "an enqueue takes its number from the highest one that it can see",
    argument:
      "It takes the counter first, and so waits for whoever has it. The look after that has a snapshot of its own under READ COMMITTED; under the other levels the counter has failed the call with 40001.",
    edits: [
      swap(
        notify,
        "  v_sequence_id := public.bump_participant_outbox_seq(p_participant_id);\n",
        `  v_sequence_id := public.bump_participant_outbox_seq(p_participant_id);
  SELECT coalesce(max(k.sequence_id), 0) + 1 INTO v_sequence_id
  FROM public.payment_outbox_keys AS k WHERE k.participant_id = p_participant_id COLLATE "C";\n`,
      ),
    ],
  },
  {
    id: "worker-of-the-lease",
    description: "a completion records the lease's worker, not the caller's",
    argument: "The fence compares the two byte by byte, and lets nobody pass for whom they differ.",
    edits: [
      swap(
        functions,
        "p_error_message, p_latency_ms, p_worker_id, now());",
        "p_error_message, p_latency_ms, v_row.claimed_by, now());",
      ),
    ],
  },
  {
    id: "claim-with-a-weaker-lock",
    description: "a claim locks its rows FOR NO KEY UPDATE",
    argument:
      "The weaker lock conflicts with itself and with every lock that the outbox takes; only FOR KEY SHARE passes it, which foreign keys take, and there is none.",
    edits: [
      swap(
        functions,
        "p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id\n    LIMIT p_batch_size\n    FOR UPDATE SKIP LOCKED\n  )",
        "p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id\n    LIMIT p_batch_size\n    FOR NO KEY UPDATE SKIP LOCKED\n  )",
      ),
    ],
  },
  {
    id: "rail-checked-last",
    description: "an enqueue checks the rail after the payload, with the SQLSTATE of a check",
    argument:
      "Both are bad arguments: where several errors apply any of them is right, and 23514 is one of the four SQLSTATEs.",
    edits: [
      swap(
        notify,
        "  IF p_rail_type IS NULL OR octet_length(p_rail_type) = 0 THEN\n    RAISE EXCEPTION 'rail_type must not be empty' USING ERRCODE = '22023';\n  END IF;\n  IF p_payload IS NULL OR jsonb_typeof(p_payload) <> 'object' THEN\n    RAISE EXCEPTION 'payload must be a JSON object' USING ERRCODE = '22023';\n  END IF;",
        "  IF p_payload IS NULL OR jsonb_typeof(p_payload) <> 'object' THEN\n    RAISE EXCEPTION 'payload must be a JSON object' USING ERRCODE = '22023';\n  END IF;\n  IF p_rail_type IS NULL OR octet_length(p_rail_type) = 0 THEN\n    RAISE EXCEPTION 'rail_type must not be empty' USING ERRCODE = '23514';\n  END IF;",
      ),
    ],
  },
  {
    id: "durability-of-the-call-alone",
    description: "enqueue has SET synchronous_commit = off as a clause of its own",
    argument:
      "The setting is undone when the function returns, and what counts is the setting at the commit after it.",
    edits: [
      swap(
        notify,
        "LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp",
        "LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET synchronous_commit = off SET search_path = pg_catalog, public, pg_temp",
      ),
    ],
  },
  {
    id: "repair-counts-attempts",
    description: "a repair numbers its attempt by counting, not by the highest number",
    argument: "INV-08: the numbers are 1..n without a gap, and the append-only guard lets none of them go.",
    edits: [
      swap(
        repair,
        "SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no",
        "SELECT count(*) + 1 INTO v_attempt_no",
      ),
    ],
  },
];

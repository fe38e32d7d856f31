import type { PlantedBug } from "./planted-bug.ts";

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const repair = "0006_repair_expired_leases_retry_ceiling.sql";
const notify = "0010_outbox_notify.sql";

/** Wrong changes of the classes that real queues have had. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    id: "fence-without-token",
    description: "a completion is fenced by the worker's name alone",
    edits: [{ file: functions, find: " AND p.lease_token = p_lease_token", replace: "" }],
    steps: 3,
  },
  {
    id: "fence-at-expiry",
    description: "a lease is still live at the instant of its expiry",
    edits: [
      { file: functions, find: "AND p.lease_expires_at > now()", replace: "AND p.lease_expires_at >= now()" },
    ],
    steps: 4,
  },
  {
    id: "claim-expired",
    description: "a claim takes rows whose lease has expired, past repair",
    edits: [
      {
        file: functions,
        find: "WHERE p.lease_expires_at IS NULL AND p.next_attempt_at <= now()",
        replace:
          "WHERE (p.lease_expires_at IS NULL OR p.lease_expires_at <= now()) AND p.next_attempt_at <= now()",
      },
    ],
    steps: 4,
  },
  {
    id: "claim-waits",
    description: "a claim waits for rows that others have locked",
    edits: [
      {
        file: functions,
        find: "ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id\n    LIMIT p_batch_size\n    FOR UPDATE SKIP LOCKED",
        replace:
          "ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id\n    LIMIT p_batch_size\n    FOR UPDATE",
      },
    ],
    steps: 4,
  },
  {
    id: "ceiling-off-by-one-in-complete",
    description: "a completion grants one attempt more than the ceiling",
    edits: [
      {
        file: functions,
        find: "IF v_attempt_no >= public.outbox_retry_ceiling() THEN",
        replace: "IF v_attempt_no > public.outbox_retry_ceiling() THEN",
      },
    ],
    steps: 3,
  },
  {
    id: "ceiling-off-by-one-in-repair",
    description: "a repair grants one attempt more than the ceiling",
    edits: [
      {
        file: repair,
        find: "IF v_attempt_no >= v_ceiling THEN",
        replace: "IF v_attempt_no > v_ceiling THEN",
      },
    ],
    steps: 4,
  },
  {
    id: "repair-keeps-lease",
    description: "a repair leaves the expired lease on the row",
    edits: [
      {
        file: repair,
        find: "next_attempt_at = now() + make_interval(secs => 1),\n        claimed_by = NULL, lease_token = NULL, lease_expires_at = NULL",
        replace: "next_attempt_at = now() + make_interval(secs => 1)",
      },
    ],
    steps: 4,
  },
  {
    id: "terminal-row-stays",
    description: "a row that was dispatched stays in pending",
    edits: [
      {
        file: functions,
        find: "DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = p_outbox_id;",
        replace: "NULL;",
      },
    ],
    steps: 3,
  },
  {
    id: "repeat-takes-number",
    description: "a repeated enqueue takes a new sequence number",
    edits: [
      {
        file: notify,
        find: "    RETURN NEXT;\n    RETURN;",
        replace:
          "    sequence_id := public.bump_participant_outbox_seq(p_participant_id);\n    RETURN NEXT;\n    RETURN;",
      },
    ],
    steps: 2,
  },
  {
    id: "notify-on-repeat",
    description: "a repeated enqueue wakes the workers",
    edits: [
      {
        file: notify,
        find: "    RETURN NEXT;\n    RETURN;",
        replace: "    PERFORM pg_notify('symphony_outbox', '');\n    RETURN NEXT;\n    RETURN;",
      },
    ],
    steps: 2,
  },
  {
    id: "idempotency-by-look-up",
    description: "a key is looked up before it is inserted, with no constraint behind the look",
    edits: [
      {
        file: init,
        find: "created_at timestamptz NOT NULL DEFAULT now(),\n  PRIMARY KEY (instruction_id, idempotency_key)",
        replace: "created_at timestamptz NOT NULL DEFAULT now()",
      },
      {
        file: init,
        find: "UNIQUE (participant_id, sequence_id),\n  UNIQUE (instruction_id, idempotency_key)",
        replace: "UNIQUE (participant_id, sequence_id)",
      },
      {
        file: functions,
        find: "ON CONFLICT (instruction_id, idempotency_key) DO NOTHING",
        replace: "ON CONFLICT DO NOTHING",
      },
      {
        file: notify,
        find: "VALUES (p_instruction_id, p_idempotency_key, public.uuid_v7_or_random(), p_participant_id, now())\n  ON CONFLICT (instruction_id, idempotency_key) DO NOTHING",
        replace:
          "SELECT p_instruction_id, p_idempotency_key, public.uuid_v7_or_random(), p_participant_id, now()\n  WHERE NOT EXISTS (SELECT FROM public.payment_outbox_keys AS o\n    WHERE o.instruction_id = p_instruction_id AND o.idempotency_key = p_idempotency_key)",
      },
    ],
    steps: 4,
  },
  {
    id: "claim-by-creation",
    description: "a claim takes the oldest rows, not those that have been due the longest",
    edits: [
      {
        file: functions,
        find: "ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id",
        replace: "ORDER BY p.created_at, p.participant_id, p.sequence_id",
      },
    ],
    steps: 6,
  },
];

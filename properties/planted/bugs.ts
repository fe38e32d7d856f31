import type { PlantedBug } from "./planted-bug.ts";

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const repair = "0006_repair_expired_leases_retry_ceiling.sql";
const privileges = "0004_privileges.sql";
const policies = "0005_policy_versions.sql";
const terminal = "0008_outbox_terminal_uniqueness.sql";
const notify = "0010_outbox_notify.sql";

/** Wrong changes of the classes that real queues have had. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    id: "fence-without-token",
    description: "a completion is fenced by the worker's name alone",
    invariant: "INV-05",
    edits: [{ file: functions, find: " AND p.lease_token = p_lease_token", replace: "" }],
    steps: 3,
  },
  {
    id: "fence-at-expiry",
    description: "a lease is still live at the instant of its expiry",
    invariant: "INV-05",
    edits: [
      { file: functions, find: "AND p.lease_expires_at > now()", replace: "AND p.lease_expires_at >= now()" },
    ],
    steps: 4,
  },
  {
    id: "claim-expired",
    description: "a claim takes rows whose lease has expired, past repair",
    invariant: null,
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
    invariant: "INV-15",
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
    invariant: "INV-09",
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
    invariant: "INV-09",
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
    invariant: null,
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
    invariant: "INV-01",
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
    invariant: "INV-02",
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
    invariant: "INV-10",
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
    invariant: "INV-02",
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
    invariant: "INV-11",
    edits: [
      {
        file: functions,
        find: "ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id",
        replace: "ORDER BY p.created_at, p.participant_id, p.sequence_id",
      },
    ],
    steps: 6,
  },
  {
    id: "numbers-skip",
    description: "a participant's counter goes up by two",
    invariant: "INV-03",
    edits: [
      {
        file: functions,
        find: "SET next_sequence_id = s.next_sequence_id + 1\n",
        replace: "SET next_sequence_id = s.next_sequence_id + 2\n",
      },
    ],
    steps: 2,
  },
  {
    id: "token-of-the-row",
    description: "every lease of a row has the same token",
    invariant: "INV-04",
    edits: [
      { file: functions, find: "lease_token = gen_random_uuid(),", replace: "lease_token = p.outbox_id," },
    ],
    steps: 6,
  },
  {
    id: "completed-twice",
    description: "a row that was dispatched can be dispatched again, and no index forbids it",
    invariant: "INV-06",
    edits: [
      {
        file: functions,
        find: "DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = p_outbox_id;",
        replace: "NULL;",
      },
      { file: terminal, find: "CREATE UNIQUE INDEX", replace: "CREATE INDEX" },
    ],
    steps: 4,
  },
  {
    id: "attempt-overwritten",
    description: "a completion writes its worker over the row's earlier attempts, and no trigger forbids it",
    invariant: "INV-07",
    edits: [
      {
        file: init,
        find: "ALTER TABLE public.payment_outbox_attempts ENABLE ALWAYS TRIGGER",
        replace: "ALTER TABLE public.payment_outbox_attempts DISABLE TRIGGER",
      },
      {
        file: functions,
        find: "  IF p_state = 'RETRYABLE' THEN\n    IF v_attempt_no",
        replace:
          "  UPDATE public.payment_outbox_attempts AS a SET worker_id = p_worker_id WHERE a.outbox_id = p_outbox_id;\n  IF p_state = 'RETRYABLE' THEN\n    IF v_attempt_no",
      },
    ],
    steps: 6,
  },
  {
    id: "attempt-count-forgotten",
    description: "a retryable completion does not count on the pending row",
    invariant: "INV-08",
    edits: [
      {
        file: functions,
        find: "SET attempt_count = v_attempt_no,\n      next_attempt_at = now() + make_interval(secs => greatest(",
        replace: "SET next_attempt_at = now() + make_interval(secs => greatest(",
      },
    ],
    steps: 3,
  },
  {
    id: "repair-live",
    description: "a repair takes leases that are still live",
    invariant: "INV-12",
    edits: [
      {
        file: repair,
        find: "WHERE p.lease_expires_at <= now()",
        replace: "WHERE p.lease_expires_at IS NOT NULL",
      },
    ],
    steps: 3,
  },
  {
    id: "claim-early",
    description: "a claim does not wait for a row's back-off",
    invariant: "INV-13",
    edits: [
      {
        file: functions,
        find: "WHERE p.lease_expires_at IS NULL AND p.next_attempt_at <= now()",
        replace: "WHERE p.lease_expires_at IS NULL",
      },
    ],
    steps: 4,
  },
  {
    id: "siblings-locked",
    description: "a completion locks its participant's counter, then all the participant's rows",
    invariant: "INV-16",
    edits: [
      {
        file: functions,
        find: "  SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no\n  FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = p_outbox_id;",
        replace:
          "  PERFORM FROM public.participant_outbox_sequences AS s WHERE s.participant_id = v_row.participant_id FOR UPDATE;\n  PERFORM FROM public.payment_outbox_pending AS p WHERE p.participant_id = v_row.participant_id FOR UPDATE;\n  SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no\n  FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = p_outbox_id;",
      },
    ],
    steps: 7,
  },
  {
    id: "readonly-claims",
    description: "a role that may only read may claim",
    invariant: "INV-17",
    edits: [
      {
        file: privileges,
        find: "text, text, int, int),\n  public.repair_expired_leases(int, text)\n  TO symphony_executor, symphony_control;",
        replace:
          "text, text, int, int),\n  public.repair_expired_leases(int, text)\n  TO symphony_executor, symphony_control;\nGRANT EXECUTE ON FUNCTION public.claim_outbox_batch(int, text, int) TO symphony_readonly;",
      },
    ],
    steps: 1,
  },
  {
    id: "two-active",
    description: "the index of the single ACTIVE policy is not unique",
    invariant: "INV-18",
    edits: [{ file: policies, find: "CREATE UNIQUE INDEX ux_policy", replace: "CREATE INDEX ux_policy" }],
    steps: 3,
  },
];

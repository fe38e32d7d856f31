import { type PlantedBug, swap } from "./planted-bug.ts";

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const repair = "0006_repair_expired_leases_retry_ceiling.sql";
const notify = "0010_outbox_notify.sql";

/** A bug between two statements of a function. Under READ COMMITTED each of them sees what has committed meanwhile. */
export interface YieldBug extends PlantedBug {
  /** It is found without yield points too, where two calls meet in a lock: then often sooner (docs/yields.md). */
  readonly withoutYields: boolean;
}

const takesTheKey = `  INSERT INTO public.payment_outbox_keys AS k (instruction_id, idempotency_key, outbox_id, participant_id, created_at)
  VALUES (p_instruction_id, p_idempotency_key, public.uuid_v7_or_random(), p_participant_id, now())
  ON CONFLICT (instruction_id, idempotency_key) DO NOTHING
  RETURNING k.outbox_id INTO v_outbox_id;`;
const keyTable =
  "  created_at timestamptz NOT NULL DEFAULT now(),\n  PRIMARY KEY (instruction_id, idempotency_key)\n);";
const locksTheKey =
  "  PERFORM pg_advisory_xact_lock(hashtextextended(p_instruction_id || '/' || p_idempotency_key, 0));\n";
const inserts = `v_outbox_id := public.uuid_v7_or_random();
    INSERT INTO public.payment_outbox_keys (instruction_id, idempotency_key, outbox_id, participant_id, created_at)
    VALUES (p_instruction_id, p_idempotency_key, v_outbox_id, p_participant_id, now());`;
const isIn = (table: string): string =>
  `EXISTS (SELECT FROM public.${table} AS t WHERE t.instruction_id = p_instruction_id AND t.idempotency_key = p_idempotency_key)`;
const noConstraint = swap(init, keyTable, "  created_at timestamptz NOT NULL DEFAULT now()\n);");

const stateOfRepeat = `      CASE WHEN EXISTS (SELECT FROM public.payment_outbox_pending AS p WHERE p.outbox_id = k.outbox_id)
        THEN 'PENDING'
        ELSE (SELECT a.state::text FROM public.payment_outbox_attempts AS a
              WHERE a.outbox_id = k.outbox_id ORDER BY a.attempt_no DESC LIMIT 1)
      END
    INTO STRICT outbox_id, sequence_id, created_at, state`;
const repeatEnds = "    RETURN NEXT;\n    RETURN;";

const claimBegins = `  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT p.outbox_id
    FROM public.payment_outbox_pending AS p
    WHERE p.lease_expires_at IS NULL AND p.next_attempt_at <= now()
    ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id
    LIMIT p_batch_size
    FOR UPDATE SKIP LOCKED
  )`;
const claimArguments = `    RAISE EXCEPTION 'lease_seconds must be at least 1' USING ERRCODE = '22023';
  END IF;
`;
const claimHead = swap(
  functions,
  `  rail_type text, payload jsonb, attempt_count int, lease_token uuid, lease_expires_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN`,
  `  rail_type text, payload jsonb, attempt_count int, lease_token uuid, lease_expires_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  v_due uuid[];
BEGIN`,
);
const claimOrder = "ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id";
const readsDue = (limit: string): string => `${claimArguments}  v_due := ARRAY(
    SELECT p.outbox_id FROM public.payment_outbox_pending AS p
    WHERE p.lease_expires_at IS NULL AND p.next_attempt_at <= now()
    ${claimOrder}${limit}
  );
`;
const takesWhatItRead = (rest: string): string => `  RETURN QUERY
  WITH due AS MATERIALIZED (
    SELECT p.outbox_id FROM public.payment_outbox_pending AS p WHERE p.outbox_id = ANY (v_due)${rest}
  )`;

const fence = `    AND p.lease_expires_at > now()
  FOR UPDATE;`;
const recordsAttempt = `  INSERT INTO public.payment_outbox_attempts (outbox_id, instruction_id, participant_id, sequence_id, idempotency_key,
    rail_type, payload, attempt_no, state, claimed_at, completed_at,
    rail_reference, rail_code, error_code, error_message, latency_ms, worker_id, created_at)
  VALUES (v_row.outbox_id, v_row.instruction_id, v_row.participant_id, v_row.sequence_id, v_row.idempotency_key,
    v_row.rail_type, v_row.payload, v_attempt_no, v_state, now(), CASE WHEN v_state <> 'RETRYABLE' THEN now() END,
    p_rail_reference, p_rail_code, p_error_code, p_error_message, p_latency_ms, p_worker_id, now());
`;

const repairReads = `    ORDER BY p.lease_expires_at, p.created_at, p.participant_id, p.sequence_id
    LIMIT p_batch_size
    FOR UPDATE SKIP LOCKED
  );`;
const repairReadsOnly = repairReads.replace("\n    FOR UPDATE SKIP LOCKED", "");
const repairReadsAll = `    ORDER BY p.lease_expires_at, p.created_at, p.participant_id, p.sequence_id
  );
  v_expired := ARRAY(
    SELECT p.outbox_id FROM public.payment_outbox_pending AS p WHERE p.outbox_id = ANY (v_expired)
${repairReads}`;

/** All of them are looked for with yield points: one way for the class, whether or not luck finds some without. */
export const yieldBugs: readonly YieldBug[] = [
  {
    id: "look-ups-in-wrong-order",
    description:
      "enqueue looks for its key in attempts, then in pending, under an advisory lock in place of the constraint",
    bugClass: "uniqueness",
    source: null,
    needs: ["inside a function"],
    withoutYields: false,
    invariant: "INV-02",
    edits: [
      noConstraint,
      swap(
        notify,
        takesTheKey,
        `${locksTheKey}  IF NOT ${isIn("payment_outbox_attempts")} THEN
    IF NOT ${isIn("payment_outbox_pending")} THEN
    ${inserts}
    END IF;
  END IF;`,
      ),
    ],
    steps: 4,
  },
  {
    id: "second-look-up-left-out",
    description: "enqueue looks for its key, then locks it, and does not look again",
    bugClass: "uniqueness",
    source: "graphile/worker#580",
    needs: ["inside a function"],
    withoutYields: true,
    invariant: null,
    edits: [
      noConstraint,
      swap(
        notify,
        takesTheKey,
        `  IF NOT ${isIn("payment_outbox_keys")} THEN
  ${locksTheKey}    ${inserts}
  END IF;`,
      ),
    ],
    steps: 2,
  },
  {
    id: "state-in-two-looks",
    description: "a repeat reads the last attempt's state, then looks whether the row is pending",
    bugClass: "bookkeeping",
    source: null,
    needs: ["inside a function"],
    withoutYields: false,
    invariant: null,
    edits: [
      swap(
        notify,
        stateOfRepeat,
        `      (SELECT a.state::text FROM public.payment_outbox_attempts AS a
       WHERE a.outbox_id = k.outbox_id ORDER BY a.attempt_no DESC LIMIT 1)
    INTO STRICT outbox_id, sequence_id, created_at, state`,
      ),
      swap(
        notify,
        repeatEnds,
        `    IF EXISTS (SELECT FROM public.payment_outbox_pending AS p
               WHERE p.outbox_id = enqueue_payment_outbox.outbox_id) THEN
      state := 'PENDING';
    END IF;
${repeatEnds}`,
      ),
    ],
    steps: 4,
  },
  {
    id: "claim-in-two-statements",
    description: "claim reads the due rows, then leases them by id, without a re-check",
    bugClass: "double claim",
    source: "hardbyte/awa#134",
    needs: ["inside a function"],
    withoutYields: true,
    invariant: "INV-04",
    edits: [
      claimHead,
      swap(functions, claimArguments, readsDue(" LIMIT p_batch_size")),
      swap(functions, claimBegins, takesWhatItRead("")),
    ],
    steps: 3,
  },
  {
    id: "claim-locks-without-recheck",
    description:
      "claim reads the due rows, then locks those that are free, and does not look whether they are still due",
    bugClass: "double claim",
    source: "hardbyte/awa#134",
    needs: ["inside a function"],
    withoutYields: false,
    invariant: "INV-04",
    edits: [
      claimHead,
      swap(functions, claimArguments, readsDue("")),
      swap(
        functions,
        claimBegins,
        takesWhatItRead(`\n    ${claimOrder} LIMIT p_batch_size FOR UPDATE SKIP LOCKED`),
      ),
    ],
    steps: 3,
  },
  {
    id: "fence-then-id",
    description: "a completion checks the fence without a lock, then writes by outbox_id alone",
    bugClass: "weak fence",
    source: null,
    needs: ["inside a function"],
    withoutYields: true,
    invariant: "INV-05",
    edits: [swap(functions, fence, "    AND p.lease_expires_at > now();")],
    steps: 4,
  },
  {
    id: "conflict-swallowed",
    description: "a completion without a lock swallows that its attempt was recorded by another",
    bugClass: "weak fence",
    source: null,
    needs: ["inside a function"],
    withoutYields: true,
    invariant: "INV-05",
    edits: [
      swap(functions, fence, "    AND p.lease_expires_at > now();"),
      swap(
        functions,
        recordsAttempt,
        `  BEGIN\n${recordsAttempt}  EXCEPTION WHEN unique_violation THEN\n    NULL;\n  END;\n`,
      ),
    ],
    steps: 4,
  },
  {
    id: "candidates-then-id",
    description: "repair reads the expired rows without a lock, then changes them by id alone",
    bugClass: "repair overwrites",
    source: "riverqueue/river#1302",
    needs: ["inside a function"],
    withoutYields: true,
    invariant: "INV-12",
    edits: [swap(repair, repairReads, repairReadsOnly)],
    steps: 5,
  },
  {
    id: "repair-locks-without-recheck",
    description:
      "repair reads the expired rows, then locks those that are free, and does not look whether they still are",
    bugClass: "repair overwrites",
    source: "riverqueue/river#1302",
    needs: ["inside a function"],
    withoutYields: false,
    invariant: "INV-12",
    edits: [swap(repair, repairReads, repairReadsAll)],
    steps: 5,
  },
];

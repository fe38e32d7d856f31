import { type PlantedBug, swap } from "./planted-bug.ts";

const functions = "0002_outbox_functions.sql";
const terminal = "0008_outbox_terminal_uniqueness.sql";

const byToken = " AND p.lease_token = p_lease_token";
const byWorker = ' AND p.claimed_by = p_worker_id COLLATE "C"';
const byTime = "\n    AND p.lease_expires_at > now()";
const leaves = "DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = p_outbox_id;";
const reachesCeiling = "IF v_attempt_no >= public.outbox_retry_ceiling() THEN";
const delay = "greatest(1, coalesce(p_retry_delay_seconds, 1))";
const numbersTheAttempt =
  "  SELECT coalesce(max(a.attempt_no), 0) + 1 INTO v_attempt_no\n  FROM public.payment_outbox_attempts AS a WHERE a.outbox_id = p_outbox_id;";
const goesBack =
  "claimed_by = NULL, lease_token = NULL, lease_expires_at = NULL\n    WHERE p.outbox_id = p_outbox_id;";

/** Wrong changes to complete_outbox_attempt. */
export const completeBugs: readonly PlantedBug[] = [
  {
    id: "fence-without-token",
    description: "a completion is fenced by the worker's name alone",
    bugClass: "weak fence",
    source: "aegra/aegra#547",
    needs: ["sequence"],
    invariant: "INV-05",
    edits: [swap(functions, byToken, "")],
    steps: 3,
  },
  {
    id: "fence-without-worker",
    description: "a completion is fenced by the token alone",
    bugClass: "weak fence",
    source: "aegra/aegra#547",
    needs: ["sequence"],
    invariant: "INV-05",
    edits: [swap(functions, byWorker, "")],
    steps: 3,
  },
  {
    id: "fence-without-expiry",
    description: "a lease that has expired still completes",
    bugClass: "weak fence",
    source: "imtms/tagent-core#56",
    needs: ["sequence", "time"],
    invariant: "INV-05",
    edits: [swap(functions, byTime, "")],
    steps: 4,
  },
  {
    id: "fence-at-expiry",
    description: "a lease is still live at the instant of its expiry",
    bugClass: "premature reclaim",
    source: "graphile/worker#169",
    needs: ["time"],
    invariant: "INV-05",
    edits: [swap(functions, byTime, byTime.replace(">", ">="))],
    steps: 4,
  },
  {
    id: "fence-by-the-clock",
    description: "a lease is judged by the clock, not by the transaction's time",
    bugClass: "clock",
    source: "osbuild/osbuild-composer#2963",
    needs: ["transactions", "time"],
    invariant: null,
    edits: [swap(functions, byTime, byTime.replace("now()", "clock_timestamp()"))],
    steps: 5,
  },
  {
    id: "fence-on-success-only",
    description: "only a completion that succeeds is fenced, a failure is not",
    bugClass: "weak fence",
    source: "OptimalBits/bull#1416",
    needs: ["sequence"],
    invariant: "INV-05",
    edits: [swap(functions, byToken, " AND (p.lease_token = p_lease_token OR p_state <> 'DISPATCHED')")],
    steps: 3,
  },
  {
    id: "fence-without-lock",
    description: "a completion checks its lease without locking the row",
    bugClass: "double claim",
    source: "hardbyte/awa#134",
    needs: ["transactions"],
    invariant: null,
    edits: [swap(functions, `${byTime}\n  FOR UPDATE;`, `${byTime};`)],
    steps: 5,
  },
  {
    id: "fence-after-lock",
    description:
      "a completion locks the row before it checks its lease, so that zombies wait for whoever holds it",
    bugClass: "deadlock",
    source: "timgit/pg-boss#282",
    needs: ["transactions"],
    invariant: null,
    edits: [
      swap(
        functions,
        "  -- The whole fence in the locking query:",
        "  PERFORM FROM public.payment_outbox_pending AS p WHERE p.participant_id = (SELECT o.participant_id\n    FROM public.payment_outbox_pending AS o WHERE o.outbox_id = p_outbox_id) ORDER BY p.outbox_id DESC FOR UPDATE;\n  -- The whole fence in the locking query:",
      ),
    ],
    steps: 5,
  },
  {
    id: "siblings-locked",
    description: "a completion locks its participant's counter, then all the participant's rows",
    bugClass: "deadlock",
    source: "timgit/pg-boss#282",
    needs: ["transactions"],
    invariant: "INV-16",
    edits: [
      swap(
        functions,
        numbersTheAttempt,
        `  PERFORM FROM public.participant_outbox_sequences AS s WHERE s.participant_id = v_row.participant_id FOR UPDATE;
  PERFORM FROM public.payment_outbox_pending AS p WHERE p.participant_id = v_row.participant_id FOR UPDATE;
${numbersTheAttempt}`,
      ),
    ],
    steps: 5,
  },
  {
    id: "any-state-accepted",
    description: "a worker may record a state that only the outbox itself records",
    bugClass: "argument checks",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        functions,
        "p_state NOT IN ('DISPATCHED', 'FAILED', 'RETRYABLE')",
        "p_state NOT IN ('DISPATCHED', 'FAILED', 'RETRYABLE', 'ZOMBIE_REQUEUE')",
      ),
    ],
    steps: 3,
  },
  {
    id: "retry-at-once",
    description: "a retry delay of zero or less is taken as it is",
    bugClass: "premature reclaim",
    source: "oban-bg/oban#1141",
    needs: ["sequence"],
    invariant: null,
    edits: [swap(functions, delay, "coalesce(p_retry_delay_seconds, 1)")],
    steps: 3,
  },
  {
    id: "retry-has-ended",
    description: "an attempt that is to be retried has an end",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [swap(functions, "CASE WHEN v_state <> 'RETRYABLE' THEN now() END", "now()")],
    steps: 3,
  },
  {
    id: "retry-keeps-lease",
    description: "a retryable completion leaves its lease on the row",
    bugClass: "claim without a trace",
    source: "janbjorge/pgqueuer#536",
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        functions,
        `make_interval(secs => ${delay}),\n      ${goesBack}`,
        `make_interval(secs => ${delay})\n    WHERE p.outbox_id = p_outbox_id;`,
      ),
    ],
    steps: 3,
  },
  {
    id: "attempt-count-forgotten",
    description: "a retryable completion does not count on the pending row",
    bugClass: "ceiling bypassed",
    source: "vectorize-io/hindsight#2675",
    needs: ["sequence"],
    invariant: "INV-08",
    edits: [
      swap(
        functions,
        "SET attempt_count = v_attempt_no,\n      next_attempt_at = now() + make_interval(secs => greatest(",
        "SET next_attempt_at = now() + make_interval(secs => greatest(",
      ),
    ],
    steps: 3,
  },
  {
    id: "ceiling-off-by-one-in-complete",
    description: "a completion grants one attempt more than the ceiling",
    bugClass: "ceiling bypassed",
    source: "apalis-dev/apalis#372",
    needs: ["sequence"],
    invariant: "INV-09",
    edits: [swap(functions, reachesCeiling, reachesCeiling.replace(">=", ">"))],
    steps: 3,
  },
  {
    id: "ceiling-hides-the-error",
    description: "an attempt that ends at the ceiling loses the worker's error code",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        functions,
        "p_rail_reference, p_rail_code, p_error_code,",
        "p_rail_reference, p_rail_code, CASE WHEN v_state <> p_state THEN 'RETRY_CEILING_EXCEEDED' ELSE p_error_code END,",
      ),
    ],
    steps: 3,
  },
  {
    id: "terminal-row-stays",
    description: "a row that was dispatched stays in pending",
    bugClass: "uniqueness",
    source: "rails/solid_queue#761",
    needs: ["sequence"],
    invariant: "INV-01",
    edits: [swap(functions, leaves, "NULL;")],
    steps: 1,
  },
  {
    id: "failed-row-stays",
    description: "a row that failed for good stays in pending, and nobody selects it",
    bugClass: "stuck for ever",
    source: "graphile/worker#254",
    needs: ["sequence"],
    invariant: "INV-01",
    edits: [swap(functions, `  ELSE\n    ${leaves}`, `  ELSIF v_state = 'DISPATCHED' THEN\n    ${leaves}`)],
    steps: 3,
  },
  {
    id: "siblings-leave",
    description: "a completion removes all rows of its participant",
    bugClass: "repair overwrites",
    source: null,
    needs: ["sequence"],
    invariant: "INV-01",
    edits: [
      swap(
        functions,
        leaves,
        leaves.replace("p.outbox_id = p_outbox_id", "p.participant_id = v_row.participant_id"),
      ),
    ],
    steps: 2,
  },
  {
    id: "completed-twice",
    description: "a row that was dispatched can be dispatched again, and no index forbids it",
    bugClass: "uniqueness",
    source: "NikolayS/PgQue#104",
    needs: ["sequence"],
    invariant: "INV-06",
    edits: [swap(functions, leaves, "NULL;"), swap(terminal, "CREATE UNIQUE INDEX", "CREATE INDEX")],
    steps: 1,
  },
];

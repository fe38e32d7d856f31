import { type PlantedBug, swap } from "./planted-bug.ts";

const functions = "0002_outbox_functions.sql";
const repair = "0006_repair_expired_leases_retry_ceiling.sql";

const isExpired = "WHERE p.lease_expires_at <= now()";
const order = "ORDER BY p.lease_expires_at, p.created_at, p.participant_id, p.sequence_id";
const takes = `${order}\n    LIMIT p_batch_size\n    FOR UPDATE SKIP LOCKED`;
const requeues = "SET attempt_count = v_attempt_no, next_attempt_at = now() + make_interval(secs => 1)";
const clears = ",\n        claimed_by = NULL, lease_token = NULL, lease_expires_at = NULL";
const recordsTheZombie = `v_row.idempotency_key, v_row.rail_type, v_row.payload, v_attempt_no, 'ZOMBIE_REQUEUE', now(), now(),
        p_worker_id, now());`;
const leaves = "DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = v_row.outbox_id;";
const readsCeiling =
  "  IF cardinality(v_expired) > 0 THEN\n    v_ceiling := public.outbox_retry_ceiling();\n  END IF;";

/** Wrong changes to repair_expired_leases and to the retry ceiling that it reads. */
export const repairBugs: readonly PlantedBug[] = [
  {
    id: "repair-live",
    description: "a repair takes leases that are still live",
    bugClass: "premature reclaim",
    source: "janbjorge/pgqueuer#430",
    needs: ["sequence"],
    invariant: "INV-12",
    edits: [swap(repair, isExpired, "WHERE p.lease_expires_at IS NOT NULL")],
    steps: 3,
  },
  {
    id: "repair-after-expiry",
    description: "at the instant of its expiry a lease is neither live nor expired",
    bugClass: "premature reclaim",
    source: "graphile/worker#169",
    needs: ["time"],
    invariant: null,
    edits: [swap(repair, isExpired, isExpired.replace("<=", "<"))],
    steps: 2,
  },
  {
    id: "repair-waits",
    description: "a repair waits for rows that others have locked",
    bugClass: "stuck for ever",
    source: null,
    needs: ["transactions", "time"],
    invariant: "INV-15",
    edits: [swap(repair, takes, takes.replace(" SKIP LOCKED", ""))],
    steps: 6,
  },
  {
    id: "repair-limit-before-filter",
    description: "a repair looks at the oldest rows only, expired or not",
    bugClass: "stuck for ever",
    source: "riverqueue/river#1318",
    needs: ["sequence", "time"],
    invariant: null,
    edits: [
      swap(
        repair,
        isExpired,
        `${isExpired} AND p.outbox_id IN (SELECT f.outbox_id FROM public.payment_outbox_pending AS f
      ORDER BY f.created_at LIMIT p_batch_size)`,
      ),
    ],
    steps: 6,
  },
  {
    id: "repair-oldest-row",
    description: "a repair takes the oldest rows, not those that expired first",
    bugClass: "order and visibility",
    source: null,
    needs: ["sequence", "time"],
    invariant: null,
    edits: [
      swap(repair, order, "ORDER BY p.created_at, p.lease_expires_at, p.participant_id, p.sequence_id"),
    ],
    steps: 6,
  },
  {
    id: "repair-keeps-lease",
    description: "a repair leaves the expired lease on the row",
    bugClass: "claim without a trace",
    source: "janbjorge/pgqueuer#536",
    needs: ["sequence", "time"],
    invariant: null,
    edits: [swap(repair, `${requeues}${clears}`, requeues)],
    steps: 2,
  },
  {
    id: "repair-without-a-trace",
    description: "a repair hands a row back without an attempt on the ledger",
    bugClass: "ceiling bypassed",
    source: "vectorize-io/hindsight#2675",
    needs: ["sequence", "time"],
    invariant: "INV-08",
    edits: [
      swap(
        repair,
        `VALUES (v_row.outbox_id, v_row.instruction_id, v_row.participant_id, v_row.sequence_id,\n        ${recordsTheZombie}`,
        `SELECT v_row.outbox_id, v_row.instruction_id, v_row.participant_id, v_row.sequence_id,\n        ${recordsTheZombie.replace(");", "")} WHERE false;`,
      ),
    ],
    steps: 2,
  },
  {
    id: "repair-starts-over",
    description: "a repair sets the row's count of attempts back to zero",
    bugClass: "ceiling bypassed",
    source: "vectorize-io/hindsight#2675",
    needs: ["sequence", "time"],
    invariant: "INV-08",
    edits: [swap(repair, requeues, requeues.replace("= v_attempt_no", "= 0"))],
    steps: 2,
  },
  {
    id: "repair-at-once",
    description: "a repaired row is due at once",
    bugClass: "premature reclaim",
    source: "oban-bg/oban#1141",
    needs: ["sequence", "time"],
    invariant: null,
    edits: [swap(repair, requeues, requeues.replace(" + make_interval(secs => 1)", ""))],
    steps: 2,
  },
  {
    id: "repair-says-retryable",
    description: "a repair records the attempt as the worker's own",
    bugClass: "ledger",
    source: null,
    needs: ["sequence", "time"],
    invariant: null,
    edits: [
      swap(
        repair,
        "v_attempt_no, 'ZOMBIE_REQUEUE', now(), now(),",
        "v_attempt_no, 'RETRYABLE', now(), now(),",
      ),
    ],
    steps: 2,
  },
  {
    id: "repair-hides-the-repairer",
    description: "a repair records the dead worker in place of the repairer",
    bugClass: "ledger",
    source: null,
    needs: ["sequence", "time"],
    invariant: null,
    edits: [swap(repair, recordsTheZombie, recordsTheZombie.replace("p_worker_id", "v_row.claimed_by"))],
    steps: 2,
  },
  {
    id: "ceiling-off-by-one-in-repair",
    description: "a repair grants one attempt more than the ceiling",
    bugClass: "ceiling bypassed",
    source: "apalis-dev/apalis#372",
    needs: ["sequence", "time"],
    invariant: "INV-09",
    edits: [swap(repair, "IF v_attempt_no >= v_ceiling THEN", "IF v_attempt_no > v_ceiling THEN")],
    steps: 2,
  },
  {
    id: "ceiling-counts-only-failures",
    description: "an attempt that ended with its lease does not count towards the ceiling",
    bugClass: "ceiling bypassed",
    source: "vectorize-io/hindsight#2675",
    needs: ["sequence", "time"],
    invariant: "INV-09",
    edits: [
      swap(
        functions,
        "IF v_attempt_no >= public.outbox_retry_ceiling() THEN",
        "IF (SELECT count(*) + 1 FROM public.payment_outbox_attempts AS a\n        WHERE a.outbox_id = p_outbox_id AND a.state = 'RETRYABLE') >= public.outbox_retry_ceiling() THEN",
      ),
      swap(repair, "IF v_attempt_no >= v_ceiling THEN", "IF false THEN"),
    ],
    steps: 2,
  },
  {
    id: "repair-skips-last-attempt",
    description:
      "a lease that expires at the last attempt is left to nobody: no repair takes it, no claim may",
    bugClass: "stuck for ever",
    source: "graphile/worker#254",
    needs: ["sequence", "time"],
    invariant: "INV-14",
    edits: [
      swap(
        repair,
        "IF v_attempt_no >= v_ceiling THEN",
        "IF v_attempt_no >= v_ceiling THEN\n      CONTINUE;\n    ELSIF false THEN",
      ),
    ],
    steps: 2,
  },
  {
    id: "ceiling-without-an-end",
    description: "at the ceiling a repair removes the row and records nothing: the payment is gone",
    bugClass: "stuck for ever",
    source: "procrastinate-org/procrastinate#1518",
    needs: ["sequence", "time"],
    invariant: "INV-01",
    edits: [
      swap(
        repair,
        "IF v_attempt_no >= v_ceiling THEN\n      INSERT INTO",
        `IF v_attempt_no >= v_ceiling THEN\n      ${leaves}\n      attempt_no := v_attempt_no;\n      RETURN NEXT;\n      CONTINUE;\n      INSERT INTO`,
      ),
    ],
    steps: 2,
  },
  {
    id: "ceiling-row-stays",
    description: "at the ceiling a repair records the end and leaves the row in pending",
    bugClass: "stuck for ever",
    source: "graphile/worker#254",
    needs: ["sequence", "time"],
    invariant: "INV-01",
    edits: [swap(repair, leaves, "NULL;")],
    steps: 2,
  },
  {
    id: "ceiling-read-for-nothing",
    description: "a repair reads the ceiling even without a row, so that a bad setting stops idle repairers",
    bugClass: "argument checks",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [swap(repair, readsCeiling, "  v_ceiling := public.outbox_retry_ceiling();")],
    steps: 1,
  },
  {
    id: "ceiling-has-a-fallback",
    description: "a ceiling that makes no sense counts as 20",
    bugClass: "argument checks",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        functions,
        "  RAISE EXCEPTION 'symphony.outbox_retry_ceiling is set to",
        "  RETURN 20;\n  RAISE EXCEPTION 'symphony.outbox_retry_ceiling is set to",
      ),
    ],
    steps: 1,
  },
  {
    id: "ceiling-of-the-session",
    description: "the ceiling is what the caller's session says: a worker can lift its own fuse",
    bugClass: "roles",
    source: null,
    needs: ["role"],
    invariant: null,
    edits: [
      swap(
        functions,
        "  -- Names of settings have no case.",
        "  RETURN coalesce(current_setting('symphony.outbox_retry_ceiling', true), '20')::int;\n  -- Names of settings have no case.",
      ),
    ],
    steps: 1,
  },
];

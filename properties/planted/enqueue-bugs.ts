import { type PlantedBug, swap } from "./planted-bug.ts";

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const notify = "0010_outbox_notify.sql";

const takesTheKey =
  "VALUES (p_instruction_id, p_idempotency_key, public.uuid_v7_or_random(), p_participant_id, now())";
const findsTheKey =
  'WHERE k.instruction_id = p_instruction_id COLLATE "C" AND k.idempotency_key = p_idempotency_key COLLATE "C";';
const startOfWork = "  -- The key first, the counter second: whoever waits for a key holds no counter";
const repeatEnds = "    RETURN NEXT;\n    RETURN;";
const bumps = "  v_sequence_id := public.bump_participant_outbox_seq(p_participant_id);\n";
const wakesUp = "  PERFORM pg_notify('symphony_outbox', '');\n";
const wholeKey = "p_instruction_id || p_idempotency_key";

/** Wrong changes to enqueue_payment_outbox and to the participants' counter. */
export const enqueueBugs: readonly PlantedBug[] = [
  {
    id: "repeat-takes-number",
    description: "a repeated enqueue takes a new sequence number",
    bugClass: "uniqueness",
    source: "NikolayS/PgQue#104",
    needs: ["sequence"],
    invariant: "INV-02",
    edits: [
      swap(
        notify,
        repeatEnds,
        `    sequence_id := public.bump_participant_outbox_seq(p_participant_id);\n${repeatEnds}`,
      ),
    ],
    steps: 2,
  },
  {
    id: "repeat-created-now",
    description: "a repeated enqueue answers with its own time",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence", "time"],
    invariant: "INV-02",
    edits: [
      swap(
        notify,
        "SELECT k.outbox_id, k.sequence_id, k.created_at,",
        "SELECT k.outbox_id, k.sequence_id, now(),",
      ),
    ],
    steps: 2,
  },
  {
    id: "repeat-says-pending",
    description: "a repeated enqueue says PENDING of a row that has ended",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [swap(notify, "CASE WHEN EXISTS (SELECT FROM", "CASE WHEN true OR EXISTS (SELECT FROM")],
    steps: 4,
  },
  {
    id: "repeat-says-first-attempt",
    description: "a repeated enqueue says the state of the first attempt, not of the last",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence", "time"],
    invariant: null,
    edits: [swap(notify, "ORDER BY a.attempt_no DESC LIMIT 1", "ORDER BY a.attempt_no LIMIT 1")],
    steps: 7,
  },
  {
    id: "repeat-changes-payload",
    description: "a repeated enqueue writes its payload over the first one",
    bugClass: "uniqueness",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        notify,
        repeatEnds,
        `    UPDATE public.payment_outbox_pending AS p SET payload = p_payload WHERE p.outbox_id = enqueue_payment_outbox.outbox_id;\n${repeatEnds}`,
      ),
    ],
    steps: 2,
  },
  {
    id: "repeat-with-other-payload-refused",
    description: "a repeated enqueue with another payload is an error, though the sender only retries",
    bugClass: "lost acknowledgement",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        notify,
        repeatEnds,
        `    IF EXISTS (SELECT FROM public.payment_outbox_pending AS p
      WHERE p.outbox_id = enqueue_payment_outbox.outbox_id AND p.payload <> p_payload) THEN
      RAISE EXCEPTION 'another payload' USING ERRCODE = '23505';
    END IF;\n${repeatEnds}`,
      ),
    ],
    steps: 2,
  },
  {
    id: "keys-concatenated",
    description: "keys are compared by their concatenated texts, so that different ones collide",
    bugClass: "uniqueness",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        notify,
        takesTheKey,
        takesTheKey.replace("p_instruction_id, p_idempotency_key", `'', ${wholeKey}`),
      ),
      swap(
        notify,
        `${bumps}  UPDATE public.payment_outbox_keys AS k SET sequence_id = v_sequence_id\n  ${findsTheKey}`,
        `${bumps}  UPDATE public.payment_outbox_keys AS k SET sequence_id = v_sequence_id\n  WHERE k.idempotency_key = ${wholeKey};`,
      ),
      swap(
        notify,
        `FROM public.payment_outbox_keys AS k\n    ${findsTheKey}`,
        `FROM public.payment_outbox_keys AS k\n    WHERE k.idempotency_key = ${wholeKey};`,
      ),
    ],
    steps: 2,
  },
  {
    id: "key-forgotten-at-the-end",
    description: "a key is remembered only as long as its row is pending",
    bugClass: "lost acknowledgement",
    source: null,
    needs: ["sequence"],
    invariant: "INV-02",
    edits: [
      swap(
        functions,
        "DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = p_outbox_id;",
        "DELETE FROM public.payment_outbox_pending AS p WHERE p.outbox_id = p_outbox_id;\n    DELETE FROM public.payment_outbox_keys AS k WHERE k.outbox_id = p_outbox_id;",
      ),
    ],
    steps: 4,
  },
  {
    id: "key-forgotten-in-time",
    description: "a key is remembered for a minute",
    bugClass: "lost acknowledgement",
    source: null,
    needs: ["sequence", "time"],
    invariant: null,
    edits: [
      swap(
        notify,
        startOfWork,
        `  DELETE FROM public.payment_outbox_keys AS k WHERE k.created_at < now() - interval '1 minute';\n${startOfWork}`,
      ),
    ],
    steps: 3,
  },
  {
    id: "counter-before-key",
    description: "the counter is taken before the key, so that a repeat leaves a gap",
    bugClass: "order and visibility",
    source: "patchlevel/event-sourcing#615",
    needs: ["sequence"],
    invariant: "INV-03",
    edits: [swap(notify, bumps, ""), swap(notify, startOfWork, `${bumps}${startOfWork}`)],
    steps: 2,
  },
  {
    id: "numbers-skip",
    description: "a participant's counter goes up by two",
    bugClass: "order and visibility",
    source: null,
    needs: ["sequence"],
    invariant: "INV-03",
    edits: [
      swap(
        functions,
        "SET next_sequence_id = s.next_sequence_id + 1\n",
        "SET next_sequence_id = s.next_sequence_id + 2\n",
      ),
    ],
    steps: 2,
  },
  {
    id: "numbers-by-sequence",
    description:
      "numbers come from a sequence object: all participants share them, and a rollback leaves a gap",
    bugClass: "order and visibility",
    source: "patchlevel/event-sourcing#615",
    needs: ["sequence"],
    invariant: "INV-03",
    edits: [
      swap(
        functions,
        "CREATE FUNCTION public.enqueue_payment_outbox(",
        "CREATE SEQUENCE public.outbox_numbers;\nCREATE FUNCTION public.enqueue_payment_outbox(",
      ),
      swap(notify, bumps, "  v_sequence_id := nextval('public.outbox_numbers');\n"),
    ],
    steps: 1,
  },
  {
    id: "due-a-second-late",
    description: "a new row is due one second after it was enqueued",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        notify,
        "    p_rail_type, p_payload, now(), now());",
        "    p_rail_type, p_payload, now() + interval '1 second', now());",
      ),
    ],
    steps: 1,
  },
  {
    id: "notify-on-repeat",
    description: "a repeated enqueue wakes the workers",
    bugClass: "wake-up lost",
    source: null,
    needs: ["sequence"],
    invariant: "INV-10",
    edits: [swap(notify, repeatEnds, `    PERFORM pg_notify('symphony_outbox', '');\n${repeatEnds}`)],
    steps: 2,
  },
  {
    id: "notify-first-of-participant",
    description: "only a participant's first row wakes the workers",
    bugClass: "wake-up lost",
    source: "iopsystems/durable#66",
    needs: ["sequence"],
    invariant: "INV-10",
    edits: [swap(notify, wakesUp, `  IF v_sequence_id = 1 THEN\n  ${wakesUp}  END IF;\n`)],
    steps: 2,
  },
  {
    id: "notify-once-a-transaction",
    description: "what remembers that its transaction has woken the workers outlives a savepoint rolled back",
    bugClass: "wake-up lost",
    source: null,
    needs: ["transactions"],
    invariant: "INV-10",
    edits: [
      swap(
        notify,
        wakesUp,
        `  IF nextval('public.transactions_woken') <> pg_current_xact_id()::text::bigint THEN\n  ${wakesUp}  END IF;
  PERFORM setval('public.transactions_woken', pg_current_xact_id()::text::bigint, false);\n`,
      ),
      swap(
        notify,
        "CREATE OR REPLACE FUNCTION public.enqueue_payment_outbox(",
        "CREATE SEQUENCE public.transactions_woken;\nCREATE OR REPLACE FUNCTION public.enqueue_payment_outbox(",
      ),
    ],
    steps: 5,
  },
  {
    id: "notify-on-another-channel",
    description: "the wake-up goes to a channel that nobody listens to",
    bugClass: "wake-up lost",
    source: null,
    needs: ["sequence"],
    invariant: "INV-10",
    edits: [swap(notify, wakesUp, wakesUp.replace("symphony_outbox", "symphony_outbox_v2"))],
    steps: 1,
  },
  {
    id: "notify-lost-in-a-later-file",
    description: "a later file makes enqueue again from its old text, without the wake-up",
    bugClass: "migration",
    source: "QueueClassic/queue_classic#235",
    needs: ["migration"],
    invariant: "INV-10",
    edits: [swap(notify, wakesUp, "")],
    steps: 1,
  },
  {
    id: "notify-tells-the-row",
    description: "the wake-up, which everybody may listen to, carries the row's id",
    bugClass: "roles",
    source: null,
    needs: ["sequence"],
    invariant: "INV-10",
    edits: [swap(notify, wakesUp, "  PERFORM pg_notify('symphony_outbox', v_outbox_id::text);\n")],
    steps: 1,
  },
  {
    id: "empty-key-accepted",
    description: "an empty idempotency key is a key",
    bugClass: "argument checks",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        notify,
        "IF p_idempotency_key IS NULL OR octet_length(p_idempotency_key) NOT BETWEEN 1 AND 512 THEN",
        "IF p_idempotency_key IS NULL OR octet_length(p_idempotency_key) > 512 THEN",
      ),
    ],
    steps: 1,
  },
  {
    id: "length-in-characters",
    description: "an instruction's length is counted in characters, not in bytes",
    bugClass: "argument checks",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        notify,
        "octet_length(p_instruction_id) NOT BETWEEN 1 AND 512",
        "char_length(p_instruction_id) NOT BETWEEN 1 AND 512",
      ),
    ],
    steps: 1,
  },
  {
    id: "payload-checked-by-the-table",
    description: "the payload is checked by the table alone, so a repeat's is not checked at all",
    bugClass: "argument checks",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(
        notify,
        "IF p_payload IS NULL OR jsonb_typeof(p_payload) <> 'object' THEN",
        "IF p_payload IS NULL THEN",
      ),
    ],
    steps: 2,
  },
  {
    id: "idempotency-by-look-up",
    description: "a key is looked up before it is inserted, with no constraint behind the look",
    bugClass: "isolation",
    source: "graphile/worker#580",
    needs: ["transactions"],
    invariant: "INV-02",
    edits: [
      swap(
        init,
        "created_at timestamptz NOT NULL DEFAULT now(),\n  PRIMARY KEY (instruction_id, idempotency_key)",
        "created_at timestamptz NOT NULL DEFAULT now()",
      ),
      swap(
        init,
        "UNIQUE (participant_id, sequence_id),\n  UNIQUE (instruction_id, idempotency_key)",
        "UNIQUE (participant_id, sequence_id)",
      ),
      swap(functions, "ON CONFLICT (instruction_id, idempotency_key) DO NOTHING", "ON CONFLICT DO NOTHING"),
      swap(
        notify,
        `${takesTheKey}\n  ON CONFLICT (instruction_id, idempotency_key) DO NOTHING`,
        `SELECT p_instruction_id, p_idempotency_key, public.uuid_v7_or_random(), p_participant_id, now()
  WHERE NOT EXISTS (SELECT FROM public.payment_outbox_keys AS o
    WHERE o.instruction_id = p_instruction_id AND o.idempotency_key = p_idempotency_key)`,
      ),
    ],
    steps: 3,
  },
];

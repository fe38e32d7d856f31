import { type PlantedBug, swap } from "./planted-bug.ts";

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const notify = "0010_outbox_notify.sql";

const commitsWithoutWaiting = "PERFORM set_config('synchronous_commit', 'off', true);";

/** Wrong changes that only a crash of the server shows: an answer is given before what it says is on the disk. */
export const durabilityBugs: readonly PlantedBug[] = [
  {
    id: "commit-without-waiting",
    description: "an enqueue sets synchronous_commit off for its transaction, to be faster",
    bugClass: "durability",
    source: null,
    needs: ["crash"],
    invariant: "INV-20",
    edits: [
      swap(
        notify,
        "  v_sequence_id := public.bump_participant_outbox_seq(p_participant_id);\n",
        `  v_sequence_id := public.bump_participant_outbox_seq(p_participant_id);\n  ${commitsWithoutWaiting}\n`,
      ),
    ],
    steps: 2,
  },
  {
    id: "completion-without-waiting",
    description: "a completion sets synchronous_commit off for its transaction: a payment may go out twice",
    bugClass: "durability",
    source: null,
    needs: ["crash"],
    invariant: "INV-20",
    edits: [
      swap(
        functions,
        "  IF p_state = 'RETRYABLE' THEN\n    IF v_attempt_no",
        `  ${commitsWithoutWaiting}\n  IF p_state = 'RETRYABLE' THEN\n    IF v_attempt_no`,
      ),
    ],
    steps: 4,
  },
  {
    id: "pending-unlogged",
    description: "the hot queue is UNLOGGED, to be faster: a crash empties it",
    bugClass: "durability",
    source: null,
    needs: ["crash"],
    invariant: "INV-20",
    edits: [
      swap(
        init,
        "CREATE TABLE public.payment_outbox_pending",
        "CREATE UNLOGGED TABLE public.payment_outbox_pending",
      ),
    ],
    steps: 2,
  },
];

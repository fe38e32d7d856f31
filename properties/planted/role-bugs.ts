import { type PlantedBug, swap } from "./planted-bug.ts";

const functions = "0002_outbox_functions.sql";
const privileges = "0004_privileges.sql";
const repair = "0006_repair_expired_leases_retry_ceiling.sql";
const revocations = "0012_revocation_tables.sql";

const grantsRepair =
  "text, text, int, int),\n  public.repair_expired_leases(int, text)\n  TO symphony_executor, symphony_control;";

/** Wrong changes to who may do what. */
export const roleBugs: readonly PlantedBug[] = [
  {
    id: "readonly-claims",
    description: "a role that may only read may claim",
    bugClass: "roles",
    source: "NikolayS/PgQue#96",
    needs: ["role"],
    invariant: "INV-17",
    edits: [
      swap(
        privileges,
        grantsRepair,
        `${grantsRepair}\nGRANT EXECUTE ON FUNCTION public.claim_outbox_batch(int, text, int) TO symphony_readonly;`,
      ),
    ],
    steps: 1,
  },
  {
    id: "public-enqueues",
    description: "PUBLIC keeps EXECUTE on enqueue",
    bugClass: "roles",
    source: "NikolayS/PgQue#96",
    needs: ["role"],
    invariant: "INV-17",
    edits: [
      swap(
        privileges,
        "GRANT EXECUTE ON FUNCTION public.enqueue_payment_outbox(text, text, text, text, jsonb)\n  TO symphony_ingest, symphony_control;",
        "GRANT EXECUTE ON FUNCTION public.enqueue_payment_outbox(text, text, text, text, jsonb)\n  TO PUBLIC, symphony_ingest, symphony_control;",
      ),
    ],
    steps: 1,
  },
  {
    id: "auditor-revokes",
    description: "who audits the revocations may write them",
    bugClass: "roles",
    source: null,
    needs: ["role"],
    invariant: "INV-17",
    edits: [
      swap(
        revocations,
        "GRANT INSERT ON public.revoked_client_certs, public.revoked_tokens TO symphony_control;",
        "GRANT INSERT ON public.revoked_client_certs, public.revoked_tokens TO symphony_control, symphony_auditor;",
      ),
    ],
    steps: 1,
  },
  {
    id: "control-deletes-attempts",
    description: "control may delete attempts, and only the guard is left to stop it",
    bugClass: "roles",
    source: null,
    needs: ["role"],
    invariant: "INV-17",
    edits: [
      swap(
        privileges,
        grantsRepair,
        `${grantsRepair}\nGRANT DELETE ON public.payment_outbox_attempts TO symphony_control;`,
      ),
    ],
    steps: 1,
  },
  {
    id: "grant-lost-in-a-later-file",
    description: "a later file drops repair and makes it again, and its grants are gone",
    bugClass: "migration",
    source: "procrastinate-org/procrastinate#1358",
    needs: ["migration", "role"],
    invariant: "INV-17",
    edits: [
      swap(
        repair,
        "CREATE OR REPLACE FUNCTION public.repair_expired_leases(",
        "DROP FUNCTION public.repair_expired_leases(int, text);\nCREATE FUNCTION public.repair_expired_leases(",
      ),
    ],
    steps: 1,
  },
  {
    id: "old-repair-in-a-later-file",
    description: "the file that gives repair its ceiling leaves the old text: the ceiling is never read",
    bugClass: "migration",
    source: "QueueClassic/queue_classic#235",
    needs: ["migration", "time"],
    invariant: "INV-09",
    edits: [swap(repair, "IF v_attempt_no >= v_ceiling THEN", "IF false THEN")],
    steps: 2,
  },
  {
    id: "claim-as-the-caller",
    description: "claim runs with the caller's rights, and the caller has none on the table",
    bugClass: "roles",
    source: null,
    needs: ["role"],
    invariant: "INV-17",
    edits: [
      swap(
        functions,
        "lease_token uuid, lease_expires_at timestamptz)\nLANGUAGE plpgsql VOLATILE SECURITY DEFINER",
        "lease_token uuid, lease_expires_at timestamptz)\nLANGUAGE plpgsql VOLATILE SECURITY INVOKER",
      ),
    ],
    steps: 1,
  },
  {
    id: "strategy-for-nobody",
    description: "nobody may call what says the retry ceiling",
    bugClass: "roles",
    source: null,
    needs: ["role"],
    invariant: "INV-17",
    edits: [
      swap(
        privileges,
        "GRANT EXECUTE ON FUNCTION public.outbox_retry_ceiling(), public.uuid_strategy()",
        "GRANT EXECUTE ON FUNCTION public.uuid_strategy()",
      ),
    ],
    steps: 1,
  },
];

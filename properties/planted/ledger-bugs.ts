import { type PlantedBug, swap } from "./planted-bug.ts";

const init = "0001_init.sql";
const functions = "0002_outbox_functions.sql";
const attestations = "0011_ingress_attestations.sql";
const revocations = "0012_revocation_tables.sql";
const policies = "0005_policy_versions.sql";

/** Wrong changes to the append-only ledgers and to the policy versions. */
export const ledgerBugs: readonly PlantedBug[] = [
  {
    id: "attempt-overwritten",
    description: "a completion writes its worker over the row's earlier attempts, and no trigger forbids it",
    bugClass: "ledger",
    source: null,
    needs: ["sequence", "time"],
    invariant: "INV-07",
    edits: [
      swap(
        init,
        "ALTER TABLE public.payment_outbox_attempts ENABLE ALWAYS TRIGGER",
        "ALTER TABLE public.payment_outbox_attempts DISABLE TRIGGER",
      ),
      swap(
        functions,
        "  IF p_state = 'RETRYABLE' THEN\n    IF v_attempt_no",
        "  UPDATE public.payment_outbox_attempts AS a SET worker_id = p_worker_id WHERE a.outbox_id = p_outbox_id;\n  IF p_state = 'RETRYABLE' THEN\n    IF v_attempt_no",
      ),
    ],
    steps: 2,
  },
  {
    id: "attempts-truncated",
    description: "the guard of the attempts does not see TRUNCATE",
    bugClass: "ledger",
    source: "CopilotKit/OpenBot#138",
    needs: ["role"],
    invariant: "INV-07",
    edits: [
      swap(
        init,
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payment_outbox_attempts",
        "BEFORE UPDATE OR DELETE ON public.payment_outbox_attempts",
      ),
    ],
    steps: 1,
  },
  {
    id: "ledger-guard-by-row",
    description: "a row trigger guards the attestations: it sees neither TRUNCATE nor a change of no rows",
    bugClass: "ledger",
    source: "CopilotKit/OpenBot#138",
    needs: ["role"],
    invariant: "INV-07",
    edits: [
      swap(
        attestations,
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ingress_attestations\n  FOR EACH STATEMENT",
        "BEFORE UPDATE OR DELETE ON public.ingress_attestations\n  FOR EACH ROW",
      ),
    ],
    steps: 1,
  },
  {
    id: "ledger-guard-without-delete",
    description: "the guard of the revoked certificates does not see DELETE: a revocation can be undone",
    bugClass: "ledger",
    source: null,
    needs: ["role"],
    invariant: "INV-07",
    edits: [
      swap(
        revocations,
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON public.revoked_client_certs",
        "BEFORE UPDATE OR TRUNCATE ON public.revoked_client_certs",
      ),
    ],
    steps: 1,
  },
  {
    id: "ledger-guard-off",
    description: "the guard of the revoked tokens is disabled",
    bugClass: "ledger",
    source: null,
    needs: ["role"],
    invariant: "INV-07",
    edits: [
      swap(
        revocations,
        "ALTER TABLE public.revoked_tokens ENABLE ALWAYS TRIGGER",
        "ALTER TABLE public.revoked_tokens DISABLE TRIGGER",
      ),
    ],
    steps: 1,
  },
  {
    id: "ledger-guard-says-nothing",
    description:
      "the guard returns null in place of an error, which a statement trigger's caller never notices",
    bugClass: "ledger",
    source: null,
    needs: ["role"],
    invariant: "INV-07",
    edits: [
      swap(
        init,
        "  RAISE EXCEPTION '% on % is denied",
        "  RETURN NULL;\n  RAISE EXCEPTION '% on % is denied",
      ),
    ],
    steps: 1,
  },
  {
    id: "two-active",
    description: "the index of the single ACTIVE policy is not unique",
    bugClass: "uniqueness",
    source: null,
    needs: ["sequence"],
    invariant: "INV-18",
    edits: [swap(policies, "CREATE UNIQUE INDEX ux_policy", "CREATE INDEX ux_policy")],
    steps: 2,
  },
  {
    id: "grace-without-end",
    description: "a policy may be in GRACE for ever",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence"],
    invariant: "INV-18",
    edits: [swap(policies, "CHECK (status <> 'GRACE' OR grace_expires_at IS NOT NULL)", "CHECK (true)")],
    steps: 1,
  },
  {
    id: "active-with-end",
    description: "an ACTIVE policy may have an end",
    bugClass: "bookkeeping",
    source: null,
    needs: ["sequence"],
    invariant: "INV-18",
    edits: [swap(policies, "CHECK (status <> 'ACTIVE' OR grace_expires_at IS NULL)", "CHECK (true)")],
    steps: 1,
  },
  {
    id: "checksum-empty",
    description: "a policy may have an empty checksum",
    bugClass: "argument checks",
    source: null,
    needs: ["sequence"],
    invariant: "INV-18",
    edits: [swap(policies, " CHECK (octet_length(checksum) > 0)", "")],
    steps: 1,
  },
  {
    id: "grace-is-active",
    description: "a policy in GRACE counts as active, so that nothing can take its place",
    bugClass: "stuck for ever",
    source: null,
    needs: ["sequence"],
    invariant: null,
    edits: [
      swap(policies, "GENERATED ALWAYS AS (status = 'ACTIVE')", "GENERATED ALWAYS AS (status <> 'RETIRED')"),
    ],
    steps: 1,
  },
];

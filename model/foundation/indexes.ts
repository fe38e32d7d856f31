import type { Sample } from "./sample.ts";
import { leased } from "./tables.ts";

/** An index of contract 1 and 2. */
export interface ExpectedIndex {
  /** For people and for the check's id, where the contract fixes no name. */
  readonly title: string;
  /** Null: any name. */
  readonly name: string | null;
  readonly table: string;
  /** Its keys must be one of these, in this order. */
  readonly keys: readonly (readonly string[])[];
  readonly unique: boolean;
  /** Rows that it must hold. */
  readonly holds: readonly Sample[];
  /** Rows that it must leave out. */
  readonly omits: readonly Sample[];
  /** Makes it. */
  readonly sql: string;
}

const states = ["DISPATCHING", "DISPATCHED", "RETRYABLE", "FAILED", "ZOMBIE_REQUEUE"];
const terminal = ["DISPATCHED", "FAILED"];
const grace: Sample = { status: "GRACE", grace_expires_at: "2000-01-01 00:00:00+00" };

const attestations = (title: string, keys: readonly string[], condition: string | null): ExpectedIndex => ({
  title: `attestations-by-${title}`,
  name: null,
  table: "ingress_attestations",
  keys: [keys],
  unique: false,
  holds: [{ tenant_id: "tenant" }, ...(condition === null ? [{ tenant_id: null }] : [])],
  omits: condition === null ? [] : [{ tenant_id: null }],
  sql: `CREATE INDEX ON public.ingress_attestations (${keys.join(", ")})${condition === null ? "" : ` WHERE ${condition}`};`,
});

/** Contract 1 (0007, 0008, 0011, 0013) and 2. */
export const expectedIndexes: readonly ExpectedIndex[] = [
  {
    title: "idx_payment_outbox_pending_due_claim",
    name: "idx_payment_outbox_pending_due_claim",
    table: "payment_outbox_pending",
    keys: [["next_attempt_at", "lease_expires_at", "created_at"]],
    unique: false,
    holds: [{}, leased],
    omits: [],
    sql: "CREATE INDEX CONCURRENTLY idx_payment_outbox_pending_due_claim ON public.payment_outbox_pending (next_attempt_at, lease_expires_at, created_at);",
  },
  {
    title: "repair",
    name: null,
    table: "payment_outbox_pending",
    keys: [["lease_expires_at", "created_at"], ["lease_expires_at"]],
    unique: false,
    holds: [leased],
    omits: [],
    sql: "CREATE INDEX CONCURRENTLY idx_payment_outbox_pending_expired_lease ON public.payment_outbox_pending (lease_expires_at, created_at) WHERE lease_expires_at IS NOT NULL;",
  },
  {
    title: "ux_outbox_attempts_one_terminal_per_outbox",
    name: "ux_outbox_attempts_one_terminal_per_outbox",
    table: "payment_outbox_attempts",
    keys: [["outbox_id"]],
    unique: true,
    holds: terminal.map((state) => ({ state })),
    omits: states.filter((state) => !terminal.includes(state)).map((state) => ({ state })),
    sql: "CREATE UNIQUE INDEX ux_outbox_attempts_one_terminal_per_outbox ON public.payment_outbox_attempts (outbox_id) WHERE state IN ('DISPATCHED', 'FAILED');",
  },
  {
    title: "ux_policy_versions_single_active",
    name: "ux_policy_versions_single_active",
    table: "policy_versions",
    keys: [["is_active"], ["status"]],
    unique: true,
    holds: [{ status: "ACTIVE", is_active: "true" }],
    omits: [
      { ...grace, is_active: "false" },
      { status: "RETIRED", is_active: "false" },
    ],
    sql: "CREATE UNIQUE INDEX ux_policy_versions_single_active ON public.policy_versions (is_active) WHERE is_active;",
  },
  attestations("instruction", ["instruction_id"], null),
  attestations("received-at", ["received_at"], null),
  attestations("tenant", ["tenant_id", "received_at"], "tenant_id IS NOT NULL"),
];

import { invariants } from "./index.ts";

/** Where an invariant of contract 5 is enforced, where it is checked, and what shows that the check can fail. */
export interface RegisterEntry {
  readonly id: string;
  readonly statement: string;
  /** What enforces it in SQL: objects that schema/migrations makes, by name. */
  readonly mechanism: string;
  readonly check: string;
  /** Ids of planted bugs that the check catches by itself. */
  readonly plantedBugs: readonly string[];
}

const history = "every history: `properties/invariants`";

const mechanisms: Readonly<Record<string, readonly [mechanism: string, ...plantedBugs: string[]]>> = {
  "INV-01": [
    "one transaction moves a row from `payment_outbox_pending` to `payment_outbox_attempts`",
    "terminal-row-stays",
  ],
  "INV-02": ["primary key of `payment_outbox_keys`", "repeat-takes-number", "idempotency-by-look-up"],
  "INV-03": [
    "row lock on `participant_outbox_sequences`; unique (participant_id, sequence_id)",
    "numbers-skip",
  ],
  "INV-04": [
    "FOR UPDATE SKIP LOCKED with the due predicate in `claim_outbox_batch`; `gen_random_uuid`",
    "token-of-the-row",
  ],
  "INV-05": [
    "the fence in the locking query of `complete_outbox_attempt`",
    "fence-without-token",
    "fence-at-expiry",
  ],
  "INV-06": ["`ux_outbox_attempts_one_terminal_per_outbox`", "completed-twice"],
  "INV-07": [
    "`deny_append_only_mutation`, a statement trigger ENABLE ALWAYS on each ledger",
    "attempt-overwritten",
  ],
  "INV-08": ["unique (outbox_id, attempt_no), numbered under the row's lock", "attempt-count-forgotten"],
  "INV-09": ["`outbox_retry_ceiling`, read by complete and repair", "ceiling-off-by-one-in-repair"],
  "INV-10": ["`pg_notify` in the first call's branch of `enqueue_payment_outbox`", "notify-on-repeat"],
  "INV-11": ["ORDER BY next_attempt_at, created_at in `claim_outbox_batch`", "claim-by-creation"],
  "INV-12": ["lease_expires_at <= now() in the locking query of `repair_expired_leases`", "repair-live"],
  "INV-13": ["next_attempt_at <= now() in the locking query of `claim_outbox_batch`", "claim-early"],
  "INV-14": [
    "a row is either due in time or leased until a time, and `repair_expired_leases` leaves no expired lease out",
    "repair-skips-last-attempt",
    "claim-skips-retried",
  ],
  "INV-15": ["SKIP LOCKED in `claim_outbox_batch` and `repair_expired_leases`", "claim-waits"],
  "INV-16": [
    "the key before the counter in `enqueue_payment_outbox`; one row at a time in complete",
    "siblings-locked",
  ],
  "INV-17": [
    "REVOKE first in every file, SECURITY DEFINER with `search_path = pg_catalog, public, pg_temp`",
    "readonly-claims",
  ],
  "INV-18": ["`ux_policy_versions_single_active` and the checks of `policy_versions`", "two-active"],
  "INV-20": [
    "PostgreSQL's write-ahead log: every table is logged, and no function changes synchronous_commit",
    "commit-without-waiting",
    "pending-unlogged",
  ],
};

/** The invariants that no history of a case shows by itself. */
const others: readonly RegisterEntry[] = [
  {
    id: "INV-19",
    statement:
      "after a run of the runner, whatever crashed before, ledger and schema are those of one clean run, OIDs and applied_at aside",
    mechanism: "a file and its ledger row commit together; a no-transaction file can run again from anywhere",
    check: "`sim/database/runner-under-fire*.test.ts`, `sim/database/migrator.test.ts`",
    plantedBugs: ["invalid-index-stays"],
  },
];

/** All of contract 5, by number. */
export const register: readonly RegisterEntry[] = [
  ...invariants.map(({ id, statement }) => {
    const [mechanism = "", ...plantedBugs] = mechanisms[id] ?? [];
    return { id, statement, mechanism, check: history, plantedBugs };
  }),
  ...others,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** docs/invariants.md */
export function registerAsMarkdown(): string {
  const rows = register.map(
    ({ id, statement, mechanism, check, plantedBugs }) =>
      `| ${id} | ${statement} | ${mechanism} | ${check} | ${plantedBugs.map((bug) => `\`${bug}\``).join(", ")} |`,
  );
  return `# Invariants

What the database promises (contract 5), what enforces it, where it is checked, and which planted bug
(\`properties/planted\`) shows that the check can fail: each is caught by that invariant alone, the model's oracles off.
\`npm run generate\` writes this page; a test keeps it true.

| id | statement | enforced by | checked in | planted bug |
| --- | --- | --- | --- | --- |
${rows.join("\n")}
`;
}

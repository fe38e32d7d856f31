import { type PlantedBug, swap } from "./planted-bug.ts";

const concurrently = "0013_outbox_pending_indexes_concurrently.sql";

/** Wrong changes that only a runner under fire shows (INV-19): what a crash left stays. */
export const runnerBugs: readonly Pick<PlantedBug, "id" | "description" | "invariant" | "edits">[] = [
  {
    id: "invalid-index-stays",
    description: "an index whose build a crash ended is not renamed, and IF NOT EXISTS skips it for ever",
    invariant: "INV-19",
    edits: [
      swap(
        concurrently,
        `AND NOT (i.indisvalid AND i.indisready)) THEN
    ALTER INDEX public.idx_payment_outbox_pending_expired_lease
`,
        `AND false) THEN
    ALTER INDEX public.idx_payment_outbox_pending_expired_lease
`,
      ),
    ],
  },
];

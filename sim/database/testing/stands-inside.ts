import { oldSnapshot, openWriter, type Stand } from "./stands.ts";

/** As a build that failed leaves it. */
const invalid = (index: string): string =>
  `update pg_index set indisvalid = false where indexrelid = '${index}'::regclass`;

/** The statements for one index in the file without transaction: drop, rename if invalid, drop, build. The first of them
 *  is the file's statement number `from`. */
function ofIndex(name: string, index: string, column: string, from: number): readonly Stand[] {
  const make = (made: string): string =>
    `create index if not exists ${made} on payment_outbox_pending (${column})`;
  const gone = `drop index if exists ${index}`;
  const broken = `${make(index)}; ${invalid(index)}`;
  const renamed = `${make(`${index}_invalid`)}; ${invalid(`${index}_invalid`)}`;
  const stand = (where: string, statement: number, prepare: string, hold: string): Stand => ({
    name: `${where} of ${name}`,
    applied: 12,
    prepare,
    statement: from + statement,
    hold,
  });
  return [
    stand("in the first drop, of what a crash left renamed,", 0, renamed, openWriter),
    stand(
      "in the block that renames the invalid index",
      1,
      broken,
      `begin; alter index ${index} rename to held`,
    ),
    stand("in the second drop, of what was just renamed,", 2, broken, openWriter),
    stand("in the first phase of the build", 3, gone, openWriter),
    stand("in the last phase of the build", 3, gone, oldSnapshot),
  ];
}

/** Inside every statement of the file without transaction. */
export const standsInside: readonly Stand[] = [
  ...ofIndex("due claim", "idx_payment_outbox_pending_due_claim", "next_attempt_at", 0),
  ...ofIndex("expired lease", "idx_payment_outbox_pending_expired_lease", "lease_expires_at", 4),
];

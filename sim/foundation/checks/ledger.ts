import type { Migration } from "../../database/migrations.ts";
import { type LedgerEntry, need } from "../catalog.ts";
import { type Check, mendedByHand, type Problem } from "../check.ts";

/** Contract 1, The runner: the ledger and the files say the same. The ledger's columns are table.schema_migrations. */
export const ledgerChecks: readonly Check[] = [
  {
    id: "ledger.files",
    name: "the ledger has each migration file, no other, with its checksum",
    contract: "1",
    weak: false,
    judge: ({ ledger, migrations }) => judgeFiles(need(ledger), migrations),
  },
  {
    id: "ledger.order",
    name: "the migrations were applied in the order of their numbers",
    contract: "1",
    weak: false,
    judge: ({ ledger }) => judgeOrder(need(ledger) ?? []),
  },
];

function judgeFiles(
  ledger: readonly LedgerEntry[] | null,
  migrations: readonly Migration[],
): readonly Problem[] {
  if (ledger === null)
    return [mendedByHand("there is no ledger public.schema_migrations", "counterpoint migrate makes it")];
  const rows = new Map(ledger.map((row) => [row.version, row]));
  const files = new Set(migrations.map(({ version }) => version));
  return [
    ...migrations.flatMap(({ version, checksum }): Problem[] => {
      const row = rows.get(version);
      if (row === undefined)
        return [mendedByHand(`${version} is not applied`, "apply it: counterpoint migrate")];
      if (row.checksum === checksum) return [];
      return [
        mendedByHand(
          `${version} has the checksum ${row.checksum} in the ledger, its file ${checksum}`,
          "restore the file that was applied, and put the change into a new one",
        ),
      ];
    }),
    ...ledger
      .filter(({ version }) => !files.has(version))
      .map(({ version }) =>
        mendedByHand(
          `${version} is in the ledger, and there is no such file`,
          "restore the file, or name the directory that has it with --migrations",
        ),
      ),
  ];
}

function judgeOrder(ledger: readonly LedgerEntry[]): readonly Problem[] {
  return ledger.slice(1).flatMap((row, index): Problem[] => {
    const previous = ledger[index];
    if (previous === undefined || previous.place <= row.place) return [];
    return [
      mendedByHand(
        `by applied_at ${row.version} came before ${previous.version}`,
        "nothing mends what was done out of order; compare the schema with that of a fresh database",
      ),
    ];
  });
}

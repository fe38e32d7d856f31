import type { Connection } from "../database/connection.ts";
import type { Migration } from "../database/migrations.ts";
import { appendOnlyChecks } from "./checks/append-only.ts";
import { behaviourChecks } from "./checks/behaviour.ts";
import { enumChecks } from "./checks/enums.ts";
import { functionChecks } from "./checks/functions.ts";
import { indexChecks } from "./checks/indexes.ts";
import { ledgerChecks } from "./checks/ledger.ts";
import { privilegeChecks } from "./checks/privileges.ts";
import { roleChecks } from "./checks/roles.ts";
import { ruleChecks } from "./checks/rules.ts";
import { tableChecks } from "./checks/tables.ts";
import { type Check, type CheckResult, runCheck } from "./check.ts";
import { readCatalog } from "./read-catalog.ts";

/** Every mechanical check of the foundation, in the order in which they are printed. */
export const foundationChecks: readonly Check[] = [
  ...tableChecks,
  ...ruleChecks,
  ...enumChecks,
  ...indexChecks,
  ...appendOnlyChecks,
  ...functionChecks,
  ...privilegeChecks,
  ...roleChecks,
  ...ledgerChecks,
  ...behaviourChecks,
];

/** Checks the connection's database against the contract and against these migrations. Writes nothing: all is read in one
 *  read-only transaction. It calls uuid_strategy, uuid_v7_or_random and outbox_retry_ceiling, no other code of the
 *  database's own. */
export async function verifyFoundation(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<readonly CheckResult[]> {
  const catalog = await readCatalog(connection, migrations);
  return foundationChecks.map((check) => runCheck(check, catalog));
}

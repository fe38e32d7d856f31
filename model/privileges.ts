import type { OperationKind } from "./operation.ts";
import { functions, mayHave, type DatabaseObject } from "./privilege-table.ts";
import type { Role } from "./roles.ts";

export { type Role, roles } from "./roles.ts";

/** The function behind each operation. */
const called: Record<OperationKind, DatabaseObject> = {
  enqueue: functions.enqueue,
  claim: functions.claim,
  complete: functions.complete,
  repair: functions.repair,
  ceiling: functions.ceiling,
};

/** Who may call what. Source: the table of contract 4. */
export function mayCall(role: Role, operation: OperationKind): boolean {
  return mayHave(role, "EXECUTE", called[operation]);
}

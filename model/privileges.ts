import type { OperationKind } from "./operation.ts";

export const roles = [
  "symphony_ingest",
  "symphony_executor",
  "symphony_control",
  "symphony_readonly",
  "symphony_auditor",
] as const;
export type Role = (typeof roles)[number];

/** Who may call what: the rows of the table of contract 4 that speak of section 3's operations. */
const callers: Record<OperationKind, readonly Role[]> = {
  enqueue: ["symphony_ingest", "symphony_control"],
  claim: ["symphony_executor", "symphony_control"],
  complete: ["symphony_executor", "symphony_control"],
  repair: ["symphony_executor", "symphony_control"],
  ceiling: roles,
};

export function mayCall(role: Role, operation: OperationKind): boolean {
  return callers[operation].includes(role);
}

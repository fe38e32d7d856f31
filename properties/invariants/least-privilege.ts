import { mayCall } from "../../model/privileges.ts";
import type { Response } from "../../model/response.ts";
import { firstFault, type Invariant } from "./invariant.ts";

export const leastPrivilege: Invariant = {
  id: "INV-17",
  name: "least privilege",
  statement: "a runtime role can do what contract 4 lists for it and no more",
  check: ({ answered }) =>
    firstFault(answered, ({ operation, response, transaction, respondedAt: event }) => {
      if (mayCall(transaction.role, operation) || isRefused(response)) return null;
      return {
        event,
        rule: `${operation.kind} without the privilege`,
        expected: `fail 42501 (permission denied) for ${transaction.role}`,
        observed: `${transaction.role} gets ${response.kind === "ok" ? "ok" : `fail ${response.sqlstate}`}`,
      };
    }),
};

/** 42501; or 25P02, the answer to every call in a transaction that has failed. */
function isRefused(response: Response): boolean {
  return response.kind === "fail" && (response.sqlstate === "42501" || response.sqlstate === "25P02");
}

import { firstFault, type Invariant } from "./invariant.ts";

export const noWaiting: Invariant = {
  id: "INV-15",
  name: "no waiting",
  statement: "claim and repair never wait for a row lock",
  check: ({ waits }) =>
    firstFault(waits, ({ event, operation, lock }) =>
      // Whoever tries to TRUNCATE a ledger stands in line for the whole table, and others behind it.
      lock !== "relation" && (operation === "claim" || operation === "repair")
        ? {
            event,
            rule: `${operation} waits for a lock`,
            expected: "no wait",
            observed: `waits for a ${lock}`,
          }
        : null,
    ),
};

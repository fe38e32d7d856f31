import { sessionName } from "../../sim/session-name.ts";
import { callsOfOpenTransaction } from "../points.ts";
import { firstFault, type Invariant } from "./invariant.ts";

export const noDeadlock: Invariant = {
  id: "INV-16",
  name: "no deadlock",
  statement: "no set of one-call transactions deadlocks",
  check: ({ answered, history }) =>
    firstFault(answered, ({ response, respondedAt: event }) => {
      if (response.kind !== "fail" || response.sqlstate !== "40P01") return null;
      if (response.cycle.some((session) => callsOfOpenTransaction(history, session, event) > 1)) return null;
      return {
        event,
        rule: "one-call transactions deadlock",
        expected: "no deadlock (40P01)",
        observed: `sessions ${response.cycle.map(sessionName).join(", ")} wait for each other`,
      };
    }),
};

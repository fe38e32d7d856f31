import type { Schedule } from "../../sim/schedule.ts";

/** The schedule with every transaction under READ COMMITTED, and without lock timeouts. Only there does a statement of a
 *  function see what has committed since the one before; under a snapshot that is kept, a look at what others do is wrong
 *  without anybody being stopped. An advisory lock that a lock timeout gives up is another matter too. */
export function underReadCommitted({ setup, sessions, steps }: Schedule): Schedule {
  return {
    setup,
    sessions: sessions.map((spec) => ({ ...spec, isolation: "READ COMMITTED" })),
    steps: steps.flatMap((step): Schedule["steps"] => {
      if (step.kind === "lockTimeout") return [];
      return step.kind === "begin" ? [{ ...step, isolation: "READ COMMITTED" }] : [step];
    }),
  };
}

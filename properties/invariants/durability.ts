import { nothingObserved, type Observation } from "../../model/observation.ts";
import type { Timeline } from "../timeline.ts";
import { type Fault, firstFault, type Invariant } from "./invariant.ts";

export const durability: Invariant = {
  id: "INV-20",
  name: "durability",
  statement:
    "with synchronous_commit on, a commit that was acknowledged survives a crash of the server; one that was not is there whole or not at all",
  check: (timeline) => {
    const crashes = [...timeline.history.events.entries()].filter(([, { kind }]) => kind === "crash");
    return firstFault(crashes, ([event]) => checkCrash(timeline, event));
  },
};

/** What was committed is looked at before each crash and after it: all tables must hold the same rows. What was in flight or
 *  open had not been committed. */
function checkCrash({ looks }: Timeline, crash: number): Fault | null {
  const before = rowsOf(looks.findLast(({ event }) => event < crash)?.observation ?? nothingObserved);
  const look = looks.find(({ event }) => event > crash);
  if (look === undefined) return null;
  const after = rowsOf(look.observation);
  const { event } = look;
  const lost = before.find((row) => !after.includes(row));
  if (lost !== undefined) {
    const observed = "no such row after the crash";
    return { event, rule: "what was committed is lost in a crash", expected: lost, observed };
  }
  const strange = after.find((row) => !before.includes(row));
  if (strange === undefined) return null;
  return { event, rule: "a crash brings what was not committed", expected: "no such row", observed: strange };
}

/** Every row with its table, as text. */
function rowsOf(observation: Observation): readonly string[] {
  return Object.entries(observation).flatMap(([table, rows]) =>
    (rows as readonly object[]).map((row) => `${table}: ${JSON.stringify(row)}`),
  );
}

import { type PlantedBug, swap } from "./planted-bug.ts";

const functions = "0002_outbox_functions.sql";

/** A claim that breaks ties by an expression over the row `p`. The contract leaves open which of two rows that tie comes
 *  first, so where that depends on chance only a second play can tell. */
export function breaksTiesBy(expression: string): Pick<PlantedBug, "id" | "edits"> {
  return {
    id: `breaks-ties-by ${expression}`,
    edits: [
      swap(
        functions,
        "    ORDER BY p.next_attempt_at, p.created_at, p.participant_id, p.sequence_id",
        `    ORDER BY p.next_attempt_at, p.created_at, ${expression}`,
      ),
    ],
  };
}

/** A claim whose leases are longer by so many seconds than was asked for: that breaks a promise too. */
export function leasesAreLongerBy(seconds: string): Pick<PlantedBug, "id" | "edits"> {
  return {
    id: `leases-are-longer-by ${seconds}`,
    edits: [
      swap(
        functions,
        "make_interval(secs => p_lease_seconds)",
        `make_interval(secs => p_lease_seconds + ${seconds})`,
      ),
    ],
  };
}

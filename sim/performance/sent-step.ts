import type { SkipReason } from "../history.ts";
import type { InFlight, Player } from "../player.ts";
import type { SavepointVerb, Step } from "../schedule.ts";

/** A step that is SQL of its session. */
export type SentStep =
  | Pick<Extract<Step, { kind: "begin" }>, "kind" | "isolation">
  | Pick<Extract<Step, { kind: "call" }>, "kind" | "call" | "parkAt">
  | { readonly kind: "commit" | "rollback" }
  | { readonly kind: SavepointVerb; readonly name: string };

/** Why the session can't take the step, as far as its transaction is concerned; null if it can. */
export function reasonToSkip({ transaction, savepoints }: Player, step: SentStep): SkipReason | null {
  if (step.kind === "call") return null;
  if (step.kind === "begin") return transaction === null ? null : "in a transaction";
  if (transaction === null) return "no transaction";
  const needsSavepoint = step.kind === "rollbackTo" || step.kind === "release";
  return needsSavepoint && !savepoints.includes(step.name) ? "no such savepoint" : null;
}

export function busyWith({ parked }: InFlight): SkipReason {
  return parked ? "parked" : "blocked";
}

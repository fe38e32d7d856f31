import fc from "fast-check";
import type { Isolation } from "../../model/operation.ts";
import { type Call, deadlines, type FaultKind, type RowRef, type Step } from "../../sim/schedule.ts";
import { calls, oneRow } from "./calls.ts";

const one = fc.constantFrom;

export function sessionsUpTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Arbitraries for the steps of these sessions on these rows. */
export function stepKinds(sessions: readonly number[], refs: readonly RowRef[]) {
  const session = one(...sessions);
  const callsOf = calls(refs);
  return {
    sessions,
    call: (op: Call["op"]): fc.Arbitrary<Step> =>
      fc.record({ kind: one("call" as const), session, call: callsOf[op] }),
    begin: (isolation: fc.Arbitrary<Isolation>): fc.Arbitrary<Step> =>
      fc.record({ kind: one("begin" as const), session, isolation }),
    end: (kind: "commit" | "rollback"): fc.Arbitrary<Step> => fc.record({ kind: one(kind), session }),
    fault: (kind: FaultKind): fc.Arbitrary<Step> => fc.record({ kind: one(kind), session }),
    advance: fc.record({ kind: one("advance" as const), seconds: one(1, 2, 10, 60, 3600) }),
    advanceTo: fc.record({
      kind: one("advanceTo" as const),
      row: oneRow(refs),
      deadline: one(...deadlines),
      offsetMicros: one(0, -1, 1),
    }),
  };
}

import fc from "fast-check";
import type { Isolation } from "../../model/operation.ts";
import {
  type Call,
  deadlines,
  type FaultKind,
  type ListenerStep,
  type RowRef,
  savepointNames,
  type SavepointVerb,
  type Step,
} from "../../sim/schedule.ts";
import { calls, oneRow } from "./calls.ts";

const one = fc.constantFrom;

export function sessionsUpTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** About how many yield points a call of ours comes to, where it is more than a few. */
const yieldCounts: Partial<Record<Call["op"], number>> = { enqueue: 22, complete: 14, repair: 18 };
const few = 5;

/** The furthest yield point at which a call is made to park; null for one that goes on from where it is parked. */
export function furthestPark(op: Call["op"] | null): number {
  return (op === null ? null : yieldCounts[op]) ?? few;
}

/** One of the call's yield points, more often an early one, since a call that has nothing to do is soon over; from where it
 *  parks, one of the next few. */
function parkAt(op: Call["op"] | null): fc.Arbitrary<number> {
  const most = furthestPark(op);
  return fc.oneof(fc.integer({ min: 1, max: Math.ceil(most / 2) }), fc.integer({ min: 1, max: most }));
}

/** Arbitraries for the steps of these sessions on these rows. */
export function stepKinds(sessions: readonly number[], refs: readonly RowRef[], oddArguments = false) {
  const session = one(...sessions);
  const callsOf = calls(refs, oddArguments);
  return {
    sessions,
    call: (op: Call["op"]): fc.Arbitrary<Step> =>
      fc.record({ kind: one("call" as const), session, call: callsOf[op] }),
    parkedCall: (op: Call["op"]): fc.Arbitrary<Step> =>
      fc.record({ kind: one("call" as const), session, call: callsOf[op], parkAt: parkAt(op) }),
    resume: {
      through: fc.record({ kind: one("resume" as const), session }),
      parking: fc.record({ kind: one("resume" as const), session, parkAt: parkAt(null) }),
    },
    begin: (isolation: fc.Arbitrary<Isolation>): fc.Arbitrary<Step> =>
      fc.record({ kind: one("begin" as const), session, isolation }),
    end: (kind: "commit" | "rollback"): fc.Arbitrary<Step> => fc.record({ kind: one(kind), session }),
    fault: (kind: FaultKind): fc.Arbitrary<Step> => fc.record({ kind: one(kind), session }),
    listener: (kind: ListenerStep["kind"]): fc.Arbitrary<Step> => fc.record({ kind: one(kind) }),
    savepoint: (kind: SavepointVerb, name = one<string[]>(...savepointNames)): fc.Arbitrary<Step> =>
      fc.record({ kind: one(kind), session, name }),
    advance: fc.record({ kind: one("advance" as const), seconds: one(1, 2, 10, 60, 3600) }),
    advanceTo: fc.record({
      kind: one("advanceTo" as const),
      row: oneRow(refs),
      deadline: one(...deadlines),
      offsetMicros: one(0, -1, 1),
    }),
  };
}

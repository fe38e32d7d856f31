import fc from "fast-check";
import type { Isolation } from "../../model/operation.ts";
import type { Call, Deadline, RowRef, Step } from "../../sim/schedule.ts";
import { stepKinds } from "./steps.ts";

/** A row, the session that acts, another one that may get in its way, and a third that may join. */
export class Scene {
  readonly own;
  readonly others;
  readonly third;

  constructor(
    readonly row: RowRef,
    readonly sessions: readonly number[],
    readonly isolation: fc.Arbitrary<Isolation>,
  ) {
    this.own = stepKinds(sessions.slice(0, 1), [row]);
    this.others = stepKinds(sessions.slice(1, 2), [row]);
    this.third = stepKinds(sessions.slice(2, 3), [row]);
  }

  /** A call that may touch the row. */
  readonly call = (by = this.own): fc.Arbitrary<Step> =>
    fc.oneof(
      ...(["enqueue", "claim", "complete", "complete", "repair"] satisfies Call["op"][]).map((op) =>
        by.call(op),
      ),
    );

  readonly advanceTo = (deadline: Deadline): fc.Arbitrary<Step> =>
    fc.record({
      kind: fc.constant("advanceTo" as const),
      row: fc.constant(this.row),
      deadline: fc.constant(deadline),
      offsetMicros: fc.constantFrom(0, -1, 1),
    });

  readonly end = (): fc.Arbitrary<Step> =>
    fc.oneof(
      { weight: 3, arbitrary: this.own.end("commit") },
      { weight: 1, arbitrary: this.own.end("rollback") },
    );
}

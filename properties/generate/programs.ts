import fc from "fast-check";
import type { Call, RowRef, Schedule, SessionSpec, Step } from "../../sim/schedule.ts";
import { rowRefs } from "./calls.ts";
import { stepKinds } from "./steps.ts";

/** What each session does, and the clock, which is a program too: in which order they go on is not said. */
export interface Programs {
  readonly sessions: readonly SessionSpec[];
  /** Played first, in this order, so that there is something to meet at. */
  readonly prelude: readonly Step[];
  readonly programs: readonly (readonly Step[])[];
}

export interface Scope {
  readonly sessions: number;
  /** The most steps of one program. */
  readonly steps: number;
  /** Some calls park, and go on as a step of its own. */
  readonly yields: boolean;
}

const operations = ["enqueue", "claim", "complete", "complete", "repair"] as const satisfies Call["op"][];

/** Programs on one row or two: short transactions, and calls that are one by themselves. */
export function programsArbitrary({ sessions, steps, yields }: Scope): fc.Arbitrary<Programs> {
  return fc.integer({ min: 1, max: 2 }).chain((rows) => {
    const refs = rowRefs.slice(0, rows);
    const programs = Array.from({ length: sessions }, (_, session) => program(session, refs, steps, yields));
    return fc.record({
      sessions: fc.constant(
        programs.map((): SessionSpec => ({ role: "symphony_control", isolation: "READ COMMITTED" })),
      ),
      prelude: prelude(refs),
      programs: fc.tuple(fc.tuple(...programs), clock(refs)).map(([all, time]) => [...all, time]),
    });
  });
}

function program(
  session: number,
  refs: readonly RowRef[],
  most: number,
  yields: boolean,
): fc.Arbitrary<readonly Step[]> {
  const by = stepKinds([session], refs);
  const through = fc.oneof(...operations.map((op) => by.call(op))).map((step) => [step]);
  const parking = fc.tuple(fc.oneof(...operations.map((op) => by.parkedCall(op))), by.resume.through);
  const call: fc.Arbitrary<readonly Step[]> = yields ? fc.oneof(through, parking) : through;
  const transaction = fc
    .tuple(
      by.begin(fc.constant("READ COMMITTED")),
      fc.array(call, { minLength: 1, maxLength: 2 }),
      fc.oneof({ weight: 4, arbitrary: by.end("commit") }, { weight: 1, arbitrary: by.end("rollback") }),
    )
    .map(([begin, calls, end]) => [begin, ...calls.flat(), end]);
  return fc
    .array(fc.oneof(call, transaction), { minLength: 1, maxLength: most, size: "max" })
    .map((parts) => wholeParts(parts, most));
}

/** As many of the parts, from the first, as fit: a transaction is not cut. */
function wholeParts(parts: readonly (readonly Step[])[], most: number): readonly Step[] {
  return parts.reduce(
    (taken, part) => (taken.length + part.length <= most ? [...taken, ...part] : taken),
    [],
  );
}

/** The row as the programs find it: missing, pending, leased. */
function prelude(refs: readonly RowRef[]): fc.Arbitrary<readonly Step[]> {
  const { call } = stepKinds([0], refs);
  return fc.oneof(
    fc.constant([]),
    fc.tuple(call("enqueue")),
    fc.tuple(call("enqueue"), call("claim")),
    fc.tuple(call("enqueue"), call("enqueue"), call("claim")),
  );
}

/** Mostly a jump to a deadline, or none. */
function clock(refs: readonly RowRef[]): fc.Arbitrary<readonly Step[]> {
  const { advanceTo, advance } = stepKinds([0], refs);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.tuple(advanceTo) },
    { weight: 1, arbitrary: fc.tuple(advance) },
  );
}

/** The programs in one order of their steps. */
export function scheduleOf(
  { sessions, prelude }: Programs,
  order: readonly Step[],
  yields: boolean,
): Schedule {
  return {
    setup: { retryCeiling: null, ...(yields ? { yields } : {}) },
    sessions,
    steps: [...prelude, ...order],
  };
}

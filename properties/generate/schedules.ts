import fc from "fast-check";
import { isolationLevels, type Isolation } from "../../model/operation.ts";
import { roles } from "../../model/privileges.ts";
import { deadlines, type Schedule, type SessionSpec, type Setup, type Step } from "../../sim/schedule.ts";
import { calls, rowRefs } from "./calls.ts";
import { usualWeights, type Weights } from "./swarm.ts";

export interface ScheduleSize {
  /** 1 to 6. */
  readonly sessions: number;
  /** The most steps that a schedule may have. */
  readonly steps: number;
}

const one = fc.constantFrom;

/** Whole schedules as ordinary values: fast-check draws them, and shrinks them wherever they come from. */
export function scheduleArbitrary(size: ScheduleSize, weights: Weights = usualWeights): fc.Arbitrary<Schedule> {
  return fc.record({
    setup: setup(weights),
    sessions: fc.array(sessionSpec(weights), { minLength: size.sessions, maxLength: size.sessions }),
    // Without the size, arrays stay short and long cases never come.
    steps: fc.array(step(size.sessions, weights), { minLength: 1, maxLength: size.steps, size: "max" }),
  });
}

function setup({ ceilingSetting }: Weights): fc.Arbitrary<Setup> {
  return fc.record({
    retryCeiling: fc.oneof(
      { weight: 6, arbitrary: one<(string | null)[]>(null) },
      { weight: ceilingSetting, arbitrary: one("1", "2", "3", "0002", "1000") },
      { weight: ceilingSetting / 5, arbitrary: one("0", "1001", "", "two", " 2", "-1", "20000") },
    ),
  });
}

function sessionSpec(weights: Weights): fc.Arbitrary<SessionSpec> {
  return fc.record({
    role: fc.oneof(
      { weight: 8, arbitrary: one("symphony_control" as const) },
      { weight: weights.otherRoles, arbitrary: one(...roles) },
    ),
    isolation: isolation(weights),
  });
}

function isolation({ otherIsolation }: Weights): fc.Arbitrary<Isolation> {
  return fc.oneof(
    { weight: 8, arbitrary: one("READ COMMITTED" as const) },
    { weight: otherIsolation, arbitrary: one(...isolationLevels.slice(1)) },
  );
}

function step(sessions: number, weights: Weights): fc.Arbitrary<Step> {
  const session = one(...Array.from({ length: sessions }, (_, index) => index));
  const call = (op: keyof typeof calls) => ({
    weight: weights[op],
    arbitrary: fc.record({ kind: one("call" as const), session, call: calls[op] }),
  });
  const end = (kind: "commit" | "rollback") => ({
    weight: weights[kind],
    arbitrary: fc.record({ kind: one(kind), session }),
  });
  return fc.oneof(
    call("enqueue"),
    call("claim"),
    call("complete"),
    call("repair"),
    call("ceiling"),
    {
      weight: weights.begin,
      arbitrary: fc.record({ kind: one("begin" as const), session, isolation: isolation(weights) }),
    },
    end("commit"),
    end("rollback"),
    {
      weight: weights.advance,
      arbitrary: fc.record({ kind: one("advance" as const), seconds: one(1, 2, 10, 60, 3600) }),
    },
    {
      weight: weights.advanceTo,
      arbitrary: fc.record({
        kind: one("advanceTo" as const),
        row: one(...rowRefs),
        deadline: one(...deadlines),
        offsetMicros: one(0, -1, 1),
      }),
    },
  );
}

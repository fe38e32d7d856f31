import fc from "fast-check";
import { now as start, usual } from "../../model/fixtures.ts";
import { honestAnswer } from "./honest-server.ts";
import { judge } from "../../model/judge.ts";
import type { Circumstances } from "../../model/judgement.ts";
import { attemptStates, type OutboxOperation } from "../../model/operation.ts";
import type { Response } from "../../model/response.ts";
import { emptyState, type OutboxState } from "../../model/state.ts";
import { applyWrites } from "../../model/write.ts";

const one = fc.constantFrom;

/** One action: an operation, the rows that others have locked, and how much time has passed. `row` and `lease` of a
 *  completion are resolved when it is played: mostly to a row that is leased. */
export interface Scripted {
  readonly operation: OutboxOperation;
  readonly row: number;
  readonly lease: "held" | "forged";
  readonly locked: number;
  readonly passed: number;
}

const texts = one<(string | null)[]>("a", "b", "ab", "é".repeat(256), "", null, "x".repeat(513));
const few = fc.oneof({ weight: 9, arbitrary: one("a", "b") }, { weight: 1, arbitrary: texts });
const number = fc.oneof({ weight: 9, arbitrary: one(1, 2, 3) }, { weight: 1, arbitrary: one(0, -1, null) });
const worker = fc.oneof({ weight: 9, arbitrary: one("w1", "w2") }, { weight: 1, arbitrary: one("", null) });
export const operation: fc.Arbitrary<OutboxOperation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: one("enqueue" as const),
      instructionId: few,
      participantId: few,
      idempotencyKey: few,
      railType: few,
      payload: fc.oneof(
        { weight: 9, arbitrary: one("{}", '{"x": [1, null]}') },
        { weight: 1, arbitrary: one("[]", null) },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: one("claim" as const),
      batchSize: number,
      workerId: worker,
      leaseSeconds: number,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: one("complete" as const),
      outboxId: one("id1", "nobody", null),
      leaseToken: one("forged", null),
      workerId: one("w1", "w2", null),
      state: fc.oneof(
        { weight: 4, arbitrary: one("RETRYABLE" as const) },
        { weight: 1, arbitrary: one(...attemptStates, null) },
      ),
      railReference: one(null, "ref"),
      railCode: one(null, "code"),
      errorCode: one(null, "E"),
      errorMessage: one(null, "m"),
      latencyMs: fc.oneof({ weight: 9, arbitrary: one(null, 0, 9) }, { weight: 1, arbitrary: one(-1) }),
      retryDelaySeconds: one(null, -1, 0, 1, 5),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: one("repair" as const), batchSize: number, workerId: worker }) },
  { weight: 1, arbitrary: fc.record({ kind: one("ceiling" as const) }) },
);
export const script = fc.array(
  fc.record({
    operation,
    row: fc.nat(7),
    lease: fc.oneof(
      { weight: 5, arbitrary: one("held" as const) },
      { weight: 1, arbitrary: one("forged" as const) },
    ),
    locked: fc.oneof(fc.constant(0), fc.nat(15)),
    passed: one(0, 1, 999_999, 1_000_000, 3_000_000),
  }),
  { maxLength: 40, size: "max" },
);
export const ceilings = one(1, 2, 3, 20, null);

export interface Moment {
  readonly state: OutboxState;
  readonly op: OutboxOperation;
  readonly circumstances: Circumstances;
  readonly response: Response;
}

/** Plays the script against the honest server; `visit` sees every moment, and the model's answer leads to the next. */
export function play(
  steps: readonly Scripted[],
  ceiling: number | null,
  visit: (moment: Moment) => void,
): void {
  let state = emptyState;
  let now = start;
  let ids = 0;
  for (const step of steps) {
    now += step.passed;
    const rows = [...state.pending.keys()];
    const lockedByAnother = (id: string) => ((step.locked >> rows.indexOf(id)) & 1) === 1;
    const circumstances = { ...usual, now, ceiling, lockedByAnother };
    const op = resolve(state, step);
    const response = honestAnswer(state, op, circumstances, () => `id${(ids += 1)}`);
    visit({ ...deepFreeze({ state, op, response }), circumstances });
    const judgement = judge(state, op, response, circumstances);
    if (judgement.allowed) state = applyWrites(state, judgement.writes);
  }
}

function resolve(state: OutboxState, { operation: op, row, lease }: Scripted): OutboxOperation {
  if (op.kind !== "complete" || lease === "forged") return op;
  const leases = [...state.pending.values()].filter((each) => each.leaseToken !== null);
  const held = leases[row % leases.length];
  return held === undefined
    ? op
    : { ...op, outboxId: held.outboxId, leaseToken: held.leaseToken, workerId: held.claimedBy };
}

function deepFreeze<T>(value: T): T {
  if (value instanceof Map) for (const inner of value.values()) deepFreeze(inner);
  else if (typeof value === "object" && value !== null) Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}

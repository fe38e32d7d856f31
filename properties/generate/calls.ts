import fc from "fast-check";
import { attemptStates } from "../../model/operation.ts";
import { tableCalls } from "./table-calls.ts";
import { type Call, leaseRefs, type RowRef, workerRefs } from "../../sim/schedule.ts";

/** Few keys, so that calls collide; a case uses the first few of them. Values shrink towards the first of each list. */
export const rowRefs: readonly RowRef[] = [
  { instruction: "a", key: "1" },
  { instruction: "b", key: "1" },
  // Different keys whose texts concatenate alike.
  { instruction: "a", key: "12" },
  { instruction: "a1", key: "2" },
  { instruction: "b", key: "2" },
  { instruction: "c", key: "1" },
  { instruction: "c", key: "2" },
  { instruction: "d", key: "1" },
];

/** And those of a crowded case, which has more rows than a batch takes. */
export const crowdRefs: readonly RowRef[] = [
  ...rowRefs,
  ...Array.from({ length: 16 }, (_, index) => ({ instruction: "e", key: String(index + 1) })),
];

/** 512 bytes are good, 514 are not, and bytes are not characters. */
const longest = "é".repeat(256);
const badTexts = [null, "", `${longest}é`] as const;
const maxInt = 2_147_483_647;

const one = fc.constantFrom;
const participant = one("p", "q");
const rail = one("sepa", "ach");
const payload = one("{}", '{"amount": 1, "to": {"iban": "é", "tags": [null, true]}}');
const worker = one("w1", "w2");

/** One of the rows. It knows a row by what it says, not by identity, so that a schedule from a file shrinks like any. */
export function oneRow<R extends RowRef | null>(refs: readonly R[]): fc.Arbitrary<R> {
  const texts = refs.map((ref) => JSON.stringify(ref));
  return one(...refs.keys()).map(
    (index) => refs[index] as R,
    (row) => texts.indexOf(JSON.stringify(row)),
  );
}

/** Mostly a good value; sometimes one of the bad ones. */
function mostly<T, B>(good: fc.Arbitrary<T>, ...bad: readonly B[]): fc.Arbitrary<T | B> {
  return fc.oneof({ weight: 25, arbitrary: good }, { weight: 1, arbitrary: one(...bad) });
}

function enqueueOf({ instruction, key }: RowRef): fc.Arbitrary<Call> {
  const ref = { instruction: one(instruction), key: one(key) };
  // A repeat's arguments are checked too, so bad ones come with keys that are known.
  return fc.record({
    op: one("enqueue" as const),
    ...ref,
    participant,
    rail,
    payload: mostly(payload, null, "null", "[]"),
  });
}

const unusualEnqueue: fc.Arbitrary<Call> = fc.record({
  op: one("enqueue" as const),
  instruction: mostly(one("a", longest), ...badTexts),
  key: mostly(one("1", longest), ...badTexts),
  participant: mostly(one("p", longest), ...badTexts),
  rail: mostly(rail, null, ""),
  payload: mostly(payload, null, "null", "[]", '"text"', "1"),
});

function enqueue(refs: readonly RowRef[]): fc.Arbitrary<Call> {
  return fc.oneof(
    { weight: 15, arbitrary: fc.oneof(...refs.map(enqueueOf)) },
    { weight: 1, arbitrary: unusualEnqueue },
  );
}

function batchSize(refs: readonly RowRef[]) {
  const sizes = refs.length > rowRefs.length ? [1, 2, 3, 8, 16, 24] : [1, 2, 3];
  return mostly(one(...sizes), 0, -1, null, maxInt);
}

function claim(refs: readonly RowRef[]): fc.Arbitrary<Call> {
  return fc.record({
    op: one("claim" as const),
    batchSize: batchSize(refs),
    worker: mostly(worker, null, ""),
    leaseSeconds: mostly(one(1, 10, 60), 0, -1, null, maxInt),
  });
}

function complete(refs: readonly RowRef[]): fc.Arbitrary<Call> {
  return fc.record({
    op: one("complete" as const),
    row: fc.oneof(
      { weight: 40, arbitrary: oneRow(refs) },
      { weight: 1, arbitrary: oneRow([...refs, ...rowRefs.slice(refs.length), null]) },
    ),
    lease: fc.oneof(
      { weight: 10, arbitrary: one("latest" as const) },
      { weight: 3, arbitrary: one(...leaseRefs) },
    ),
    worker: mostly(one("holder" as const), ...workerRefs.slice(1)),
    state: fc.oneof(
      { weight: 15, arbitrary: one("DISPATCHED" as const, "FAILED", "RETRYABLE", "RETRYABLE", "RETRYABLE") },
      { weight: 1, arbitrary: one(...attemptStates, null) },
    ),
    rail: fc.record({ reference: one(null, "ref-1", ""), code: one(null, "AC01") }),
    error: fc.record({
      code: one(null, "TIMEOUT", "RETRY_CEILING_EXCEEDED"),
      message: one(null, "no answer"),
    }),
    latencyMs: mostly(one(null, 0, 250), -1, maxInt),
    retryDelaySeconds: mostly(one(1, 5, null), 0, -5, maxInt),
  });
}

function repair(refs: readonly RowRef[]): fc.Arbitrary<Call> {
  return fc.record({
    op: one("repair" as const),
    batchSize: batchSize(refs),
    worker: mostly(one("r1", "r2"), null, ""),
  });
}

const ceiling: fc.Arbitrary<Call> = fc.record({ op: one("ceiling" as const) });

/** An arbitrary for each operation's calls, on these rows; all shrink without knowing how a value was made. */
export function calls(refs: readonly RowRef[]): Record<Call["op"], fc.Arbitrary<Call>> {
  return {
    enqueue: enqueue(refs),
    claim: claim(refs),
    complete: complete(refs),
    repair: repair(refs),
    ceiling,
    ...tableCalls,
  };
}

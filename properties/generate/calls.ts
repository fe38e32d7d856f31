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

/** How many good values come to one that is odd. */
type Odds = number;
const usualOdds: Odds = 25;
const oddOdds: Odds = 3;

/** Mostly a good value; sometimes one of the odd ones. */
function mostly<T, B>(odds: Odds, good: fc.Arbitrary<T>, ...odd: readonly B[]): fc.Arbitrary<T | B> {
  return fc.oneof({ weight: odds, arbitrary: good }, { weight: 1, arbitrary: one(...odd) });
}

function enqueueOf({ instruction, key }: RowRef, odds: Odds): fc.Arbitrary<Call> {
  const ref = { instruction: one(instruction), key: one(key) };
  // A repeat's arguments are checked too, so bad ones come with keys that are known.
  return fc.record({
    op: one("enqueue" as const),
    ...ref,
    participant,
    rail,
    payload: mostly(odds, payload, null, "null", "[]"),
  });
}

/** One argument at its limit or past it; another one seldom too, since of two errors any may be reported. */
function unusualEnqueue(refs: readonly RowRef[]): fc.Arbitrary<Call> {
  const text = (good: readonly string[]) => mostly(usualOdds, one(...new Set(good)), longest, ...badTexts);
  const mostlyGood = {
    op: one("enqueue" as const),
    instruction: text(refs.map(({ instruction }) => instruction)),
    key: text(refs.map(({ key }) => key)),
    participant: text(["p"]),
    rail: mostly(usualOdds, rail, null, ""),
    payload: mostly(usualOdds, payload, null, "null", "[]", '"text"', "1"),
  };
  const oddText = one(longest, ...badTexts);
  return fc.oneof(
    fc.record({ ...mostlyGood, instruction: oddText }),
    fc.record({ ...mostlyGood, key: oddText }),
    fc.record({ ...mostlyGood, participant: oddText }),
    fc.record({ ...mostlyGood, rail: one(null, "") }),
    fc.record({ ...mostlyGood, payload: one(null, "null", "[]", '"text"', "1") }),
  );
}

function enqueue(refs: readonly RowRef[], odds: Odds): fc.Arbitrary<Call> {
  return fc.oneof(
    {
      weight: Math.ceil((odds * 3) / 5),
      arbitrary: fc.oneof(...refs.map((ref) => enqueueOf(ref, odds))),
    },
    { weight: 1, arbitrary: unusualEnqueue(refs) },
  );
}

function batchSize(refs: readonly RowRef[], odds: Odds) {
  const sizes = refs.length > rowRefs.length ? [1, 2, 3, 8, 16, 24] : [1, 2, 3];
  return mostly(odds, one(...sizes), 0, -1, null, maxInt);
}

function claim(refs: readonly RowRef[], odds: Odds): fc.Arbitrary<Call> {
  return fc.record({
    op: one("claim" as const),
    batchSize: batchSize(refs, odds),
    worker: mostly(odds, worker, null, ""),
    leaseSeconds: mostly(odds, one(1, 10, 60), 0, -1, null, maxInt),
  });
}

function complete(refs: readonly RowRef[], odds: Odds): fc.Arbitrary<Call> {
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
    worker: mostly(odds, one("holder" as const), ...workerRefs.slice(1)),
    state: fc.oneof(
      {
        weight: Math.ceil((odds * 2) / 5),
        arbitrary: one("DISPATCHED" as const, "FAILED", "RETRYABLE", "RETRYABLE", "RETRYABLE"),
      },
      { weight: 1, arbitrary: one(...attemptStates, null) },
    ),
    rail: fc.record({ reference: one(null, "ref-1", ""), code: one(null, "AC01") }),
    error: fc.record({
      code: one(null, "TIMEOUT", "RETRY_CEILING_EXCEEDED"),
      message: one(null, "no answer"),
    }),
    latencyMs: mostly(odds, one(null, 0, 250), -1, maxInt),
    retryDelaySeconds: mostly(odds, one(1, 1, 5, 5, null, 0, -5), maxInt),
  });
}

function repair(refs: readonly RowRef[], odds: Odds): fc.Arbitrary<Call> {
  return fc.record({
    op: one("repair" as const),
    batchSize: batchSize(refs, odds),
    worker: mostly(odds, one("r1", "r2"), null, ""),
  });
}

const ceiling: fc.Arbitrary<Call> = fc.record({ op: one("ceiling" as const) });

/** An arbitrary for each operation's calls, on these rows; all shrink without knowing how a value was made.
 *
 *  @param oddArguments about every second call has one at its limit or past it */
export function calls(refs: readonly RowRef[], oddArguments = false): Record<Call["op"], fc.Arbitrary<Call>> {
  const odds = oddArguments ? oddOdds : usualOdds;
  return {
    enqueue: enqueue(refs, odds),
    claim: claim(refs, odds),
    complete: complete(refs, odds),
    repair: repair(refs, odds),
    ceiling,
    ...tableCalls,
  };
}

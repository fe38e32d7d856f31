import { describe, expect, test } from "vitest";
import { claimed, now, pending } from "../model/fixtures.ts";
import { nothingObserved, type Observation } from "../model/observation.ts";
import { forgedToken, nobodysId, References } from "./references.ts";
import type { Call, LeaseRef, RowRef, WorkerRef } from "./schedule.ts";

const a: RowRef = { instruction: "a", key: "1" };
const b: RowRef = { instruction: "b", key: "1" };

function completeCall(row: RowRef | null, lease: LeaseRef = "latest", worker: WorkerRef = "holder"): Call {
  const plain = { rail: { reference: "ref", code: "AC01" }, error: { code: "E", message: "m" } };
  return {
    op: "complete",
    row,
    lease,
    worker,
    state: "FAILED",
    ...plain,
    latencyMs: 3,
    retryDelaySeconds: 5,
  };
}

/** Rows a and b; a was leased to w1 and then to w2, b to w3. */
function known(): References {
  const references = new References();
  const enqueued = { sequenceId: 1, createdAt: now, state: "PENDING" } as const;
  references.noteEnqueued(a, { outboxId: "row a", ...enqueued });
  references.noteEnqueued(b, { outboxId: "row b", ...enqueued });
  const leases = [
    ["row a", "a1", "w1", 10],
    ["row b", "b1", "w3", 20],
    ["row a", "a2", "w2", 30],
  ] as const;
  for (const [outboxId, leaseToken, worker, leaseExpiresAt] of leases) {
    references.noteClaimed(worker, [claimed(pending("r1"), { outboxId, leaseToken, leaseExpiresAt })]);
  }
  return references;
}

/** [row, token, worker] of the completion that a call means. */
function meant(references: References, ...call: Parameters<typeof completeCall>) {
  const operation = references.resolve(completeCall(...call));
  return operation.kind === "complete" && [operation.outboxId, operation.leaseToken, operation.workerId];
}

describe("a completion's references", () => {
  const cases: readonly [RowRef | null, LeaseRef, WorkerRef, readonly (string | null)[]][] = [
    [a, "latest", "holder", ["row a", "a2", "w2"]],
    [a, "previous", "holder", ["row a", "a1", "w1"]],
    [a, "other", "holder", ["row a", "b1", "w3"]],
    [b, "other", "holder", ["row b", "a2", "w2"]],
    [a, "forged", "holder", ["row a", forgedToken, "w2"]],
    [a, "null", "holder", ["row a", null, "w2"]],
    [a, "latest", "stranger", ["row a", "a2", "stranger"]],
    [a, "latest", "null", ["row a", "a2", null]],
    // b was leased once only.
    [b, "previous", "holder", ["row b", forgedToken, "w3"]],
    [null, "latest", "holder", [null, forgedToken, "stranger"]],
    [{ instruction: "c", key: "1" }, "latest", "holder", [nobodysId, forgedToken, "stranger"]],
    [{ instruction: "c", key: "1" }, "other", "holder", [nobodysId, "a2", "w2"]],
  ];
  for (const [row, lease, worker, expected] of cases) {
    test(`${row?.instruction ?? "null"}, ${lease}, ${worker}: ${expected.join(", ")}`, () => {
      expect(meant(known(), row, lease, worker)).toEqual(expected);
    });
  }
  test("mean nothing before anything was told", () => {
    expect(meant(new References(), a)).toEqual([nobodysId, forgedToken, "stranger"]);
  });
  test("are the ids of the latest answer", () => {
    const references = known();
    references.noteEnqueued(a, { outboxId: "row a anew", sequenceId: 1, createdAt: now, state: "PENDING" });
    expect(meant(references, a)).toEqual(["row a anew", forgedToken, "stranger"]);
  });
  test("are known from a claim too, where the enqueuer got no answer", () => {
    const references = new References();
    references.noteClaimed("w1", [claimed(pending("r1", { instructionId: "a" }), { leaseToken: "t" })]);
    expect(meant(references, a)).toEqual(["r1", "t", "w1"]);
  });
  test("keep keys apart whose texts concatenate alike", () => {
    expect(meant(known(), { instruction: "", key: "a1" })).toEqual([nobodysId, forgedToken, "stranger"]);
  });
});

describe("resolve passes the other arguments on", () => {
  const references = new References();
  test("enqueue", () => {
    expect(
      references.resolve({
        op: "enqueue",
        instruction: "i",
        key: "k",
        participant: "p",
        rail: "r",
        payload: null,
      }),
    ).toEqual({
      kind: "enqueue",
      instructionId: "i",
      idempotencyKey: "k",
      participantId: "p",
      railType: "r",
      payload: null,
    });
  });
  test("claim, repair and ceiling", () => {
    expect(references.resolve({ op: "claim", batchSize: 0, worker: "", leaseSeconds: null })).toEqual({
      kind: "claim",
      batchSize: 0,
      workerId: "",
      leaseSeconds: null,
    });
    expect(references.resolve({ op: "repair", batchSize: 2, worker: null })).toEqual({
      kind: "repair",
      batchSize: 2,
      workerId: null,
    });
    expect(references.resolve({ op: "ceiling" })).toEqual({ kind: "ceiling" });
  });
  test("complete", () => {
    const given = {
      railReference: "ref",
      railCode: "AC01",
      errorCode: "E",
      errorMessage: "m",
      latencyMs: 3,
      retryDelaySeconds: 5,
    };
    expect(references.resolve(completeCall(a))).toMatchObject({
      kind: "complete",
      state: "FAILED",
      ...given,
    });
  });
});

describe("a deadline", () => {
  const row = pending("r1", { instructionId: "a", nextAttemptAt: 77 });
  const observed: Observation = { ...nothingObserved, pending: [row] };
  test("of a lease is the latest one's end, as its claimer knows it", () => {
    expect(known().deadline(a, "lease", nothingObserved)).toBe(30);
    expect(known().deadline(b, "lease", nothingObserved)).toBe(20);
    expect(new References().deadline(a, "lease", observed)).toBeNull();
  });
  test("of a row that is due is its next attempt, as last observed", () => {
    expect(known().deadline(a, "due", observed)).toBe(77);
    expect(known().deadline(b, "due", observed)).toBeNull();
  });
});

import { describe, expect, test } from "vitest";
import { after, check, claim, claimed, fail, leased, now, ok, pending, second, stateOf } from "./fixtures.ts";

const r1 = pending("r1", { nextAttemptAt: now - 3, createdAt: now - 30 });
const r2 = pending("r2", { nextAttemptAt: now - 2, createdAt: now - 20 });
const r3 = pending("r3", { nextAttemptAt: now - 1, createdAt: now - 10 });
const queue = stateOf([r3, r1, r2]);
const notThis = "claim: takes a row that it must not take";
const passesOver = "claim: passes over a free row";

describe("due", () => {
  const at = (nextAttemptAt: number) => pending("r1", { nextAttemptAt });
  check("at its next attempt", stateOf([at(now)]), claim(), ok(claimed(at(now))), "accepted");
  check("at its next attempt it must be taken", stateOf([at(now)]), claim(), ok(), passesOver);
  check("not a microsecond before", stateOf([at(now + 1)]), claim(), ok(claimed(at(now + 1))), notThis);
  check("a microsecond before there is nothing to take", stateOf([at(now + 1)]), claim(), ok(), "accepted");
  check("not under a live lease", stateOf([leased("r1")]), claim(), ok(claimed(leased("r1"))), notThis);
  const expired = leased("r1", { leaseExpiresAt: now - second });
  check(
    "not under an expired lease: repair is the only way back",
    stateOf([expired]),
    claim(),
    ok(claimed(expired)),
    notThis,
  );
  check("an expired lease is passed over", stateOf([expired]), claim(), ok(), "accepted");
  check("a row that nobody enqueued", stateOf([]), claim(), ok(claimed(r1)), notThis);
});

describe("the batch", () => {
  const two = claim({ batchSize: 2 });
  check("is the first row", queue, claim(), ok(claimed(r1)), "accepted");
  check("is not the second", queue, claim(), ok(claimed(r2)), passesOver);
  check("is the first two, in any order", queue, two, ok(claimed(r2), claimed(r1)), "accepted");
  check("is not the first and the third", queue, two, ok(claimed(r1), claimed(r3)), passesOver);
  check(
    "is no more than its size",
    queue,
    claim(),
    ok(claimed(r1), claimed(r2)),
    "claim: takes more than the batch size",
  );
  check("is filled while there are rows", queue, two, ok(claimed(r1)), passesOver);
  check(
    "is what there is",
    queue,
    claim({ batchSize: 2_147_483_647 }),
    ok(claimed(r1), claimed(r2), claimed(r3)),
    "accepted",
  );
  check("has no row twice", queue, two, ok(claimed(r1), claimed(r1)), "claim: returns a row twice");

  const late = pending("r4", { nextAttemptAt: now - 3, createdAt: now - 29 });
  check(
    "goes by creation where next attempts are equal",
    stateOf([late, r1]),
    claim(),
    ok(claimed(r1)),
    "accepted",
  );
  check("and not against it", stateOf([late, r1]), claim(), ok(claimed(late)), passesOver);
  const old = pending("r5", { nextAttemptAt: now, createdAt: now - 99 });
  check("goes by next attempt before creation", stateOf([old, r1]), claim(), ok(claimed(old)), passesOver);
  const twin = { ...pending("r6"), nextAttemptAt: r1.nextAttemptAt, createdAt: r1.createdAt };
  check("ties fall one way", stateOf([r1, twin]), claim(), ok(claimed(r1)), "accepted");
  check("or the other", stateOf([r1, twin]), claim(), ok(claimed(twin)), "accepted");
  check("but a tie is not the end of the queue", stateOf([r1, twin]), claim(), ok(), passesOver);
});

describe("locked rows", () => {
  const locked = (...ids: string[]) => ({ lockedByAnother: (id: string) => ids.includes(id) });
  check("are passed over", queue, claim(), ok(claimed(r2)), "accepted", locked("r1"));
  check("but no free row is", queue, claim(), ok(claimed(r3)), passesOver, locked("r1"));
  check(
    "do not count for the batch",
    queue,
    claim({ batchSize: 2 }),
    ok(claimed(r1), claimed(r3)),
    "accepted",
    locked("r2"),
  );
  check("and may leave nothing", queue, claim(), ok(), "accepted", locked("r1", "r2", "r3"));
  check("but one free row is to be taken", queue, claim(), ok(), passesOver, locked("r1", "r2"));
});

describe("the lease", () => {
  const asItIs = "claim: returns the row as it is";
  const usedTwice = "claim: a lease token is never used twice";
  const two = claim({ batchSize: 2 });
  check(
    "ends p_lease_seconds from now",
    queue,
    claim({ leaseSeconds: 1 }),
    ok(claimed(r1, { leaseExpiresAt: now + second })),
    "accepted",
  );
  check(
    "not a microsecond later",
    queue,
    claim(),
    ok(claimed(r1, { leaseExpiresAt: now + 10 * second + 1 })),
    asItIs,
  );
  check("has a token", queue, claim(), ok(claimed(r1, { leaseToken: null as never })), usedTwice);
  check(
    "has a token of its own",
    queue,
    two,
    ok(claimed(r1, { leaseToken: "x" }), claimed(r2, { leaseToken: "x" })),
    usedTwice,
  );
  check("has a token never used before", queue, claim(), ok(claimed(r1)), usedTwice, {
    freshToken: () => false,
  });

  test("is on the row, and nothing else changes", () => {
    const state = after(queue, claim({ workerId: "w2" }), ok(claimed(r1)));
    const lease = { claimedBy: "w2", leaseToken: "lease of r1", leaseExpiresAt: now + 10 * second };
    expect(state).toEqual(stateOf([r3, { ...r1, ...lease }, r2]));
  });

  const changes = {
    instructionId: "x",
    participantId: "x",
    sequenceId: 9,
    idempotencyKey: "x",
    railType: "x",
    payload: '{"x":1}',
    attemptCount: 1,
  };
  for (const [column, value] of Object.entries(changes)) {
    check(`its row has the ${column} as it is`, queue, claim(), ok(claimed(r1, { [column]: value })), asItIs);
  }
});

describe("a bad argument", () => {
  const bad = [
    { batchSize: null },
    { batchSize: 0 },
    { batchSize: -1 },
    { workerId: null },
    { workerId: "" },
    { leaseSeconds: null },
    { leaseSeconds: 0 },
    { leaseSeconds: -1 },
  ];
  for (const argument of bad) {
    check(`${JSON.stringify(argument)} is refused`, queue, claim(argument), fail("22023"), "accepted");
    check(
      `${JSON.stringify(argument)} must be refused`,
      queue,
      claim(argument),
      ok(),
      "claim: must fail with bad argument",
    );
  }
  check(
    "good ones must not be refused",
    queue,
    claim(),
    fail("22023"),
    "claim: must not fail, failed with 22023",
  );
  check("a bad ceiling does not matter", queue, claim(), ok(claimed(r1)), "accepted", { ceiling: null });
  check("nor excuse a failure", queue, claim(), fail("22023"), "claim: must not fail, failed with 22023", {
    ceiling: null,
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { History } from "../sim/history.ts";
import type { Schedule, Step } from "../sim/schedule.ts";
import { type OwnLane, startOwnLane } from "../sim/testing/embedded-stage.ts";
import { enqueue as enqueueing, now, ok, pending } from "../model/fixtures.ts";
import { history, type HistoryBuilder } from "./history-builder.ts";
import { idempotency } from "./invariants/idempotency.ts";
import { playInOrder as playAlike } from "./testing/play-in-order.ts";
import { judgeByModel } from "./oracle-model.ts";
import {
  begin,
  call,
  claim,
  commit,
  complete,
  enqueue,
  fault,
  repair,
  rollback,
  schedule,
  tell,
  toExpiry,
} from "./testing/scenario.ts";

let own: OwnLane;
beforeAll(async () => {
  own = await startOwnLane(4);
});
afterAll(() => own.stop());

const playInOrder = (played: Schedule): Promise<History> => playAlike(own.lane, played, 20);

async function toldOf(...steps: readonly Step[]): Promise<readonly string[]> {
  return tell(await playInOrder(schedule(...steps)));
}

const skips = ({ events }: History) => events.filter(({ kind }) => kind === "skip");

describe("a backend is terminated", () => {
  test("idle: the session goes on with a new one", async () => {
    expect(await toldOf(fault("terminate", 0), enqueue(0), fault("terminate", 0), enqueue(0))).toEqual([
      "0 ok 1",
      "0 ok 1",
    ]);
  });

  test("in a transaction: that is rolled back, and who waited for it goes on", async () => {
    const told = await toldOf(begin(0), enqueue(0), enqueue(1), fault("terminate", 0), enqueue(0));
    expect(told).toEqual(["0 ok 1", "1 waits for 0", "1 ok 1", "0 ok 1"]);
  });

  test("in a transaction that has failed", async () => {
    const told = await toldOf(begin(0), complete(0), enqueue(0), fault("terminate", 0), enqueue(0));
    expect(told).toEqual(["0 P7002", "0 25P02", "0 ok 1"]);
  });

  test("blocked, though its process is stopped: its call fails and had no effect", async () => {
    const told = await toldOf(begin(0), enqueue(0), enqueue(1), fault("terminate", 1), commit(0), enqueue(1));
    expect(told).toEqual(["0 ok 1", "1 waits for 0", "1 57P01", "1 ok 1"]);
  });

  test("blocked in a transaction of its own: that is rolled back too", async () => {
    const history = await playInOrder(
      schedule(
        begin(0),
        enqueue(0),
        begin(1),
        enqueue(1, "2", "q"),
        enqueue(1),
        fault("terminate", 1),
        enqueue(2, "2", "q"),
        commit(1),
      ),
    );
    expect(tell(history)).toEqual(["0 ok 1", "1 ok 1", "1 waits for 0", "1 57P01", "2 ok 1"]);
    expect(skips(history)).toEqual([{ kind: "skip", step: 7, reason: "no transaction" }]);
  });

  test("the first of three in a queue: the others keep their places", async () => {
    const told = await toldOf(
      begin(0),
      enqueue(0),
      enqueue(3),
      enqueue(1),
      enqueue(2),
      fault("terminate", 3),
      rollback(0),
    );
    expect(told.slice(-3)).toEqual(["3 57P01", "1 ok 1", "2 ok 1"]);
  });

  test("with a lease: repair takes that back when it has run out, and the zombie comes too late", async () => {
    const told = await toldOf(
      enqueue(0),
      claim(0),
      fault("terminate", 0),
      toExpiry(),
      repair(1),
      complete(0),
    );
    expect(told).toEqual(["0 ok 1", "0 ok 1", "1 ok 1", "0 P7002"]);
  });

  test("with a lease: the worker that is back in time completes", async () => {
    expect(await toldOf(enqueue(0), claim(0), fault("terminate", 0), complete(0))).toEqual([
      "0 ok 1",
      "0 ok 1",
      "0 ok 1",
    ]);
  });

  test("what it had notified before comes from it", async () => {
    const history = await playInOrder(
      schedule(begin(1), enqueue(1), enqueue(2), enqueue(0, "2", "q"), fault("terminate", 0), rollback(1)),
    );
    const wakeups = history.events.flatMap((event) => (event.kind === "observe" ? event.notifications : []));
    expect(wakeups.map(({ session }) => session)).toEqual([0, 2]);
  });
});

describe("a call is cancelled", () => {
  test("blocked: it fails and had no effect", async () => {
    const told = await toldOf(begin(0), enqueue(0), enqueue(1), fault("cancel", 1), rollback(0), enqueue(1));
    expect(told).toEqual(["0 ok 1", "1 waits for 0", "1 57014", "1 ok 1"]);
  });

  test("blocked in a transaction: that has failed", async () => {
    const told = await toldOf(
      begin(0),
      enqueue(0),
      begin(1, "REPEATABLE READ"),
      enqueue(1, "2", "q"),
      enqueue(1),
      fault("cancel", 1),
      enqueue(2, "2", "q"),
      enqueue(1),
    );
    expect(told).toEqual(["0 ok 1", "1 ok 1", "1 waits for 0", "1 57014", "2 ok 1", "1 25P02"]);
  });

  test("only where there is one that is blocked", async () => {
    const history = await playInOrder(schedule(fault("cancel", 0), begin(1), fault("cancel", 1)));
    expect(skips(history).map((skip) => skip.kind === "skip" && skip.reason)).toEqual([
      "not blocked",
      "not blocked",
    ]);
  });
});

describe("a call that waits for no lock", () => {
  test("gives up where it would wait, and the next one waits again", async () => {
    const told = await toldOf(
      begin(0),
      enqueue(0),
      fault("lockTimeout", 1),
      enqueue(1),
      enqueue(1),
      commit(0),
    );
    expect(told).toEqual(["0 ok 1", "1 55P03", "1 waits for 0", "1 ok 1"]);
  });

  test("gives up before a deadlock is found", async () => {
    const told = await toldOf(
      begin(0),
      begin(1),
      enqueue(0),
      enqueue(1, "2", "q"),
      enqueue(0, "2", "q"),
      fault("lockTimeout", 1),
      enqueue(1),
      enqueue(1),
    );
    expect(told).toEqual(["0 ok 1", "1 ok 1", "0 waits for 1", "1 55P03", "0 ok 1", "1 25P02"]);
  });

  test("is answered like any other where nothing is in its way", async () => {
    const told = await toldOf(
      fault("lockTimeout", 0),
      enqueue(0),
      begin(0),
      fault("lockTimeout", 0),
      claim(0),
      complete(0),
    );
    expect(told).toEqual(["0 ok 1", "0 ok 1", "0 ok 1"]);
  });

  test("gives up behind a TRUNCATE that stands in line", async () => {
    const truncate = call(1, { op: "tamper", ledger: "attempts", verb: "truncate" });
    const asOwner = schedule(
      begin(0),
      enqueue(0),
      enqueue(0),
      truncate,
      fault("lockTimeout", 2),
      enqueue(2, "2"),
    );
    const played = {
      ...asOwner,
      sessions: asOwner.sessions.with(1, { role: "owner", isolation: "READ COMMITTED" }),
    };
    expect(tell(await playInOrder(played))).toEqual([
      "0 ok 1",
      "0 ok 1",
      "1 waits for 0",
      "2 55P03",
      "1 P0001",
    ]);
  });
});

test("a call that waits for one lock holds what it took before: another one's lock timeout there is right", async () => {
  const told = await toldOf(
    begin(0),
    enqueue(0),
    // Has its key, and waits for the participant's counter.
    enqueue(1, "2"),
    fault("lockTimeout", 0),
    enqueue(0, "2"),
  );
  expect(told).toEqual(["0 ok 1", "1 waits for 0", "0 55P03", "1 ok 1"]);
});

describe("the answer to a commit is lost", () => {
  test("of a call that is a transaction of its own: asked again, it is a repeat", async () => {
    const told = await toldOf(fault("loseAcknowledgement", 0), enqueue(0), enqueue(0));
    expect(told).toEqual(["0 ? (ok 1)", "0 ok 1"]);
  });

  test("of a claim: nobody knows the lease, and repair takes it back", async () => {
    const told = await toldOf(
      enqueue(0),
      fault("loseAcknowledgement", 0),
      claim(0),
      complete(0),
      claim(1),
      { kind: "advance", seconds: 10 },
      repair(1),
    );
    expect(told).toEqual(["0 ok 1", "0 ? (ok 1)", "0 P7002", "1 ok 0", "1 ok 1"]);
  });

  test("of COMMIT, and not of the calls before it", async () => {
    const told = await toldOf(
      begin(0),
      fault("loseAcknowledgement", 0),
      enqueue(0),
      enqueue(1),
      commit(0),
      enqueue(0),
    );
    expect(told).toEqual(["0 ok 1", "1 waits for 0", "0 ? (COMMIT)", "1 ok 1", "0 ok 1"]);
  });

  test("of COMMIT with a claim: the worker that has the lease is in time, or comes back as a zombie", async () => {
    const claimed = [enqueue(0), begin(0), claim(0), fault("loseAcknowledgement", 0), commit(0)];
    const toldOfClaim = ["0 ok 1", "0 ok 1", "0 ? (COMMIT)"];
    expect(await toldOf(...claimed, complete(0))).toEqual([...toldOfClaim, "0 ok 1"]);
    const repaired = await toldOf(...claimed, toExpiry(), repair(1), complete(0));
    expect(repaired).toEqual([...toldOfClaim, "1 ok 1", "0 P7002"]);
  });

  test("of COMMIT of what has failed, after a savepoint too", async () => {
    const told = await toldOf(
      begin(0),
      enqueue(0),
      { kind: "savepoint", session: 0, name: "s1" },
      enqueue(0, "2"),
      { kind: "rollbackTo", session: 0, name: "s1" },
      fault("loseAcknowledgement", 0),
      commit(0),
      begin(0),
      complete(0, "3"),
      fault("loseAcknowledgement", 0),
      commit(0),
      enqueue(0),
      enqueue(0, "2"),
    );
    expect(told).toEqual([
      "0 ok 1",
      "0 ok 1",
      "0 ? (COMMIT)",
      "0 P7002",
      "0 ? (ROLLBACK)",
      "0 ok 1",
      "0 ok 1",
    ]);
  });

  test("of a call that was cancelled: it failed, and is told nothing of that", async () => {
    const told = await toldOf(
      begin(0),
      enqueue(0),
      fault("loseAcknowledgement", 1),
      enqueue(1),
      fault("cancel", 1),
      rollback(0),
      enqueue(1),
    );
    expect(told).toEqual(["0 ok 1", "1 waits for 0", "1 ? (57014)", "1 ok 1"]);
  });

  test("of a call that waits first", async () => {
    const told = await toldOf(
      begin(0),
      enqueue(0),
      fault("loseAcknowledgement", 1),
      enqueue(1),
      rollback(0),
      enqueue(1),
    );
    expect(told).toEqual(["0 ok 1", "1 waits for 0", "1 ? (ok 1)", "1 ok 1"]);
  });

  test("not where the backend was terminated first", async () => {
    const told = await toldOf(
      begin(0),
      enqueue(0),
      fault("loseAcknowledgement", 1),
      enqueue(1),
      fault("terminate", 1),
      rollback(0),
      enqueue(1),
    );
    expect(told).toEqual(["0 ok 1", "1 waits for 0", "1 57P01", "1 ok 1"]);
  });

  test("is judged by what shows later: it took effect or not, and stays so", () => {
    const row = pending("r1", { instructionId: "a" });
    const first = ok({ outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" });
    const judged = (events: HistoryBuilder) => judgeByModel(schedule(), events.history()).kind;
    const lost = () => history().lost(0, enqueueing(), first);
    expect(judged(lost().look([row]))).toBe("ok");
    expect(judged(lost().look([]))).toBe("ok");
    expect(judged(lost().look([row]).look([]))).toBe("violated");
    expect(judged(lost().look([]).look([row]))).toBe("violated");
    expect(judged(lost().look([], [], { sequences: [{ participantId: "p", next: 2 }] }))).toBe("violated");
  });

  test("asked again, it is the same row: by the model once that has shown, by INV-02 in any case", () => {
    const row = pending("r1", { instructionId: "a" });
    const told = (outboxId: string) => ok({ outboxId, sequenceId: 1, createdAt: now, state: "PENDING" });
    const lost = () => history().lost(0, enqueueing(), told("r1"));
    const again = (outboxId: string) => lost().call(1, enqueueing(), told(outboxId));
    expect(judgeByModel(schedule(), again("r1").history()).kind).toBe("ok");
    expect(judgeByModel(schedule(), again("r2").history()).kind).toBe("ok");
    expect(again("r2").breaks(idempotency)).toBe("a key has two identities");
    const seen = lost().look([row]).call(1, enqueueing(), told("r2"));
    expect(judgeByModel(schedule(), seen.history()).kind).toBe("violated");
  });
});

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { playInOrder as playAlike } from "./testing/play-in-order.ts";
import type { History } from "../sim/history.ts";
import { play } from "../sim/play.ts";
import type { Schedule, Step } from "../sim/schedule.ts";
import { type Settings, settingValues } from "../sim/settings.ts";
import { type OwnLane, startOwnLane } from "../sim/testing/embedded-stage.ts";
import {
  begin,
  call,
  claim,
  commit,
  complete,
  enqueue,
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

const playInOrder = (played: Schedule): Promise<History> => playAlike(own.lane, played);

describe("a blocked session", () => {
  test("stays in flight while others go on, and its waking is recorded", async () => {
    const history = await playInOrder(
      schedule(begin(0), enqueue(0), enqueue(1), enqueue(2, "2", "q"), commit(0)),
    );
    expect(tell(history)).toEqual(["0 ok 1", "1 waits for 0", "2 ok 1", "1 ok 1"]);
  });

  test("takes no further step until it is woken", async () => {
    const history = await playInOrder(schedule(begin(0), enqueue(0), enqueue(1), claim(1), rollback(0)));
    expect(history.events).toContainEqual({ kind: "skip", step: 3, reason: "blocked" });
    expect(tell(history)).toEqual(["0 ok 1", "1 waits for 0", "1 ok 1"]);
  });

  test("is run to its end when the steps end", async () => {
    const history = await playInOrder(schedule(begin(0), enqueue(0), enqueue(1)));
    expect(tell(history)).toEqual(["0 ok 1", "1 waits for 0", "1 ok 1"]);
  });

  test("wakes in the order of waiting when one step wakes several, every time", async () => {
    const several = schedule(begin(0), enqueue(0), enqueue(3), enqueue(1), enqueue(2), rollback(0));
    const first = await playInOrder(several);
    // Session 3 waited first, so it is let go first, and has the key before the others look.
    expect(tell(first).slice(-3)).toEqual(["3 ok 1", "1 ok 1", "2 ok 1"]);
    for (let time = 0; time < 20; time += 1) expect(await play(own.lane, several)).toEqual(first);
  });
});

describe("a deadlock", () => {
  const crossing = schedule(
    begin(0),
    begin(1),
    enqueue(0, "1", "p"),
    enqueue(1, "2", "q"),
    enqueue(0, "3", "q"),
    enqueue(1, "4", "p"),
  );

  test("has the last waiter as its victim, every time", async () => {
    const first = await playInOrder(crossing);
    expect(tell(first)).toEqual(["0 ok 1", "1 ok 1", "0 waits for 1", "1 40P01", "0 ok 1"]);
    for (let time = 0; time < 20; time += 1) expect(await play(own.lane, crossing)).toEqual(first);
  });

  test("names the sessions of its cycle", async () => {
    const history = await play(own.lane, crossing);
    const failures = history.events.flatMap((event) =>
      event.kind === "respond" && event.response.kind === "fail" ? [event.response.cycle.toSorted()] : [],
    );
    expect(failures).toEqual([[0, 1]]);
  });
});

describe("virtual time", () => {
  test("a transaction that began before a lease's expiry, and got its row lock after it, still holds the lease", async () => {
    // Session 1 repairs nothing: by its now, too, the lease is live. Session 0 completes first and rolls back, session 2
    // waits for the row meanwhile, and the clock passes the expiry.
    const history = await playInOrder(
      schedule(enqueue(0), claim(0), begin(0), complete(0), complete(2), toExpiry(), rollback(0)),
    );
    expect(tell(history)).toEqual(["0 ok 1", "0 ok 1", "0 ok 1", "2 waits for 0", "2 ok 1"]);
  });

  test("a transaction that began after the expiry has lost it, wherever its lock comes from", async () => {
    const history = await playInOrder(
      schedule(enqueue(0), claim(0), begin(0), toExpiry(), complete(0), complete(2), repair(1)),
    );
    // Session 0 is older than the expiry: it completes. Session 2 is not, and does not even wait.
    expect(tell(history)).toEqual(["0 ok 1", "0 ok 1", "0 ok 1", "2 P7002", "1 ok 0"]);
  });

  test("one microsecond before the expiry the fence holds, at it repair does", async () => {
    const before = await playInOrder(
      schedule(enqueue(0), claim(0), toExpiry(-1), repair(1), toExpiry(), repair(1)),
    );
    expect(tell(before)).toEqual(["0 ok 1", "0 ok 1", "1 ok 0", "1 ok 1"]);
    const at = await playInOrder(schedule(enqueue(0), claim(0), toExpiry(), complete(0)));
    expect(tell(at)).toEqual(["0 ok 1", "0 ok 1", "0 P7002"]);
  });
});

test("claim passes over a locked row and never waits", async () => {
  const history = await playInOrder(
    schedule(enqueue(0), enqueue(0, "2"), begin(0), claim(0), claim(1), claim(2), rollback(0)),
  );
  expect(tell(history)).toEqual(["0 ok 1", "0 ok 1", "0 ok 1", "1 ok 1", "2 ok 0"]);
});

test("a REPEATABLE READ call answers from its snapshot or fails with 40001", async () => {
  const history = await playInOrder(
    schedule(begin(0, "REPEATABLE READ"), call(0, { op: "ceiling" }), enqueue(1), enqueue(0)),
  );
  expect(tell(history)).toEqual(["0 ok 1", "1 ok 1", "0 40001"]);
});

test("notifications are recorded with their session: one a committed first enqueue, none otherwise", async () => {
  const history = await playInOrder(
    schedule(
      enqueue(1),
      enqueue(1),
      begin(2),
      enqueue(2, "2"),
      enqueue(2, "3"),
      commit(2),
      begin(0),
      enqueue(0, "4"),
      rollback(0),
    ),
  );
  const wakeups = history.events.flatMap((event) => (event.kind === "observe" ? event.notifications : []));
  expect(wakeups.map(({ session }) => session)).toEqual([1, 2]);
});

test("what a lane played before does not show", async () => {
  const busy = schedule(enqueue(0), claim(0), toExpiry(), repair(1), enqueue(2, "2", "q"), claim(3));
  const first = await playInOrder(busy);
  await playInOrder(schedule(enqueue(0, "9"), enqueue(0, "8"), claim(1)));
  expect(await play(own.lane, busy)).toEqual(first);
  const other = await own.stage.openLane(4);
  expect(await play(other, busy)).toEqual(first);
  await other.close();
});

describe("a savepoint", () => {
  const savepoint = (kind: "savepoint" | "rollbackTo" | "release", name = "s1"): Step => ({
    kind,
    session: 0,
    name,
  });
  const wakeups = (history: History) =>
    history.events.flatMap((event) =>
      event.kind === "observe" ? event.notifications.map(({ session }) => session) : [],
    );

  test("gone back to wakes who waited for what it held, every time", async () => {
    const several = schedule(
      ...[begin(0), savepoint("savepoint"), enqueue(0), enqueue(1), enqueue(2)],
      ...[savepoint("rollbackTo"), enqueue(0, "2", "q"), commit(0)],
    );
    const first = await playInOrder(several);
    const told = ["0 ok 1", "1 waits for 0", "2 waits for 0", "1 ok 1", "2 ok 1", "0 ok 1"];
    expect(tell(first)).toEqual(told);
    expect(wakeups(first)).toEqual([1, 0]);
    for (let time = 0; time < 20; time += 1) expect(await play(own.lane, several)).toEqual(first);
  });

  test("released hands its locks on to the transaction: who waits goes on waiting", async () => {
    const kept = schedule(
      ...[begin(0), savepoint("savepoint"), enqueue(0), enqueue(1), savepoint("release"), commit(0)],
    );
    expect(tell(await playInOrder(kept))).toEqual(["0 ok 1", "1 waits for 0", "1 waits for 0", "1 ok 1"]);
  });

  test("lets a transaction go on after an error, and keep what came before", async () => {
    const history = await playInOrder(
      schedule(
        ...[begin(0), enqueue(0), savepoint("savepoint"), enqueue(0, "2"), complete(0, "3"), claim(0)],
        ...[savepoint("release"), savepoint("rollbackTo"), claim(0), complete(0), commit(0), claim(1)],
      ),
    );
    const answers = ["0 ok 1", "0 ok 1", "0 P7002", "0 25P02", "0 25P02", "0 ok 1", "0 ok 1", "1 ok 0"];
    expect(tell(history)).toEqual(answers);
    expect(wakeups(history)).toEqual([0]);
  });

  test("frees by its error what was locked since, at once, and keeps what was locked before", async () => {
    const history = await playInOrder(
      schedule(
        ...[enqueue(1), enqueue(1, "2", "q"), begin(0), claim(0), savepoint("savepoint"), claim(0)],
        ...[complete(0, "3"), claim(2), claim(2), savepoint("rollbackTo"), complete(0), commit(0)],
      ),
    );
    const answers = ["1 ok 1", "1 ok 1", "0 ok 1", "0 ok 1", "0 P7002", "2 ok 1", "2 ok 0", "0 ok 1"];
    expect(tell(history)).toEqual(answers);
  });

  test("that is not there is skipped, so that any step can be dropped", async () => {
    const history = await playInOrder(
      schedule(savepoint("savepoint"), begin(0), savepoint("release"), savepoint("savepoint", "s2")),
    );
    expect(history.events).toContainEqual({ kind: "skip", step: 0, reason: "no transaction" });
    expect(history.events).toContainEqual({ kind: "skip", step: 2, reason: "no such savepoint" });
  });

  test("does not give a snapshot back", async () => {
    const history = await playInOrder(
      schedule(
        ...[begin(0, "REPEATABLE READ"), savepoint("savepoint"), claim(0), savepoint("rollbackTo")],
        ...[enqueue(1), claim(0), enqueue(0), savepoint("rollbackTo"), enqueue(0), rollback(0)],
      ),
    );
    expect(tell(history)).toEqual(["0 ok 0", "1 ok 1", "0 ok 0", "0 40001", "0 40001"]);
  });
});

describe("what must not change an answer", () => {
  const busy = schedule(
    ...[enqueue(0), enqueue(1, "2"), enqueue(2, "3", "q"), begin(0), claim(0), claim(1), complete(0)],
    ...[call(2, { op: "ceiling" }), commit(0), toExpiry(), repair(3), claim(1), complete(1, "3")],
  );
  const everySetting: Settings = Object.fromEntries(
    Object.entries(settingValues).map(([name, [value]]) => [name, value]),
  );
  test("the planner's settings, each and all", async () => {
    const first = await playInOrder(busy);
    const each = Object.entries(everySetting).map(([name, value]) => ({ [name]: value }));
    for (const settings of [...each, everySetting]) {
      expect(await play(own.lane, { ...busy, setup: { retryCeiling: null, settings } })).toEqual(first);
    }
    expect(await play(own.lane, busy)).toEqual(first);
  });
  test("statements that were prepared, by some sessions or by all", async () => {
    const first = await playInOrder(busy);
    const prepared = (sessions: readonly number[]): Schedule => ({
      ...busy,
      sessions: busy.sessions.map((session, index) => ({ ...session, prepared: sessions.includes(index) })),
    });
    for (const sessions of [[0, 1, 2, 3], [0], [1, 3]])
      expect(await play(own.lane, prepared(sessions))).toEqual(first);
  });
  test("nor are prepared statements lost with a backend", async () => {
    const steps: readonly Step[] = [{ kind: "terminate", session: 0 }, enqueue(0), enqueue(1), claim(0)];
    const sessions = busy.sessions.map((session) => ({ ...session, prepared: true }));
    expect(tell(await playInOrder({ ...busy, sessions, steps }))).toEqual(["0 ok 1", "1 ok 1", "0 ok 1"]);
  });
});

describe("the closing phase", () => {
  const retry = (session: number): Step => {
    const step = complete(session);
    return step.kind === "call" && step.call.op === "complete"
      ? { ...step, call: { ...step.call, state: "RETRYABLE", retryDelaySeconds: 3600 } }
      : step;
  };
  /** What it asked, each with how many rows came back. */
  const closingOf = ({ calls, events }: History): string[] => {
    const start = events.findIndex(({ kind }) => kind === "closing");
    return events.slice(start).flatMap((event) => {
      if (event.kind !== "respond" || event.response.kind !== "ok") return [];
      return [`${calls[event.call]?.action.kind} ${event.response.rows.length}`];
    });
  };
  const left = (history: History) =>
    history.events.findLast((event) => event.kind === "observe")?.observation.pending;

  test("ends what is due, waits or is leased, and the ledger says how", async () => {
    const history = await playInOrder(
      schedule(enqueue(0), claim(0), retry(0), enqueue(0, "2"), claim(0), enqueue(0, "3")),
    );
    expect(closingOf(history)).toEqual([
      ...["repair 1", "claim 2", "complete 1", "complete 1"],
      ...["claim 1", "complete 1"],
    ]);
    expect(left(history)).toEqual([]);
  });
  test("buries by repair what expires at the last attempt", async () => {
    const last = schedule(enqueue(0), claim(0));
    const history = await playInOrder({ ...last, setup: { retryCeiling: "1" } });
    expect(closingOf(history)).toEqual(["repair 1"]);
    expect(left(history)).toEqual([]);
  });
  test("goes beyond the end of time for the longest lease", async () => {
    const toEnd: Step[] = [2_147_483_647, 2_147_483_647].map((seconds) => ({ kind: "advance", seconds }));
    const history = await playInOrder(schedule(enqueue(0), ...toEnd, claim(0, 2_147_483_647)));
    expect(left(history)).toEqual([]);
  });
  test("does nothing where nothing is left, and is left out under a bad ceiling, which the history says", async () => {
    const done = await playInOrder(schedule(enqueue(0), claim(0), complete(0)));
    expect(done.events.at(-1)).toEqual({ kind: "closing", omitted: null });
    const bad = await playInOrder({ ...schedule(enqueue(0)), setup: { retryCeiling: "two" } });
    expect(bad.events.at(-1)).toEqual({ kind: "closing", omitted: "bad ceiling" });
  });
});

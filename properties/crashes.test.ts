import { afterAll, beforeAll, expect, test } from "vitest";
import type { History } from "../sim/history.ts";
import { play } from "../sim/play.ts";
import type { Schedule, Step } from "../sim/schedule.ts";
import { type OwnLane, startOwnLane } from "../sim/testing/embedded-stage.ts";
import { playInOrder as playAlike } from "./testing/play-in-order.ts";
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
  own = await startOwnLane(4, { yields: true, crashes: true });
});
afterAll(() => own.stop());

const crash: Step = { kind: "crash" };

const playInOrder = (played: Schedule): Promise<History> => playAlike(own.lane, played, 4);

async function toldOf(...steps: readonly Step[]): Promise<readonly string[]> {
  return tell(await playInOrder(schedule(...steps)));
}

const looks = ({ events }: History) => events.filter((event) => event.kind === "observe");

test("idle: what was committed is there, and the sessions go on", async () => {
  expect(await toldOf(enqueue(0), claim(1), crash, complete(1), enqueue(0), crash, enqueue(2))).toEqual([
    "0 ok 1",
    "1 ok 1",
    "1 ok 1",
    "0 ok 1",
    "2 ok 1",
  ]);
});

test("before anything, and twice: of the case before nothing comes back", async () => {
  await play(own.lane, schedule(enqueue(0), claim(0)));
  const history = await playInOrder(schedule(crash, crash));
  expect(looks(history)[0]?.observation.pending).toEqual([]);
});

test("in a transaction, and in one that has failed: they are rolled back", async () => {
  const history = await playInOrder(
    schedule(begin(0), enqueue(0), begin(1), complete(1), enqueue(2, "2", "q"), crash, commit(0), enqueue(0)),
  );
  expect(tell(history)).toEqual(["0 ok 1", "1 P7002", "2 ok 1", "0 ok 1"]);
  expect(history.events.find(({ kind }) => kind === "crash")).toMatchObject({ calls: [], ended: [0, 1] });
  expect(history.events).toContainEqual({ kind: "skip", step: 6, reason: "no transaction" });
});

test("blocked, though the processes are stopped: the calls fail and had no effect", async () => {
  const told = await toldOf(
    begin(0),
    enqueue(0),
    enqueue(1),
    begin(2, "REPEATABLE READ"),
    enqueue(2),
    crash,
    enqueue(2),
    enqueue(1),
  );
  expect(told).toEqual([
    "0 ok 1",
    "1 waits for 0",
    "2 waits for 0",
    "1 08006",
    "2 08006",
    "2 ok 1",
    "1 ok 1",
  ]);
});

test("committed beside a blocked call: looked at before the crash, and there after it", async () => {
  const history = await playInOrder(schedule(begin(0), enqueue(0), enqueue(1), enqueue(2, "2", "q"), crash));
  const at = history.events.findIndex(({ kind }) => kind === "crash");
  const [before, after] = [
    history.events[at - 1],
    looks({ ...history, events: history.events.slice(at) })[0],
  ];
  expect(before?.kind === "observe" && before.observation.pending).toHaveLength(1);
  expect(after?.observation).toEqual(before?.kind === "observe" && before.observation);
});

test("parked inside a function: the call fails, and the next one parks and goes on", async () => {
  const parked = (session: number): Step => ({ ...enqueue(session), parkAt: 14 }) as Step;
  const plain = schedule(parked(0), crash, parked(0), enqueue(1), { kind: "resume", session: 0 }, enqueue(0));
  const history = await playInOrder({ ...plain, setup: { ...plain.setup, yields: true } });
  expect(tell(history)).toEqual(["0 08006", "1 waits for 0", "0 ok 1", "1 ok 1", "0 ok 1"]);
});

test("with a lease: it runs out by the same clock, and the zombie comes too late", async () => {
  const told = await toldOf(enqueue(0), claim(0), crash, toExpiry(), crash, repair(1), complete(0));
  expect(told).toEqual(["0 ok 1", "0 ok 1", "1 ok 1", "0 P7002"]);
});

test("the ceiling stays, and prepared calls are prepared again", async () => {
  const { sessions, steps } = schedule(enqueue(0), claim(0), toExpiry(), crash, repair(0), enqueue(0));
  const history = await playInOrder({
    setup: { retryCeiling: "1" },
    sessions: sessions.with(0, { role: "symphony_control", isolation: "READ COMMITTED", prepared: true }),
    steps,
  });
  expect(looks(history).at(-1)?.observation.attempts).toMatchObject([
    { errorCode: "RETRY_CEILING_EXCEEDED" },
  ]);
});

test("a call that was to wait for no lock: its session has forgotten that", async () => {
  const told = await toldOf(fault("lockTimeout", 1), crash, begin(0), enqueue(0), enqueue(1), rollback(0));
  expect(told).toEqual(["0 ok 1", "1 waits for 0", "1 ok 1"]);
});

test("beside a TRUNCATE in flight a look is not to be had: skipped where one is wanted", async () => {
  const truncate = call(1, { op: "tamper", ledger: "attempts", verb: "truncate" });
  const { setup, sessions, steps } = schedule(
    begin(0),
    enqueue(0),
    enqueue(0),
    truncate,
    enqueue(2, "2", "q"),
    crash,
  );
  const asOwner = sessions.with(1, { role: "owner", isolation: "READ COMMITTED" });
  const history = await playInOrder({ setup, sessions: asOwner, steps });
  expect(history.events).toContainEqual({ kind: "skip", step: 5, reason: "a table is locked" });
});

test("what was notified is heard: before the crash, after it, and nothing of what was open", async () => {
  const history = await playInOrder(
    schedule(begin(0), enqueue(0), enqueue(1), enqueue(2, "2", "q"), crash, enqueue(3)),
  );
  const heard = looks(history).flatMap(({ notifications }) => notifications.map(({ session }) => session));
  expect(heard).toEqual([2, 3]);
});

test("a listener that is away stays away", async () => {
  const [drop, restore]: Step[] = [{ kind: "dropListener" }, { kind: "restoreListener" }];
  const steps = [drop, enqueue(0), crash, enqueue(1, "2", "q"), restore, enqueue(2, "3", "r")];
  const history = await playInOrder(schedule(...steps.flatMap((step) => step ?? [])));
  const heard = looks(history).flatMap(({ notifications }) => notifications.map(({ session }) => session));
  expect(heard).toEqual([2]);
});

test("a lane on a server that others use is not crashed", async () => {
  const plain = await own.stage.openLane(4);
  await expect(play(plain, schedule(crash))).rejects.toThrow("not its own");
  await plain.close();
});

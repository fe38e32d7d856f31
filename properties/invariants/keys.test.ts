import { describe, expect, test } from "vitest";
import { attempt, enqueue, fail, now, ok, pending } from "../../model/fixtures.ts";
import { history } from "../history-builder.ts";
import { conservation } from "./conservation.ts";
import { idempotency } from "./idempotency.ts";
import { sequence } from "./sequence.ts";
import { wakeUp } from "./wake-up.ts";

const row = pending("r1", { instructionId: "a" });
const told = { outboxId: "r1", sequenceId: 1, createdAt: now, state: "PENDING" } as const;
const first = ok(told);
const ended = attempt("r1", 1, { instructionId: "a", state: "DISPATCHED" });

describe("INV-01 conservation", () => {
  const enqueued = () => history().call(0, enqueue(), first);
  test("holds while a row is pending, and when it has ended", () => {
    expect(
      enqueued()
        .look([row])
        .look([row], [attempt("r1", 1)])
        .look([], [ended])
        .breaks(conservation),
    ).toBeNull();
  });
  test("is broken by a loss", () => {
    expect(enqueued().look([]).breaks(conservation)).toBe("a committed key is lost");
    expect(
      enqueued()
        .look([], [attempt("r1", 1)])
        .breaks(conservation),
    ).toBe("a committed key is lost");
  });
  test("is broken by a row in two places", () => {
    expect(enqueued().look([row], [ended]).breaks(conservation)).toBe("a committed key is in two places");
    const twice = [ended, { ...ended, attemptNo: 2 }];
    expect(enqueued().look([], twice).breaks(conservation)).toBe("a committed key is in two places");
  });
  test("is broken by what nobody asked for", () => {
    expect(history().look([row]).breaks(conservation)).toBe("a row appears unasked");
    expect(history().look([], [ended]).breaks(conservation)).toBe("a row appears unasked");
  });
  test("asks only for what was committed", () => {
    const undone = () => history().begin(0).call(0, enqueue(), first).rollback(0);
    expect(undone().look([]).breaks(conservation)).toBeNull();
    expect(undone().look([row]).breaks(conservation)).toBe("a row appears unasked");
    expect(history().call(0, enqueue(), fail("22023")).look([]).breaks(conservation)).toBeNull();
  });
});

describe("INV-02 idempotency", () => {
  const other = ok({ ...told, outboxId: "r2" });
  test("holds when each answer is the first one, whatever the state", () => {
    const again = ok({ ...told, state: "DISPATCHED" });
    expect(
      history().call(0, enqueue(), first).call(1, enqueue(), again).look([row]).breaks(idempotency),
    ).toBeNull();
  });
  test("is broken by another id, number or time", () => {
    for (const over of [{ outboxId: "r2" }, { sequenceId: 2 }, { createdAt: now + 1 }]) {
      const twice = history()
        .call(0, enqueue(), first)
        .call(1, enqueue(), ok({ ...told, ...over }));
      expect(twice.breaks(idempotency)).toBe("a key has two identities");
    }
  });
  test("speaks of one key", () => {
    const apart = history()
      .call(0, enqueue(), first)
      .call(0, enqueue({ idempotencyKey: "2" }), other);
    expect(apart.breaks(idempotency)).toBeNull();
  });
  test("is not broken by a transaction that was rolled back", () => {
    const undone = history().begin(0).call(0, enqueue(), first).rollback(0).call(1, enqueue(), other);
    expect(undone.breaks(idempotency)).toBeNull();
  });
  test("is broken by two transactions at once that both commit", () => {
    const both = history().begin(0).call(0, enqueue(), first).call(1, enqueue(), other).commit(0);
    expect(both.breaks(idempotency)).toBe("a key has two identities");
  });
  test("counts what was told before a rollback, if the first had committed", () => {
    const wrong = history().call(0, enqueue(), first).begin(1).call(1, enqueue(), other).rollback(1);
    expect(wrong.breaks(idempotency)).toBe("a key has two identities");
  });
  test("is broken by two rows of one key", () => {
    const copy = pending("r2", { instructionId: "a" });
    expect(history().look([row, copy]).breaks(idempotency)).toBe("a key has two rows");
    expect(history().look([copy], [ended]).breaks(idempotency)).toBe("a key has two rows");
    expect(history().look([row], [ended]).breaks(idempotency)).toBeNull();
  });
});

describe("INV-03 sequence", () => {
  const rows = (...numbers: readonly number[]) => numbers.map((number) => pending(`r${number}`));
  test("holds for 1..n, in pending and in attempts, each participant for itself", () => {
    const q = pending("r9", { participantId: "q", sequenceId: 1 });
    expect(
      history()
        .look([])
        .look(rows(2, 1))
        .look([...rows(2), q], [attempt("r1", 1), attempt("r1", 2)])
        .breaks(sequence),
    ).toBeNull();
  });
  test("is broken by a gap and by a repeat", () => {
    const rule = "a participant's numbers have a gap or a repeat";
    expect(history().look(rows(2)).breaks(sequence)).toBe(rule);
    expect(history().look(rows(1, 3)).breaks(sequence)).toBe(rule);
    expect(
      history()
        .look([...rows(1), pending("r2", { sequenceId: 1 })])
        .breaks(sequence),
    ).toBe(rule);
    expect(
      history()
        .look(rows(2), [attempt("r3", 1)])
        .breaks(sequence),
    ).toBe(rule);
  });
  test("is broken by a counter that is not the next number", () => {
    const rule = "a participant's counter is not its last number + 1";
    const counter = (next: number) => ({ sequences: [{ participantId: "p", next }] });
    expect(history().look(rows(1), [], counter(3)).breaks(sequence)).toBe(rule);
    expect(history().look([], [], counter(2)).breaks(sequence)).toBe(rule);
    expect(history().look(rows(1), [], { sequences: [] }).breaks(sequence)).toBe(rule);
  });
});

describe("INV-10 wake-up", () => {
  const from = (...sessions: readonly (number | null)[]) =>
    sessions.map((session) => ({ session, payload: "" }));
  const missing = "a first enqueue gives no notification";
  const tooMany = "a notification without a first enqueue";
  const enqueued = () => history().call(0, enqueue(), first);

  test("holds when each first enqueue wakes, and a repeat does not", () => {
    expect(
      enqueued().lookAndHear(from(0), [row]).call(1, enqueue(), first).look([row]).breaks(wakeUp),
    ).toBeNull();
  });
  test("is broken by silence", () => {
    expect(enqueued().look([row]).breaks(wakeUp)).toBe(missing);
  });
  test("is broken by a notification for a repeat, a rollback, a failure, or nothing", () => {
    expect(
      enqueued()
        .lookAndHear(from(0), [row])
        .call(1, enqueue(), first)
        .lookAndHear(from(1), [row])
        .breaks(wakeUp),
    ).toBe(tooMany);
    expect(
      history().begin(0).call(0, enqueue(), first).rollback(0).lookAndHear(from(0), []).breaks(wakeUp),
    ).toBe(tooMany);
    expect(history().call(0, enqueue(), fail("22023")).lookAndHear(from(0), []).breaks(wakeUp)).toBe(tooMany);
    expect(history().lookAndHear(from(null), []).breaks(wakeUp)).toBe(tooMany);
    expect(enqueued().lookAndHear(from(0, 0), [row]).breaks(wakeUp)).toBe(tooMany);
  });
  test("a key whose first enqueue was rolled back is new again, whatever id it gets", () => {
    const again = history().begin(0).call(0, enqueue(), first).rollback(0).call(1, enqueue(), first);
    expect(again.lookAndHear(from(1), [row]).breaks(wakeUp)).toBeNull();
    const both = history().begin(0).call(0, enqueue(), first).call(0, enqueue(), first).commit(0);
    expect(both.lookAndHear(from(0), [row]).breaks(wakeUp)).toBeNull();
  });
  test("is broken by another session's notification, and by a payload", () => {
    expect(enqueued().lookAndHear(from(1), [row]).breaks(wakeUp)).toBe(missing);
    expect(
      enqueued()
        .lookAndHear([{ session: 0, payload: "r1" }], [row])
        .breaks(wakeUp),
    ).toBe("a notification has a payload");
  });
  test("expects what commits while somebody listens, and nothing else", () => {
    const away = () => history().listener(false).call(0, enqueue(), first);
    expect(away().look([row]).breaks(wakeUp)).toBeNull();
    expect(away().listener(true).look([row]).breaks(wakeUp)).toBeNull();
    expect(away().listener(true).lookAndHear(from(0), [row]).breaks(wakeUp)).toBe(tooMany);
    // Committed before the listener went, and looked at when it is away.
    expect(enqueued().listener(false).lookAndHear(from(0), [row]).breaks(wakeUp)).toBeNull();
    expect(enqueued().listener(false).look([row]).breaks(wakeUp)).toBe(missing);
    // The call came while nobody listened, and committed when somebody did; or the other way round.
    const open = () => history().listener(false).begin(0).call(0, enqueue(), first).listener(true);
    expect(open().commit(0).lookAndHear(from(0), [row]).breaks(wakeUp)).toBeNull();
    expect(open().commit(0).look([row]).breaks(wakeUp)).toBe(missing);
    const gone = () => history().begin(0).call(0, enqueue(), first).listener(false).commit(0);
    expect(gone().listener(true).look([row]).breaks(wakeUp)).toBeNull();
    expect(gone().listener(true).lookAndHear(from(0), [row]).breaks(wakeUp)).toBe(tooMany);
  });
  test("expects one for a transaction of several first enqueues, and one for each transaction", () => {
    const second = ok({ ...told, outboxId: "r2", sequenceId: 2 });
    const b = enqueue({ instructionId: "b" });
    const rows = [row, pending("r2", { instructionId: "b" })];
    const both = () => history().begin(0).call(0, enqueue(), first).call(0, b, second).commit(0);
    expect(both().lookAndHear(from(0), rows).breaks(wakeUp)).toBeNull();
    expect(enqueued().call(0, b, second).lookAndHear(from(0, 0), rows).breaks(wakeUp)).toBeNull();
    expect(enqueued().call(0, b, second).lookAndHear(from(0), rows).breaks(wakeUp)).toBe(missing);
  });
});

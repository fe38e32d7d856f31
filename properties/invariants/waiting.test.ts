import { describe, expect, test } from "vitest";
import { claim, complete, enqueue, fail, ok, repair } from "../../model/fixtures.ts";
import type { Fail } from "../../model/response.ts";
import { history } from "../history-builder.ts";
import { invariants } from "./index.ts";
import { noDeadlock } from "./no-deadlock.ts";
import { noWaiting } from "./no-waiting.ts";

describe("INV-15 no waiting", () => {
  test("holds where others wait", () => {
    for (const operation of [enqueue(), complete()]) {
      expect(history().invoke(1, operation).wait(1, "transactionid", 0).breaks(noWaiting)).toBeNull();
    }
    expect(history().begin(1).invoke(1, { kind: "commit" }).wait(1, "object").breaks(noWaiting)).toBeNull();
  });
  test("is broken by a claim or a repair that waits", () => {
    expect(history().invoke(1, claim()).wait(1, "tuple", 0).breaks(noWaiting)).toBe("claim waits for a lock");
    expect(history().invoke(1, repair()).wait(1, "transactionid", 0).breaks(noWaiting)).toBe(
      "repair waits for a lock",
    );
  });
  test("is broken by one that gives up a wait, but not behind a TRUNCATE", () => {
    for (const operation of [claim(), repair()]) {
      const gaveUp = history().fault("lockTimeout", 0).call(0, operation, fail("55P03"));
      expect(gaveUp.breaks(noWaiting)).toBe(`${operation.kind} waits for a lock`);
      const truncate = { kind: "tamper", ledger: "attempts", verb: "truncate" } as const;
      const inLine = history().fault("lockTimeout", 0).invoke(1, truncate);
      expect(inLine.call(0, operation, fail("55P03")).breaks(noWaiting)).toBeNull();
    }
    const enqueued = history().fault("lockTimeout", 0).call(0, enqueue(), fail("55P03"));
    expect(enqueued.breaks(noWaiting)).toBeNull();
  });
});

describe("INV-16 no deadlock", () => {
  const deadlock = (...cycle: readonly number[]): Fail => ({
    kind: "fail",
    sqlstate: "40P01",
    message: "",
    cycle,
  });
  const crossing = () => history().begin(0).call(0, enqueue(), ok());
  test("holds where a member of the cycle has called before, victim or not", () => {
    expect(crossing().invoke(1, enqueue()).call(0, enqueue(), deadlock(0, 1)).breaks(noDeadlock)).toBeNull();
    expect(
      crossing().invoke(1, enqueue()).invoke(0, enqueue()).answer(1, deadlock(1, 0)).breaks(noDeadlock),
    ).toBeNull();
  });
  test("is broken among transactions of one call, explicit or not", () => {
    const rule = "one-call transactions deadlock";
    expect(history().invoke(0, enqueue()).call(1, enqueue(), deadlock(0, 1)).breaks(noDeadlock)).toBe(rule);
    expect(
      history().begin(0).invoke(0, enqueue()).call(1, enqueue(), deadlock(0, 1)).breaks(noDeadlock),
    ).toBe(rule);
    expect(
      crossing().commit(0).invoke(0, enqueue()).call(1, enqueue(), deadlock(0, 1)).breaks(noDeadlock),
    ).toBe(rule);
  });
  test("does not count calls of a session outside the cycle", () => {
    const bystander = crossing().call(0, enqueue(), ok()).invoke(1, enqueue());
    expect(bystander.call(2, enqueue(), deadlock(1, 2)).breaks(noDeadlock)).toBe(
      "one-call transactions deadlock",
    );
  });
  test("is not asked about other failures", () => {
    expect(
      history()
        .call(0, enqueue(), { ...deadlock(0), sqlstate: "40001" })
        .breaks(noDeadlock),
    ).toBeNull();
  });
});

test("every invariant has its own id, and an empty history breaks none", () => {
  expect(new Set(invariants.map(({ id }) => id)).size).toBe(invariants.length);
  expect(invariants.map((invariant) => history().breaks(invariant)).filter((rule) => rule !== null)).toEqual(
    [],
  );
});

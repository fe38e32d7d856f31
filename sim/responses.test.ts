import { describe, expect, test } from "vitest";
import { claim, claimed, complete, enqueue, ok, pending, repair } from "../model/fixtures.ts";
import type { ClaimedRow, Ok } from "../model/response.ts";
import { SqlError } from "./database/connection.ts";
import { Names } from "./names.ts";
import { decodeError, decodeRows, nameIds, namedRows } from "./responses.ts";

const result = (...rows: Record<string, unknown>[]) => ({ command: "SELECT", rowCount: rows.length, rows });

describe("decodeRows", () => {
  test("gives the model's names to the server's columns", () => {
    const copy = {
      outbox_id: "id",
      instruction_id: "a",
      participant_id: "p",
      sequence_id: 1,
      idempotency_key: "1",
      rail_type: "sepa",
    };
    const lease = { attempt_count: 0, lease_token: "t", lease_expires_at: 9 };
    const row = claimed(pending("r1", { outboxId: "id", instructionId: "a", payload: '{"a":1,"b":2}' }), {
      leaseToken: "t",
      leaseExpiresAt: 9,
    });
    expect(decodeRows(claim(), result({ ...copy, ...lease, payload: '{"b": 2, "a": 1}' }))).toEqual(ok(row));
    const told = { outbox_id: "id", sequence_id: 3, created_at: 5, state: "PENDING" };
    expect(decodeRows(enqueue(), result(told)).rows).toEqual([
      { outboxId: "id", sequenceId: 3, createdAt: 5, state: "PENDING" },
    ]);
    expect(decodeRows(complete(), result({ attempt_no: 2, state: "FAILED" })).rows).toEqual([
      { attemptNo: 2, state: "FAILED" },
    ]);
    expect(decodeRows(repair(), result({ outbox_id: "id", attempt_no: 2 }))).toEqual(
      ok({ outboxId: "id", attemptNo: 2 }),
    );
    expect(decodeRows({ kind: "ceiling" }, result({ ceiling: 20 }))).toEqual(ok({ ceiling: 20 }));
  });
  test("puts a claim's rows in the order of participant and number, in whatever order the server returned them", () => {
    const rows = [
      { outbox_id: "id 1", participant_id: "p", sequence_id: 10, lease_token: "t1" },
      { outbox_id: "id 2", participant_id: "p", sequence_id: 2, lease_token: "t2" },
      { outbox_id: "id 3", participant_id: "o", sequence_id: 3, lease_token: "t3" },
    ];
    const order = (answered: typeof rows) =>
      (decodeRows(claim(), result(...answered)).rows as readonly ClaimedRow[]).map(
        ({ leaseToken }) => leaseToken,
      );
    expect([order(rows), order(rows.toReversed())]).toEqual([
      ["t3", "t2", "t1"],
      ["t3", "t2", "t1"],
    ]);
  });
  test("lets columns of an unknown shape through, for the model to refuse", () => {
    expect(decodeRows(claim(), result({ payload: "no JSON" })).rows[0]).toMatchObject({ payload: "no JSON" });
    expect(decodeRows(claim(), result({ payload: null })).rows[0]).toMatchObject({
      payload: null,
      outboxId: undefined,
    });
    expect(decodeRows(repair(), result())).toEqual(ok());
  });
});

describe("decodeError", () => {
  const sessionOf = (pid: number) => ({ 11: 0, 12: 1 })[pid] ?? null;
  const error = (sqlstate: string, detail: string | null) =>
    new SqlError(sqlstate, "message", detail, null, null);
  test("is the SQLSTATE and the message", () => {
    expect(decodeError(error("P7002", null), sessionOf)).toEqual({
      kind: "fail",
      sqlstate: "P7002",
      message: "message",
      cycle: [],
    });
  });
  test("names a deadlock's cycle by sessions, leaving out who is none", () => {
    const detail =
      "Process 12 waits for ShareLock on transaction 7; blocked by process 11.\nProcess 11 waits for ShareLock on transaction 8; blocked by process 99.\nProcess 99 waits for ShareLock on transaction 9; blocked by process 12.";
    expect(decodeError(error("40P01", detail), sessionOf).cycle).toEqual([1, 0]);
    expect(decodeError(error("40001", detail), sessionOf).cycle).toEqual([]);
    expect(decodeError(error("40P01", null), sessionOf).cycle).toEqual([]);
  });
});

describe("naming", () => {
  const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

  test("is by first appearance, rows and leases apart", () => {
    const names = new Names();
    expect([
      names.of("row", "x"),
      names.of("lease", "y"),
      names.of("row", "z"),
      names.of("row", "x"),
    ]).toEqual(["row1", "lease1", "row2", "row1"]);
  });
  test("knows the names that were fixed beforehand, and counts on without them", () => {
    const names = new Names();
    names.set("x", "nobody");
    expect([names.of("row", "x"), names.of("row", "y")]).toEqual(["nobody", "row1"]);
  });
  test("touches ids only, and only texts", () => {
    const names = new Names();
    const operation = complete({ outboxId: uuid(1), leaseToken: null, workerId: uuid(1) });
    expect(nameIds(operation, names)).toEqual({ ...operation, outboxId: "row1" });
    expect(nameIds(enqueue(), names)).toEqual(enqueue());
    expect(operation.outboxId).toBe(uuid(1));
  });
  test("leaves the answer that it is given as it is", () => {
    const answer: Ok = ok(claimed(pending("r2")), claimed(pending("r1")));
    const before = structuredClone(answer);
    namedRows(answer, new Names());
    expect(answer).toEqual(before);
  });
});

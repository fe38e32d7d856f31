import { describe, expect, test } from "vitest";
import { claim, enqueue, fail, ok } from "../model/fixtures.ts";
import { history, type HistoryBuilder } from "./history-builder.ts";
import { undoneCalls } from "./undone-calls.ts";

/** [call, event] of each call that was undone. BEGIN is call 0, events 0 and 1; each later call has two events too. */
const undone = (events: HistoryBuilder) => [...undoneCalls(events.history())];
const open = () => history().begin(0).call(0, enqueue(), ok());

describe("undoneCalls", () => {
  test("are those since the savepoint, and no others", () => {
    const back = open().savepoint(0, "savepoint").call(0, claim(), ok()).savepoint(0, "rollbackTo");
    expect(undone(back.call(0, claim(), ok()))).toEqual([[3, 9]]);
    expect(undone(open().savepoint(0, "savepoint").call(0, claim(), ok()).commit(0))).toEqual([]);
  });
  test("are those of that transaction, not of another session's meanwhile", () => {
    const other = open().savepoint(0, "savepoint").call(1, claim(), ok()).savepoint(0, "rollbackTo");
    expect(undone(other)).toEqual([]);
  });
  test("have one end, however often the transaction goes back", () => {
    const twice = open().savepoint(0, "savepoint").call(0, claim(), ok()).savepoint(0, "rollbackTo");
    expect(undone(twice.call(0, claim(), ok()).savepoint(0, "rollbackTo"))).toEqual([
      [3, 9],
      [5, 13],
    ]);
  });
  test("are those since the latest of the name; its release uncovers the older one", () => {
    const nested = () =>
      history()
        .begin(0)
        .savepoint(0, "savepoint")
        .call(0, enqueue(), ok())
        .savepoint(0, "savepoint")
        .call(0, claim(), ok());
    expect(undone(nested().savepoint(0, "rollbackTo"))).toEqual([[4, 11]]);
    expect(undone(nested().savepoint(0, "release").savepoint(0, "rollbackTo"))).toEqual([
      [2, 13],
      [4, 13],
    ]);
  });
  test("a savepoint that was refused is none", () => {
    const refused = open()
      .savepoint(0, "savepoint")
      .call(0, claim(), fail("22023"))
      .invoke(0, { kind: "savepoint", name: "s1" })
      .answer(0, fail("25P02"));
    expect(undone(refused.savepoint(0, "rollbackTo")).map(([call]) => call)).toEqual([3, 4]);
  });
  test("a savepoint that nobody took is a malformed history", () => {
    expect(() => undone(open().savepoint(0, "rollbackTo"))).toThrow("no savepoint s1");
  });
});

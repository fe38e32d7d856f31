import { expect, test } from "vitest";
import type { Action } from "./history.ts";
import { savepointsAfter, savepointSql } from "./savepoints.ts";

/** "s1 s2 <s1 -s2": takes s1 and s2, goes back to s1, releases s2. */
function after(script: string): readonly string[] {
  return script.split(" ").reduce<readonly string[]>((names, word) => {
    const kind = word.startsWith("<") ? "rollbackTo" : word.startsWith("-") ? "release" : "savepoint";
    const action: Action = { kind, name: word.replace(/^[<-]/, "") };
    return savepointsAfter(names, action);
  }, []);
}

test("savepoints are known as the server knows them", () => {
  expect(after("s1 s2")).toEqual(["s1", "s2"]);
  expect(after("s1 s2 <s1")).toEqual(["s1"]);
  expect(after("s1 s2 <s2")).toEqual(["s1", "s2"]);
  expect(after("s1 s2 -s1")).toEqual([]);
  expect(after("s1 s2 s1 <s1")).toEqual(["s1", "s2", "s1"]);
  expect(after("s1 s2 s1 -s1")).toEqual(["s1", "s2"]);
});

test("none outlives its transaction, and a call changes none", () => {
  for (const kind of ["begin", "commit", "rollback"] as const)
    expect(savepointsAfter(["s1"], { kind })).toEqual([]);
  expect(savepointsAfter(["s1"], { kind: "ceiling" })).toEqual(["s1"]);
});

test("a name is quoted: it may come from a file", () => {
  expect(savepointSql("rollbackTo", "s1; DROP TABLE x")).toBe('ROLLBACK TO SAVEPOINT "s1; DROP TABLE x"');
});

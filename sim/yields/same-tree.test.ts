import { expect, test } from "vitest";
import { type Node, treeFault } from "./same-tree.ts";
import { yieldCondition } from "./yield-point.ts";

const statement = (query: string): Node => ({
  PLpgSQL_stmt_execsql: { lineno: 1, sqlstmt: { PLpgSQL_expr: { query } } },
});
const passing = (point: number): Node => ({
  PLpgSQL_stmt_if: { lineno: 1, cond: { PLpgSQL_expr: { query: yieldCondition(point) } } },
});
const block = (...body: readonly Node[]): Node => ({ PLpgSQL_stmt_block: body.length === 0 ? {} : { body } });

const original = block(statement("A"), block(statement("B")));

test("the same statements with a yield before each, from the first number on", () => {
  const instrumented = block(passing(7), statement("A"), block(passing(8), statement("B")));
  expect(treeFault(original, instrumented, 7, 2)).toBeNull();
});

test("a branch of NULL alone, which the tree leaves empty", () => {
  expect(treeFault(block(), block(passing(1)), 1, 1)).toBeNull();
});

test("a return that nobody wrote needs none", () => {
  const added: Node = { PLpgSQL_stmt_return: { retvarno: 3 } };
  expect(treeFault(block(statement("A"), added), block(passing(1), statement("A"), added), 1, 1)).toBeNull();
});

test.each<[string, Node, string]>([
  ["another text", block(passing(1), statement("A2"), block(passing(2), statement("B"))), "change"],
  ["a yield inside an expression", block(passing(1), statement("A sim.yield(2)")), "change"],
  ["a statement lost", block(passing(1), statement("A"), block(passing(2))), "change"],
  ["none before a statement", block(passing(1), statement("A"), block(statement("B"))), "no yield"],
  ["two before one", block(passing(1), passing(2), statement("A"), block(statement("B"))), "no yield"],
  [
    "one that is lost",
    block(passing(1), statement("A"), block(passing(2), statement("B"))),
    "where statements are",
  ],
  ["in another order", block(passing(2), statement("A"), block(passing(1), statement("B"))), "change"],
])("%s", (_, instrumented, fault) => {
  expect(treeFault(original, instrumented, 1, 3)).toContain(fault);
});

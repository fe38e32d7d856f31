import { isDeepStrictEqual } from "node:util";
import { yieldCondition } from "./yield-point.ts";

/** A node of the tree of parsePlPgSQL: plain JSON. */
export type Node = null | boolean | number | string | readonly Node[] | { readonly [name: string]: Node };

/** Checks an instrumented function's tree against the original's: without the yields it must be equal, line numbers and
 *  texts of all expressions included; there must be the yields from `first` on, `count` of them; and each statement must
 *  have one right before it. Returns what is wrong, or null. */
export function treeFault(original: Node, instrumented: Node, first: number, count: number): string | null {
  const stripped = new Stripped(first);
  const same = isDeepStrictEqual(stripped.node(instrumented), original);
  if (!same) return "the yields would change its parse tree";
  if (stripped.unguarded > 0) return `${stripped.unguarded} statements would have no yield before them`;
  return stripped.next === first + count ? null : "yields would not be where statements are";
}

/** Copies a tree without its yields. */
class Stripped {
  unguarded = 0;

  constructor(
    /** The number of the next yield that is due. */
    public next: number,
  ) {}

  node(node: Node): Node {
    if (isList(node)) return this.list(node);
    if (node === null || typeof node !== "object") return node;
    const stripped = Object.entries(node).map(([name, value]) => [name, this.node(value)] as const);
    // The tree has no statement for NULL and leaves an empty list out.
    return Object.fromEntries(stripped.filter(([name, value]) => !isEmptied(node[name], value)));
  }

  private list(nodes: readonly Node[]): readonly Node[] {
    let guarded = false;
    return nodes.flatMap((node) => {
      if (this.isYield(node)) {
        this.next += 1;
        guarded = true;
        return [];
      }
      if (isStatement(node) && !guarded) this.unguarded += 1;
      guarded = false;
      return [this.node(node)];
    });
  }

  private isYield(node: Node): boolean {
    const statement = inside(node, "PLpgSQL_stmt_if");
    const condition = inside(inside(statement, "cond"), "PLpgSQL_expr");
    return (
      inside(condition, "query") === yieldCondition(this.next) && inside(statement, "then_body") === null
    );
  }
}

/** One that was written: the return at the end that PL/pgSQL adds by itself has no line. */
function isStatement(node: Node): boolean {
  if (node === null || typeof node !== "object" || isList(node)) return false;
  const [entry, ...others] = Object.entries(node);
  return (
    entry !== undefined &&
    others.length === 0 &&
    entry[0].startsWith("PLpgSQL_stmt_") &&
    inside(entry[1], "lineno") !== null
  );
}

function isEmptied(before: Node | undefined, after: Node): boolean {
  return isList(before) && before.length > 0 && isList(after) && after.length === 0;
}

function inside(node: Node, name: string): Node {
  return node === null || typeof node !== "object" || isList(node) ? null : (node[name] ?? null);
}

function isList(node: Node | undefined): node is readonly Node[] {
  return Array.isArray(node);
}

import { parsePlPgSQLSync } from "libpg-query";
import { SqlSyntaxError, tokensOf } from "../database/sql-text.ts";
import { type Node, treeFault } from "./same-tree.ts";
import { NoPlaces, type StatementPlace, statementPlaces } from "./statement-places.ts";
import { type YieldPoint, yieldText } from "./yield-point.ts";

export type Instrumented =
  | {
      /** The definition with a yield before every statement; without them it is the original, byte by byte. */
      readonly text: string;
      readonly points: readonly YieldPoint[];
    }
  /** Why the function stays as it is. */
  | { readonly refused: string };

/** Puts a yield before every statement of a PL/pgSQL function or procedure: in loops, branches, nested blocks and exception
 *  handlers too. `definition` is what pg_get_functiondef() returns; its yields are numbered from `first`.
 *
 *  There is none before a condition of ELSIF or of a loop's further rounds, before an initial value in DECLARE, and inside
 *  what EXECUTE runs. Needs loadParser() before. Never throws. */
export function instrument(definition: string, name: string, first: number): Instrumented {
  try {
    return checked(definition, name, first);
  } catch (error) {
    if (error instanceof NoPlaces || error instanceof SqlSyntaxError) return { refused: error.message };
    throw error;
  }
}

function checked(definition: string, name: string, first: number): Instrumented {
  if (definition.includes("sim.yield")) return { refused: "it speaks of sim.yield itself" };
  const { start, body } = bodyOf(definition);
  const places = statementPlaces(body.toString());
  const points = places.map((place, index) => pointAt(body, place, name, first + index));

  const bytes = Buffer.from(definition);
  const parts: Buffer[] = [];
  let copied = 0;
  for (const [index, place] of places.entries()) {
    parts.push(bytes.subarray(copied, start + place.start), Buffer.from(yieldText(first + index)));
    copied = start + place.start;
  }
  const text = Buffer.concat([...parts, bytes.subarray(copied)]).toString();
  const fault = treeFault(treeOf(definition), treeOf(text), first, points.length);
  return fault === null ? { text, points } : { refused: fault };
}

function pointAt(body: Buffer, { start, end }: StatementPlace, name: string, number: number): YieldPoint {
  const line = body.subarray(0, start).toString().split("\n").length;
  return { number, function: name, line, statement: inOneLine(body.subarray(start, end).toString()) };
}

const shownLength = 72;

function inOneLine(statement: string): string {
  const text = statement.replace(/\s+/g, " ").replace(/;$/, "");
  const characters = Array.from(text);
  return characters.length <= shownLength ? text : `${characters.slice(0, shownLength).join("")}...`;
}

/** The body: the definition's last string, in dollar quotes, and where it begins after them. In bytes. */
function bodyOf(definition: string): { readonly start: number; readonly body: Buffer } {
  const last = tokensOf(definition).at(-1);
  const quote = last?.kind === "SCONST" ? /^\$[^$]*\$/.exec(last.text)?.[0] : undefined;
  if (last === undefined || quote === undefined) throw new NoPlaces("it has no body in dollar quotes");
  const start = last.start + Buffer.byteLength(quote);
  return { start, body: Buffer.from(last.text.slice(quote.length, -quote.length)) };
}

/** The tree of the one function in the text, by the server's own parser of PL/pgSQL. */
function treeOf(definition: string): Node {
  const [tree, ...others] = parse(definition).plpgsql_funcs ?? [];
  if (tree === undefined || others.length > 0) throw new NoPlaces("the parser sees no function in it");
  return tree;
}

function parse(definition: string): { readonly plpgsql_funcs?: readonly Node[] } {
  try {
    return parsePlPgSQLSync(definition) as object;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new NoPlaces(`the parser refuses it: ${error.message}`);
  }
}

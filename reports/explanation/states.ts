import {
  expectedRows,
  nothingObserved,
  type Observation,
  rowName,
  tableNames,
} from "../../model/observation.ts";
import { anyText } from "../../model/state.ts";
import type { World } from "../../model/world.ts";
import { type ModelTrace, worldAfter } from "../../properties/model-trace.ts";
import type { Change, Difference, Line, Model, Row } from "../../schema/json/explanation.ts";
import type { History } from "../../sim/history.ts";
import type { StoryLine } from "./lines.ts";

export type LineState = Pick<Line, "database" | "model" | "differences">;

/** What each line changed in the database and in the model, and where the two differ. */
export function statesOf(
  lines: readonly StoryLine[],
  history: History,
  trace: ModelTrace,
): readonly LineState[] {
  let seen: Observation = nothingObserved;
  let world = trace.initial;
  return lines.map((line) => {
    const looked = lookedAt(line, history);
    const known = isKnown(line, trace);
    const next = known ? worldAfter(trace, line.lastEvent) : world;
    const state: LineState = {
      database: looked && changesBetween(seen, looked),
      model: known ? modelOf(world, next, history) : null,
      differences: known && looked !== null ? differencesBetween(next, looked) : null,
    };
    seen = looked ?? seen;
    world = next;
    return state;
  });
}

function lookedAt({ lookedAt: index }: StoryLine, { events }: History): Observation | null {
  const event = index === null ? undefined : events[index];
  return event?.kind === "observe" ? event.observation : null;
}

function isKnown({ event }: StoryLine, { search, stoppedAt }: ModelTrace): boolean {
  return search.verdict !== "unknown" && (stoppedAt === null || event <= stoppedAt);
}

function modelOf(before: World, after: World, { transactions }: History): Model {
  const held = [...after.open]
    .filter(([, { locks }]) => locks.size > 0)
    .map(([id, { locks }]) => ({ session: transactions[id]?.session ?? 0, resources: [...locks] }));
  return { changes: changesBetween(rowsOf(before), rowsOf(after)), held };
}

/** The committed rows that the model has. */
function rowsOf({ committed }: World): Observation {
  return Object.fromEntries(
    tableNames.map((table) => [table, expectedRows(committed, table)]),
  ) as unknown as Observation;
}

function changesBetween(before: Observation, after: Observation): readonly Change[] {
  return pairsOf(before, after)
    .filter(({ a, b }) => !isSame(a, b))
    .map(({ table, row, a, b }) => ({ table, row, before: a, after: b }));
}

function differencesBetween(model: World, database: Observation): readonly Difference[] {
  return pairsOf(rowsOf(model), database)
    .filter(({ a, b }) => !isSame(a, b))
    .map(({ table, row, a, b }) => ({ table, row, model: a, database: b }));
}

interface Pair extends Pick<Change, "table" | "row"> {
  readonly a: Row | null;
  readonly b: Row | null;
}

/** The rows of both, those of one name side by side. */
function pairsOf(one: Observation, other: Observation): readonly Pair[] {
  return tableNames.flatMap((table) => {
    const byName = (rows: readonly object[]) => new Map(rows.map((row) => [rowName(table, row), row as Row]));
    const [a, b] = [byName(one[table]), byName(other[table])];
    return [...new Set([...a.keys(), ...b.keys()])].map((row) => {
      return { table, row, a: a.get(row) ?? null, b: b.get(row) ?? null };
    });
  });
}

function isSame(a: Row | null, b: Row | null): boolean {
  if (a === null || b === null) return a === b;
  return Object.keys(a).every((column) => {
    return a[column] === anyText || b[column] === anyText || a[column] === b[column];
  });
}

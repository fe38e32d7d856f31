import type { Observation } from "../../model/observation.ts";
import type { Line, Row } from "../../schema/json/explanation.ts";
import type { History } from "../../sim/history.ts";
import type { SessionLock } from "../../sim/lane.ts";
import type { Schedule } from "../../sim/schedule.ts";
import { linesOf } from "../explanation/lines.ts";
import { sessionName } from "../../sim/session-name.ts";
import { shortPairs, withoutNulls } from "../text.ts";
import { printable } from "./printable.ts";

/** A case after the first `at` of its steps. */
interface Place {
  readonly schedule: Schedule;
  /** Of this play, until there. */
  readonly history: History;
  /** The file's. */
  readonly recorded: History;
  readonly at: number;
}

const wholeHistory = -1;

/** What the last step came to, whether that is what the file says, and which step comes next. */
export function stepText({ schedule, history, recorded, at }: Place): string {
  const { steps } = schedule;
  const lines = linesOf(schedule, history, wholeHistory);
  const last = lines.filter(({ step }) => step === at - 1);
  const told = last.flatMap(({ session, action, observed }) => [
    `  ${session === null ? " " : sessionName(session)}  ${printable(action)}`,
    ...observed.map((text) => `     -> ${printable(text)}`),
  ]);
  return [
    at === 0 ? "before the first step" : `after step ${at} of ${steps.length}`,
    ...told,
    ...(isPrefix(history, recorded) ? [] : ["  this is not what the file says"]),
  ].join("\n");
}

function isPrefix({ events }: History, recorded: History): boolean {
  return events.every((event, index) => JSON.stringify(event) === JSON.stringify(recorded.events[index]));
}

/** The committed rows, a line each. */
export function observationText(observation: Observation): string {
  const tables = Object.entries(observation) as [string, readonly object[]][];
  return rowsText(
    tables.flatMap(([table, rows]) => rows.map((row): [string, Row] => [table, row as unknown as Row])),
  );
}

/** The model's committed rows after the first `at` steps, and what each open transaction holds; of the file's explanation. */
export function modelText(lines: readonly Line[], at: number): string {
  const rows = new Map<string, [string, Row]>();
  const until = lines.filter(({ step }) => step !== null && step < at);
  for (const { model } of until) {
    if (model === null) return "no linearization is left";
    for (const { table, row, after } of model.changes) {
      if (after === null) rows.delete(`${table} ${row}`);
      else rows.set(`${table} ${row}`, [table, after]);
    }
  }
  const held = (until.at(-1)?.model?.held ?? []).map(
    ({ session, resources }) => `  ${sessionName(session)} holds ${resources.join(", ")}`,
  );
  return [rowsText([...rows.values()]), ...held].join("\n");
}

function rowsText(rows: readonly (readonly [table: string, row: Row])[]): string {
  if (rows.length === 0) return "  no rows";
  return rows
    .map(([table, row]) => `  ${printable(`${table}: ${shortPairs(withoutNulls(row))}`)}`)
    .join("\n");
}

/** "  B waits for transactionid ShareLock" */
export function locksText(locks: readonly SessionLock[]): string {
  if (locks.length === 0) return "  no locks";
  return locks
    .map(({ session, kind, relation, mode, granted }) => {
      const what = [kind, relation, mode].filter((part) => part !== null).join(" ");
      return `  ${sessionName(session)} ${granted ? "holds" : "waits for"} ${printable(what)}`;
    })
    .join("\n");
}

import type { History } from "../sim/history.ts";

interface Savepoint {
  readonly name: string;
  /** How many calls of its transaction had been answered by then. */
  readonly calls: number;
}

interface Open {
  calls: number[];
  savepoints: readonly Savepoint[];
}

/** The calls whose transaction went back to a savepoint before them: the event at which it did, by call. */
export function undoneCalls(history: History): ReadonlyMap<number, number> {
  const undone = new Map<number, number>();
  const open = new Map<number, Open>();
  for (const [index, event] of history.events.entries()) {
    if (event.kind !== "respond") continue;
    const call = history.calls[event.call];
    if (call === undefined) continue;
    const own = open.get(call.transaction) ?? { calls: [], savepoints: [] };
    open.set(call.transaction, own);
    const { action } = call;
    // What failed has changed nothing.
    if (action.kind === "savepoint" && event.response.kind === "ended") {
      own.savepoints = [...own.savepoints, { name: action.name, calls: own.calls.length }];
    } else if (action.kind === "release" && event.response.kind === "ended") {
      own.savepoints = own.savepoints.slice(0, latest(own, action.name));
    } else if (action.kind === "rollbackTo" && event.response.kind === "ended") {
      const at = latest(own, action.name);
      const kept = own.savepoints[at]?.calls ?? own.calls.length;
      for (const id of own.calls.slice(kept)) undone.set(id, index);
      own.calls = own.calls.slice(0, kept);
      own.savepoints = own.savepoints.slice(0, at + 1);
    } else own.calls.push(event.call);
  }
  return undone;
}

function latest({ savepoints }: Open, name: string): number {
  const at = savepoints.findLastIndex((savepoint) => savepoint.name === name);
  if (at < 0) throw new RangeError(`malformed history: no savepoint ${name}`);
  return at;
}

import type { Interruption } from "../model/transaction-point.ts";
import type { FaultKind } from "../sim/schedule.ts";
import { type History, isOperation } from "../sim/history.ts";

const interruptionBy: Readonly<Record<FaultKind, Interruption | null>> = {
  terminate: "terminated",
  cancel: "cancelled",
  lockTimeout: null,
  loseAcknowledgement: null,
};

/** What the history's faults did to its calls, by call. */
export function interruptionsOf(history: History): ReadonlyMap<number, Interruption> {
  const found = new Map<number, Interruption>();
  const inFlight = new Set<number>();
  /** Sessions whose next call waits for no lock. */
  const impatient = new Set<number>();
  for (const event of history.events) {
    if (event.kind === "respond") inFlight.delete(event.call);
    if (event.kind === "fault") {
      if (event.fault === "lockTimeout") impatient.add(event.session);
      if (event.fault === "terminate") impatient.delete(event.session);
      const interruption = interruptionBy[event.fault];
      if (interruption !== null) for (const call of event.calls) found.set(call, interruption);
    }
    if (event.kind === "crash") {
      impatient.clear();
      for (const call of event.calls) found.set(call, "crashed");
    }
    if (event.kind === "invoke") {
      inFlight.add(event.call);
      const call = history.calls[event.call];
      if (call !== undefined && isOperation(call.action) && impatient.delete(call.session)) {
        const behindTruncate = [...inFlight].some((other) => truncates(history, other));
        found.set(event.call, behindTruncate ? "lock timeout behind a TRUNCATE" : "lock timeout");
      }
    }
  }
  return found;
}

function truncates({ calls }: History, call: number): boolean {
  const action = calls[call]?.action;
  return action?.kind === "tamper" && action.verb === "truncate";
}

/** Did the transaction end with the call, whatever it had been told before? */
export function endsTransaction(interruption: Interruption | null): boolean {
  return interruption === "terminated" || interruption === "crashed";
}

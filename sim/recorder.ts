import type { Micros } from "../model/operation.ts";
import type { Observation } from "../model/observation.ts";
import type { TransactionInfo } from "../model/transaction-point.ts";
import type {
  ClosingOmission,
  CrashEvent,
  Event,
  FaultEvent,
  History,
  RecordedCall,
  SkipReason,
  Standpoint,
  Told,
  Wakeup,
} from "./history.ts";

/** Writes the history down as it happens. */
export class Recorder {
  private readonly transactions: TransactionInfo[] = [];
  private readonly calls: RecordedCall[] = [];
  private readonly events: Event[] = [];
  private yields: Record<string, number> | null = null;

  /** Returns the transaction's id. */
  transaction(info: Omit<TransactionInfo, "id">): number {
    const id = this.transactions.length;
    this.transactions.push({ ...info, id });
    return id;
  }

  /** Returns the call's id. */
  invoke(call: RecordedCall): number {
    const id = this.calls.length;
    this.calls.push(call);
    this.events.push({ kind: "invoke", call: id });
    return id;
  }

  wait(call: number, lock: string, blockedBy: readonly number[]): void {
    this.events.push({ kind: "wait", call, lock, blockedBy });
  }

  park(call: number, { function: name, line, statement }: Standpoint): void {
    this.events.push({ kind: "park", call, at: { function: name, line, statement } });
  }

  resume(call: number, step: number | null): void {
    this.events.push({ kind: "resume", call, step });
  }

  /** Yield points that a session has come to. */
  passed(points: readonly number[]): void {
    const yields = (this.yields ??= {});
    for (const point of points) yields[point] = (yields[point] ?? 0) + 1;
  }

  respond(call: number, response: Told): void {
    this.events.push({ kind: "respond", call, response });
  }

  /** The answer of the last event; null if that is none. */
  lastResponse(): Told | null {
    const last = this.events.at(-1);
    return last?.kind === "respond" ? last.response : null;
  }

  advance(step: number | null, now: Micros): void {
    this.events.push({ kind: "advance", step, now });
  }

  skip(step: number, reason: SkipReason): void {
    this.events.push({ kind: "skip", step, reason });
  }

  fault(fault: Omit<FaultEvent, "kind">): void {
    this.events.push({ kind: "fault", ...fault });
  }

  listener(step: number, listening: boolean): void {
    this.events.push({ kind: "listener", step, listening });
  }

  crash(crash: Omit<CrashEvent, "kind">): void {
    this.events.push({ kind: "crash", ...crash });
  }

  observe(now: Micros, observation: Observation, notifications: readonly Wakeup[]): void {
    this.events.push({ kind: "observe", now, observation, notifications });
  }

  closing(omitted: ClosingOmission | null): void {
    this.events.push({ kind: "closing", omitted });
  }

  history(): History {
    const { transactions, calls, events, yields } = this;
    return { transactions, calls, events, ...(yields === null ? {} : { yields }) };
  }
}

import { now as start, stateOf } from "../model/fixtures.ts";
import { nothingObserved, type Observation } from "../model/observation.ts";
import type { Isolation, Micros, Operation } from "../model/operation.ts";
import type { Response } from "../model/response.ts";
import type { AttemptRow, PendingRow } from "../model/state.ts";
import type { Action, ClosingOmission, History, Info, Told, Wakeup } from "../sim/history.ts";
import { Recorder } from "../sim/recorder.ts";
import type { FaultKind, SavepointVerb } from "../sim/schedule.ts";
import type { Invariant } from "./invariants/invariant.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

/** Histories by hand, for tests: a line for each thing that happens. Time stands still unless it is moved. */
export class HistoryBuilder {
  private readonly recorder = new Recorder();
  /** The open explicit transaction of each session. */
  private readonly open = new Map<number, number>();
  /** The call in flight of each session. */
  private readonly inFlight = new Map<number, number>();
  private now: Micros = start;

  begin(session: number, isolation: Isolation = "READ COMMITTED"): this {
    this.open.set(session, this.transaction(session, isolation));
    return this.invoke(session, { kind: "begin" }).end(session, "BEGIN");
  }

  /** A call, or a COMMIT, whose answer is lost. */
  lost(session: number, action: Action, lost: Info["lost"], isolation?: Isolation): this {
    this.invoke(session, action, isolation).answer(session, { kind: "info", lost });
    if (action.kind === "commit") this.open.delete(session);
    return this;
  }

  /** A call that is answered at once; a transaction of its own where the session has none. */
  call(session: number, operation: Operation, response: Response, isolation?: Isolation): this {
    return this.invoke(session, operation, isolation).answer(session, response);
  }

  invoke(session: number, action: Action, isolation: Isolation = "READ COMMITTED"): this {
    const transaction = this.open.get(session);
    const call = this.recorder.invoke({
      step: null,
      session,
      transaction: transaction ?? this.transaction(session, isolation),
      autocommit: transaction === undefined,
      action,
    });
    this.inFlight.set(session, call);
    return this;
  }

  wait(session: number, lock: string, ...blockedBy: readonly number[]): this {
    this.recorder.wait(this.inFlight.get(session) ?? -1, lock, blockedBy);
    return this;
  }

  park(session: number): this {
    const at = { function: "f", line: 1, statement: "NULL" };
    this.recorder.park(this.inFlight.get(session) ?? -1, at);
    return this;
  }

  resume(session: number): this {
    this.recorder.resume(this.inFlight.get(session) ?? -1, null);
    return this;
  }

  answer(session: number, response: Told): this {
    this.recorder.respond(this.settle(session), response);
    return this;
  }

  /** A fault; what it hits is answered by `answer`. */
  fault(fault: FaultKind, session: number): this {
    const call = this.inFlight.get(session);
    const open = this.open.get(session);
    const ended = fault === "terminate" && call === undefined && open !== undefined ? [open] : [];
    this.recorder.fault({ step: 0, fault, session, calls: call === undefined ? [] : [call], ended });
    if (fault === "terminate") this.open.delete(session);
    return this;
  }

  /** The listener is dropped, or back. */
  listener(listening: boolean): this {
    this.recorder.listener(0, listening);
    return this;
  }

  /** A crash of the server; the calls that it hits are answered by `answer`. */
  crash(): this {
    const calls = [...this.inFlight.values()];
    const ended = [...this.open].filter(([session]) => !this.inFlight.has(session)).map(([, id]) => id);
    this.recorder.crash({ step: 0, calls, ended });
    this.open.clear();
    return this;
  }

  /** COMMIT, with what it answers. */
  commit(session: number, command: "COMMIT" | "ROLLBACK" = "COMMIT"): this {
    this.invoke(session, { kind: "commit" }).end(session, command);
    this.open.delete(session);
    return this;
  }

  rollback(session: number): this {
    this.invoke(session, { kind: "rollback" }).end(session, "ROLLBACK");
    this.open.delete(session);
    return this;
  }

  /** SAVEPOINT, ROLLBACK TO SAVEPOINT or RELEASE SAVEPOINT, which succeeds. */
  savepoint(session: number, kind: SavepointVerb, name = "s1"): this {
    return this.invoke(session, { kind, name }).end(session, kind);
  }

  /** Moves the clock: transactions that begin from here on have this now. */
  advance(micros: Micros): this {
    this.now += micros;
    this.recorder.advance(0, this.now);
    return this;
  }

  /** All is quiet, and these are the committed rows, with the counters that belong to them unless told otherwise. */
  look(
    rows: readonly PendingRow[],
    ledger: readonly AttemptRow[] = [],
    over: Partial<Observation> = {},
  ): this {
    return this.lookAndHear([], rows, ledger, over);
  }

  lookAndHear(
    notifications: readonly Wakeup[],
    rows: readonly PendingRow[],
    ledger: readonly AttemptRow[] = [],
    over: Partial<Observation> = {},
  ): this {
    const counters = [...stateOf(rows, ledger).sequences];
    const sequences = counters.map(([participantId, next]) => ({ participantId, next }));
    const observation = { ...nothingObserved, pending: rows, attempts: ledger, sequences, ...over };
    this.recorder.observe(this.now, observation, notifications);
    return this;
  }

  skip(): this {
    this.recorder.skip(0, "blocked");
    return this;
  }

  /** The steps are over: what follows is the closing phase. */
  closing(omitted: ClosingOmission | null = null): this {
    this.recorder.closing(omitted);
    return this;
  }

  history(): History {
    return this.recorder.history();
  }

  timeline(ceiling: number | null = 20): Timeline {
    return timelineOf(this.history(), ceiling);
  }

  /** The rule of the invariant that the history breaks, or null. */
  breaks(invariant: Invariant, ceiling?: number | null): string | null {
    return invariant.check(this.timeline(ceiling))?.rule ?? null;
  }

  private transaction(session: number, isolation: Isolation): number {
    return this.recorder.transaction({ session, role: "symphony_control", isolation, now: this.now });
  }

  private end(session: number, command: string): this {
    this.recorder.respond(this.settle(session), { kind: "ended", command });
    return this;
  }

  /** The session's call in flight, which is so no longer. */
  private settle(session: number): number {
    const call = this.inFlight.get(session) ?? -1;
    this.inFlight.delete(session);
    return call;
  }
}

export function history(): HistoryBuilder {
  return new HistoryBuilder();
}

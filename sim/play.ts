import { nothingObserved, type Observation } from "../model/observation.ts";
import { type Micros, microsPerSecond } from "../model/operation.ts";
import type { Ok } from "../model/response.ts";
import type { Start } from "./call-sql.ts";
import { lastDeadline, VirtualClock } from "./clock/virtual-clock.ts";
import { Stuck, watched } from "./clock/watchdog.ts";
import { ConnectionLost } from "./database/connection.ts";
import { closingOmission, closingRole, playClosing } from "./closing.ts";
import { type Action, type Ended, type History, isOperation, type SkipReason } from "./history.ts";
import type { Lane } from "./lane.ts";
import { messageOf } from "./message.ts";
import { Names } from "./names.ts";
import { Recorder } from "./recorder.ts";
import { forgedToken, nobodysId, References } from "./references.ts";
import type { InFlight, Player } from "./player.ts";
import { decodeError, decodeLost, decodeRows, nameIds, namedRows } from "./responses.ts";
import { savepointsAfter } from "./savepoints.ts";
import {
  type Call,
  type Fault,
  hasCrashes,
  hasYields,
  isFault,
  isListenerStep,
  type SavepointVerb,
  type Schedule,
  type SessionSpec,
  type Step,
} from "./schedule.ts";
import type { Answer } from "./session.ts";
import type { Wait } from "./waits.ts";

/** Silence of the server for so long that a case is given up, in real milliseconds. */
const watchdogMs = 30_000;

/** Plays a schedule on a lane, one step at a time, and returns what happened. Resets the lane first.
 *  Rejects with Stuck, ConnectionLost or a RangeError of the driver: the case's verdict is then unknown, and the lane is
 *  not to be used again. */
export async function play(lane: Lane, schedule: Schedule): Promise<History> {
  return (await prepared(lane, schedule)).run();
}

/** A case that was stopped before one of its steps. */
export interface Standstill {
  /** What has happened until there. */
  readonly history: History;
  /** What the virtual clock shows. */
  readonly now: Micros;
  /** The committed rows. */
  readonly observation: Observation;
}

/** The same up to a step, by its index: sessions stay in what they are in. */
export async function playBefore(lane: Lane, schedule: Schedule, end: number): Promise<Standstill> {
  return (await prepared(lane, schedule)).stopBefore(end);
}

async function prepared(lane: Lane, schedule: Schedule): Promise<Performance> {
  if (hasYields(schedule) && lane.gates === null) throw new RangeError("the lane has no yield points");
  if (hasCrashes(schedule) && !lane.canCrash) throw new RangeError("the lane's server is not its own");
  await lane.prepare(schedule);
  return new Performance(lane, schedule);
}

class Performance {
  private readonly clock: VirtualClock;
  private readonly recorder = new Recorder();
  private readonly names = new Names();
  private readonly references = new References();
  private readonly players: readonly Player[];
  /** Players whose call waits for a lock, longest first. */
  private waiting: Player[] = [];
  private observed: Observation = nothingObserved;
  /** A transaction has ended since the last observation; and one of them by a commit. */
  private ended = false;
  private committed = false;

  constructor(
    private readonly lane: Lane,
    private readonly schedule: Schedule,
  ) {
    this.clock = new VirtualClock(schedule.setup.stillClock !== true);
    this.names.set(nobodysId, "nobody");
    this.names.set(forgedToken, "forged");
    this.players = schedule.sessions.map((_, index) => {
      const session = lane.sessions[index];
      if (session === undefined) throw new RangeError(`the lane has no session ${index}`);
      return { index, session, transaction: null, savepoints: [], call: null, impatient: false, deaf: false };
    });
  }

  async run(): Promise<History> {
    await this.runBefore(this.schedule.steps.length);
    await this.finish();
    await this.close();
    return this.recorder.history();
  }

  async stopBefore(end: number): Promise<Standstill> {
    await this.runBefore(end);
    const { observation } = await this.lane.look(this.names);
    return { history: this.recorder.history(), now: this.clock.now, observation };
  }

  private async runBefore(end: number): Promise<void> {
    for (const [index, step] of this.schedule.steps.slice(0, end).entries()) await this.step(index, step);
  }

  private async step(index: number, step: Step): Promise<void> {
    if (step.kind === "advance" || step.kind === "advanceTo") {
      await this.advance(index, step);
      return;
    }
    if (isListenerStep(step)) {
      await this.turnListener(index, step.kind === "restoreListener");
      return;
    }
    if (step.kind === "crash") {
      await this.crash(index);
      return;
    }
    const player = this.players[step.session];
    if (player === undefined) return;
    if (isFault(step)) {
      await this.fault(player, index, step);
      return;
    }
    if (step.kind === "resume") {
      if (player.call?.parked === true) await this.resume(player, index, step.parkAt);
      else this.recorder.skip(index, "not parked");
      return;
    }
    if (player.call !== null) {
      this.recorder.skip(index, busyWith(player.call));
      return;
    }
    const reason = reasonToSkip(player, step);
    if (reason === null) await this.perform(player, index, step);
    else this.recorder.skip(index, reason);
  }

  private async advance(
    index: number,
    step: Extract<Step, { kind: "advance" | "advanceTo" }>,
  ): Promise<void> {
    const target =
      step.kind === "advance"
        ? this.clock.now + step.seconds * microsPerSecond
        : this.references.deadline(step.row, step.deadline, this.observed);
    if (target === null) {
      this.recorder.skip(index, "no such deadline");
      return;
    }
    const offset = step.kind === "advanceTo" ? step.offsetMicros : 0;
    if (this.clock.jumpTo(target + offset)) {
      await this.lane.setClock(this.clock.now);
      this.recorder.advance(index, this.clock.now);
    } else this.recorder.skip(index, step.kind === "advance" ? "end of time" : "no such deadline");
  }

  /** No session runs meanwhile: what commits does so before or after. */
  private async turnListener(index: number, listening: boolean): Promise<void> {
    if (this.lane.listens === listening) {
      this.recorder.skip(index, listening ? "listening" : "not listening");
      return;
    }
    await (listening ? this.lane.listen() : this.lane.dropListener());
    this.recorder.listener(index, listening);
  }

  /** Does a step, waits until its session has settled, then lets those run whom it woke. */
  private async perform(player: Player, step: number | null, sent: SentStep): Promise<void> {
    // What gives up its waits would not park: a gate is a lock.
    if (sent.kind === "call" && sent.parkAt !== undefined && !player.impatient)
      await this.closeGate(player, sent.parkAt);
    this.start(player, step, sent);
    await this.settle(player);
    await this.goOn();
  }

  /** Before a call is sent: it parks at that yield point of it, if it is played with any. */
  private async closeGate({ index, session }: Player, ahead: number): Promise<void> {
    const gates = hasYields(this.schedule) ? this.lane.gates : null;
    if (gates !== null) session.parkAt = await gates.close(index, ahead);
  }

  /** The session does not park (any more). */
  private async openGate({ index, session }: Player): Promise<void> {
    const arrival = session.parkAt;
    session.parkAt = null;
    if (arrival !== null) await this.lane.gates?.open(index, arrival);
  }

  /** Lets a parked session go on, to its so-manieth yield point from there, or through. */
  private async resume(player: Player, step: number | null, ahead?: number): Promise<void> {
    const { call, session, index } = player;
    if (call === null || session.parkAt === null) return;
    this.recorder.resume(call.id, step);
    call.parked = false;
    if (ahead === undefined) {
      await this.openGate(player);
    } else {
      const parkedAt = session.parkAt;
      // It runs before the answer is here: it must know by then.
      session.parkAt = parkedAt + ahead;
      await this.lane.gates?.passOn(index, parkedAt, ahead);
    }
    await this.settle(player);
    await this.goOn();
  }

  /** Does a parked call hold a table's lock? A TRUNCATE does in its trigger, and a look at the table would wait for it. */
  private locksATable(): boolean {
    return this.players.some(({ call }) => call?.parked === true && call.action.kind === "tamper");
  }

  /** Lets those run whom the last step woke. */
  private async goOn(): Promise<void> {
    await this.wakeOthers();
    if (this.committed && this.waiting.length === 0 && !this.locksATable()) await this.observe();
  }

  /** Does a fault, then lets those run whom it woke. */
  private async fault(player: Player, index: number, { kind }: Fault): Promise<void> {
    switch (kind) {
      case "terminate":
        await this.terminate(player, index);
        break;
      case "cancel":
        if (player.call === null) this.recorder.skip(index, "not blocked");
        else await this.cancel(player, player.call, index);
        break;
      case "lockTimeout":
      case "loseAcknowledgement":
        if (player.call !== null) {
          this.recorder.skip(index, busyWith(player.call));
        } else {
          if (kind === "lockTimeout") player.impatient = true;
          else player.deaf = true;
          this.recordFault(player, index, kind);
        }
        break;
    }
    await this.goOn();
  }

  /** A call in flight is blocked or parked, so it has not committed, and its transaction is rolled back. */
  private async terminate(player: Player, index: number): Promise<void> {
    const { call, session } = player;
    this.recordFault(player, index, "terminate", call === null ? player.transaction : null);
    this.waiting = this.waiting.filter((other) => other !== player);
    const lost = await watched(this.lane.terminate(session), watchdogMs, `session ${player.index}`);
    await this.lost(player, lost);
  }

  /** A player's backend is gone, and with it what it was in; there is a new one. */
  private async lost(player: Player, lost: ConnectionLost): Promise<void> {
    if (player.call !== null) await this.answered(player, { lost });
    this.ended ||= player.transaction !== null;
    player.transaction = null;
    player.savepoints = [];
    player.impatient = false;
    player.deaf = false;
  }

  /** All calls in flight are blocked or parked, as for terminate. What was committed is looked at before and after it. */
  private async crash(index: number): Promise<void> {
    if (this.committed && this.truncates()) {
      this.recorder.skip(index, "a table is locked");
      return;
    }
    if (this.committed) await this.observe();
    const { players } = this;
    this.recorder.crash({
      step: index,
      calls: players.flatMap(({ call }) => (call === null ? [] : [call.id])),
      ended: players.flatMap(({ call, transaction }) =>
        call === null && transaction !== null ? [transaction] : [],
      ),
    });
    this.waiting = [];
    await watched(this.lane.crash(), watchdogMs, "the server after its crash");
    for (const player of players) await this.lost(player, serverCrashed);
    await this.observe();
  }

  /** Is a TRUNCATE in flight? A look at the table would wait behind it. */
  private truncates(): boolean {
    return this.players.some(({ call }) => call?.action.kind === "tamper" && call.action.verb === "truncate");
  }

  private async cancel(player: Player, call: InFlight, index: number): Promise<void> {
    this.recordFault(player, index, "cancel");
    this.waiting = this.waiting.filter((other) => other !== player);
    call.patient = false;
    await this.lane.cancel(player.session);
    await this.settle(player);
  }

  private recordFault(
    { index: session, call }: Player,
    step: number,
    fault: Fault["kind"],
    ended: number | null = null,
  ): void {
    const calls = call === null ? [] : [call.id];
    this.recorder.fault({ step, fault, session, calls, ended: ended === null ? [] : [ended] });
  }

  /** Sends a step's SQL. */
  private start(player: Player, step: number | null, sent: SentStep): void {
    switch (sent.kind) {
      case "begin": {
        const { role } = this.spec(player);
        const start = this.startTransaction(player, { role, isolation: sent.isolation });
        this.send(player, step, { kind: "begin" }, null, start);
        break;
      }
      case "call":
        this.sendCall(player, step, sent.call, this.spec(player));
        break;
      case "commit":
        this.send(player, step, { kind: "commit" }, null);
        break;
      case "rollback":
        this.send(player, step, { kind: "rollback" }, null);
        break;
      default: {
        const { kind, name } = sent;
        this.send(player, step, { kind, name }, null);
      }
    }
  }

  private sendCall(player: Player, step: number | null, symbolic: Call, spec: SessionSpec): void {
    const operation = this.references.resolve(symbolic);
    const start = player.transaction === null ? this.startTransaction(player, spec) : null;
    this.send(player, step, operation, symbolic, start);
  }

  /** At the clock's next tick. */
  private startTransaction(
    player: Player,
    { role, isolation }: Pick<SessionSpec, "role" | "isolation">,
  ): Start {
    const start = { role, isolation, now: this.clock.startTransaction() };
    player.transaction = this.recorder.transaction({ session: player.index, ...start });
    return { ...start, settings: this.schedule.setup.settings ?? {} };
  }

  /** `start`: of the transaction that the action begins. */
  private send(
    player: Player,
    step: number | null,
    action: Action,
    symbolic: Call | null,
    start: Start | null = null,
  ): void {
    const autocommit = start !== null && action.kind !== "begin";
    const transaction = player.transaction ?? 0;
    const named = nameIds(action, this.names);
    const id = this.recorder.invoke({ step, session: player.index, transaction, autocommit, action: named });
    const patient = !player.impatient || !isOperation(action);
    const unheard = player.deaf && (autocommit || action.kind === "commit");
    const how = { answerAt: patient ? -1 : -2, patient, unheard };
    player.call = { id, action, symbolic, transaction, autocommit, ...how, wait: null, parked: false };
    if (!patient) player.impatient = false;
    if (unheard) player.deaf = false;
    const prepared = this.spec(player).prepared === true;
    player.session.start(messageOf(action, { start, prepared, impatient: !patient }).text);
  }

  /** Until the session has its answer, or is blocked by another session of the lane: the server tells, nothing is timed. */
  private async settle(player: Player): Promise<void> {
    for (;;) {
      const signal = await watched(player.session.next(), watchdogMs, `session ${player.index}`);
      if (signal !== "may wait") {
        const unheard = player.call?.unheard === true;
        if ("parkedAt" in signal) this.arrived(player, signal.parkedAt);
        else {
          await this.answered(player, signal);
          if (unheard) await this.lane.reconnect(player.session);
        }
        return;
      }
      // What gives up its wait is about to answer.
      if (player.call?.patient === false) continue;
      const [wait] = await this.lane.waits([player.session.pid]);
      if (wait !== undefined && player.call !== null) {
        player.session.hold();
        player.call.wait = wait;
        this.waiting.push(player);
        this.recorder.wait(player.call.id, wait.lock, this.sessionsOf(wait.blockedBy));
        return;
      }
    }
  }

  /** Held backends are let go one by one, the longest waiter first, each settled before the next: so the winner among
   *  several that one step woke is always the same. */
  private async wakeOthers(): Promise<void> {
    while (this.waiting.length > 0) {
      const waits = await this.lane.waits(this.waiting.map((player) => player.session.pid));
      const woken = this.waiting.find((player) => !waits.some((wait) => isSameWait(wait, player.call?.wait)));
      if (woken === undefined) return;
      this.waiting = this.waiting.filter((player) => player !== woken);
      woken.session.release();
      await this.settle(woken);
    }
  }

  private arrived({ call }: Player, point: number): void {
    const { gates } = this.lane;
    if (call === null || gates === null) return;
    call.parked = true;
    this.recorder.park(call.id, gates.point(point));
  }

  private async answered(player: Player, answer: Answer): Promise<void> {
    const call = player.call;
    if (call === null) return;
    player.call = null;
    await this.openGate(player);
    if (this.lane.gates !== null) this.recorder.passed(player.session.takePassed());
    const response = this.response(call, answer);
    this.recorder.respond(
      call.id,
      call.unheard && !("lost" in answer) ? { kind: "info", lost: response } : response,
    );
    if (response.kind === "ended") player.savepoints = savepointsAfter(player.savepoints, call.action);
    if (call.autocommit || call.action.kind === "commit" || call.action.kind === "rollback") {
      player.transaction = null;
      this.ended = true;
      this.committed ||=
        response.kind === "ok" || (response.kind === "ended" && response.command === "COMMIT");
    }
  }

  private response(call: InFlight, answer: Answer) {
    if ("lost" in answer) return decodeLost(answer.lost);
    if ("error" in answer) return decodeError(answer.error, (pid) => this.lane.sessionOf(pid));
    const [first] = answer.results;
    const last = answer.results.at(call.answerAt);
    if (first === undefined || last === undefined) throw new Stuck("the server answered nothing");
    // BEGIN is followed by the transaction's settings.
    if (!isOperation(call.action)) return { kind: "ended", command: first.command } satisfies Ended;
    const ok = decodeRows(call.action, last);
    if (!call.unheard) this.note(call.symbolic, ok);
    return namedRows(ok, this.names);
  }

  private note(symbolic: Call | null, ok: Ok): void {
    if (symbolic?.op === "enqueue") {
      for (const row of ok.rows) this.references.noteEnqueued(symbolic, row as never);
    } else if (symbolic?.op === "claim") {
      this.references.noteClaimed(symbolic.worker ?? "", ok.rows as never);
    }
  }

  /** The committed rows, for comparison, at a point without a call in flight. It is worth a round trip after a commit; what
   *  failed or was rolled back shows at the next look, at the latest at the end. */
  private async observe(): Promise<void> {
    this.ended = false;
    this.committed = false;
    const { observation, notifications } = await this.lane.look(this.names);
    this.observed = observation;
    const wakeups = notifications.map(({ pid, payload }) => ({
      session: this.lane.sessionOf(pid),
      payload: this.names.inText(payload),
    }));
    this.recorder.observe(this.clock.now, observation, wakeups);
  }

  /** What still runs is run to its end, in session order: parked calls go on, then open transactions commit, which wakes
   *  those that wait for them. */
  private async finish(): Promise<void> {
    for (;;) {
      const parked = this.players.find((player) => player.call?.parked === true);
      if (parked !== undefined) {
        await this.resume(parked, null);
        continue;
      }
      const open = this.players.find((player) => player.transaction !== null && player.call === null);
      if (open === undefined) break;
      await this.perform(open, null, { kind: "commit" });
    }
    if (this.waiting.length > 0) throw new Stuck("sessions wait for a lock that nobody of the case holds");
    if (this.ended) await this.observe();
  }

  /** The closing phase, in which nothing is open and nobody waits; its calls are the first session's. */
  private async close(): Promise<void> {
    const [player] = this.players;
    if (player === undefined) return;
    const omitted = closingOmission(this.schedule.setup);
    player.impatient = false;
    player.deaf = false;
    this.recorder.closing(omitted);
    if (omitted !== null) return;
    await playClosing({
      pending: () => this.observed.pending,
      advanceTo: async (deadline) => {
        if (!this.clock.jumpTo(deadline, lastDeadline)) return;
        await this.lane.setClock(this.clock.now);
        this.recorder.advance(null, this.clock.now);
      },
      call: async (call) => {
        this.sendCall(player, null, call, closingRole);
        await this.settle(player);
        const response = this.recorder.lastResponse();
        if (response === null) throw new Stuck("the closing phase waits, and nobody is left to wait for");
        return response;
      },
      look: () => this.observe(),
    });
  }

  private spec(player: Player): SessionSpec {
    const spec = this.schedule.sessions[player.index];
    if (spec === undefined) throw new RangeError(`no session ${player.index}`);
    return spec;
  }

  private sessionsOf(pids: readonly number[]): readonly number[] {
    return pids.map((pid) => this.lane.sessionOf(pid)).filter((session) => session !== null);
  }
}

/** What its last words are, and whether they still arrive, is chance. */
const serverCrashed = new ConnectionLost("the server crashed", null);

type SentStep =
  | Pick<Extract<Step, { kind: "begin" }>, "kind" | "isolation">
  | Pick<Extract<Step, { kind: "call" }>, "kind" | "call" | "parkAt">
  | { readonly kind: "commit" | "rollback" }
  | { readonly kind: SavepointVerb; readonly name: string };

/** Why the session can't take the step, as far as its transaction is concerned; null if it can. */
function reasonToSkip({ transaction, savepoints }: Player, step: SentStep): SkipReason | null {
  if (step.kind === "call") return null;
  if (step.kind === "begin") return transaction === null ? null : "in a transaction";
  if (transaction === null) return "no transaction";
  const needsSavepoint = step.kind === "rollbackTo" || step.kind === "release";
  return needsSavepoint && !savepoints.includes(step.name) ? "no such savepoint" : null;
}

function busyWith({ parked }: InFlight): SkipReason {
  return parked ? "parked" : "blocked";
}

function isSameWait(now: Wait, before: Wait | null | undefined): boolean {
  return before != null && now.pid === before.pid && now.since === before.since && now.since !== null;
}

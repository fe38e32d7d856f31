import type { Ok } from "../../model/response.ts";
import { Stuck, watched } from "../clock/watchdog.ts";
import { type Ended, isOperation } from "../history.ts";
import type { InFlight, Player } from "../player.ts";
import { decodeError, decodeLost, decodeRows, namedRows } from "../responses.ts";
import { savepointsAfter } from "../savepoints.ts";
import type { Call } from "../schedule.ts";
import type { Answer } from "../session.ts";
import type { Wait } from "../waits.ts";
import type { Context } from "./context.ts";
import type { Observer } from "./observer.ts";

/** Silence of the server for so long that a case is given up, in real milliseconds. */
export const watchdogMs = 30_000;

/** Waits until sessions have settled, and takes down what they were answered. */
export class Settler {
  /** Players whose call waits for a lock, longest first. */
  waiting: readonly Player[] = [];

  constructor(
    private readonly context: Context,
    private readonly observer: Observer,
  ) {}

  /** Until the session has its answer, or is blocked by another session of the lane: the server tells, nothing is timed. */
  async settle(player: Player): Promise<void> {
    const { lane, recorder } = this.context;
    for (;;) {
      const signal = await watched(player.session.next(), watchdogMs, `session ${player.index}`);
      if (signal !== "may wait") {
        const unheard = player.call?.unheard === true;
        if ("parkedAt" in signal) this.arrived(player, signal.parkedAt);
        else {
          await this.answered(player, signal);
          if (unheard) await lane.reconnect(player.session);
        }
        return;
      }
      // What gives up its wait is about to answer.
      if (player.call?.patient === false) continue;
      const [wait] = await lane.waits([player.session.pid]);
      if (wait !== undefined && player.call !== null) {
        player.session.hold();
        player.call.wait = wait;
        this.waiting = [...this.waiting, player];
        recorder.wait(player.call.id, wait.lock, this.sessionsOf(wait.blockedBy));
        return;
      }
    }
  }

  /** Held backends are let go one by one, the longest waiter first, each settled before the next: so the winner among
   *  several that one step woke is always the same. */
  async wakeOthers(): Promise<void> {
    while (this.waiting.length > 0) {
      const waits = await this.context.lane.waits(this.waiting.map((player) => player.session.pid));
      const woken = this.waiting.find((player) => !waits.some((wait) => isSameWait(wait, player.call?.wait)));
      if (woken === undefined) return;
      this.forget(woken);
      woken.session.release();
      await this.settle(woken);
    }
  }

  /** It waits no more. */
  forget(player: Player): void {
    this.waiting = this.waiting.filter((other) => other !== player);
  }

  async answered(player: Player, answer: Answer): Promise<void> {
    const { lane, recorder } = this.context;
    const call = player.call;
    if (call === null) return;
    player.call = null;
    await this.openGate(player);
    if (lane.gates !== null) recorder.passed(player.session.takePassed());
    const response = this.response(call, answer);
    recorder.respond(
      call.id,
      call.unheard && !("lost" in answer) ? { kind: "info", lost: response } : response,
    );
    if (response.kind === "ended") player.savepoints = savepointsAfter(player.savepoints, call.action);
    if (call.autocommit || call.action.kind === "commit" || call.action.kind === "rollback") {
      player.transaction = null;
      this.observer.hasEnded = true;
      this.observer.hasCommitted ||=
        response.kind === "ok" || (response.kind === "ended" && response.command === "COMMIT");
    }
  }

  /** The session does not park (any more). */
  async openGate({ index, session }: Player): Promise<void> {
    const arrival = session.parkAt;
    session.parkAt = null;
    if (arrival !== null) await this.context.lane.gates?.open(index, arrival);
  }

  private arrived({ call }: Player, point: number): void {
    const { lane, recorder } = this.context;
    if (call === null || lane.gates === null) return;
    call.parked = true;
    recorder.park(call.id, lane.gates.point(point));
  }

  private response(call: InFlight, answer: Answer) {
    const { lane, names } = this.context;
    if ("lost" in answer) return decodeLost(answer.lost);
    if ("error" in answer) return decodeError(answer.error, (pid) => lane.sessionOf(pid));
    const [first] = answer.results;
    const last = answer.results.at(call.answerAt);
    if (first === undefined || last === undefined) throw new Stuck("the server answered nothing");
    // BEGIN is followed by the transaction's settings.
    if (!isOperation(call.action)) return { kind: "ended", command: first.command } satisfies Ended;
    const ok = decodeRows(call.action, last);
    if (!call.unheard) this.note(call.symbolic, ok);
    return namedRows(ok, names);
  }

  private note(symbolic: Call | null, ok: Ok): void {
    const { references } = this.context;
    if (symbolic?.op === "enqueue") {
      for (const row of ok.rows) references.noteEnqueued(symbolic, row as never);
    } else if (symbolic?.op === "claim") {
      references.noteClaimed(symbolic.worker ?? "", ok.rows as never);
    }
  }

  private sessionsOf(pids: readonly number[]): readonly number[] {
    return pids.map((pid) => this.context.lane.sessionOf(pid)).filter((session) => session !== null);
  }
}

function isSameWait(now: Wait, before: Wait | null | undefined): boolean {
  return before != null && now.pid === before.pid && now.since === before.since && now.since !== null;
}

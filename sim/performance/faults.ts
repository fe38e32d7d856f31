import { watched } from "../clock/watchdog.ts";
import { ConnectionLost } from "../database/connection.ts";
import type { InFlight, Player } from "../player.ts";
import type { Fault } from "../schedule.ts";
import type { Context } from "./context.ts";
import type { Observer } from "./observer.ts";
import { busyWith } from "./sent-step.ts";
import { type Settler, watchdogMs } from "./settler.ts";

/** Does to sessions, and to the server, what comes from outside. */
export class Faults {
  constructor(
    private readonly context: Context,
    private readonly observer: Observer,
    private readonly settler: Settler,
  ) {}

  async fault(player: Player, index: number, { kind }: Fault): Promise<void> {
    switch (kind) {
      case "terminate":
        await this.terminate(player, index);
        break;
      case "cancel":
        if (player.call === null) this.context.recorder.skip(index, "not blocked");
        else await this.cancel(player, player.call, index);
        break;
      case "lockTimeout":
      case "loseAcknowledgement":
        if (player.call !== null) {
          this.context.recorder.skip(index, busyWith(player.call));
        } else {
          if (kind === "lockTimeout") player.impatient = true;
          else player.deaf = true;
          this.record(player, index, kind);
        }
        break;
    }
  }

  /** All calls in flight are blocked or parked, as for terminate. What was committed is looked at before and after it. */
  async crash(index: number): Promise<void> {
    const { players, recorder, lane } = this.context;
    if (this.observer.hasCommitted && this.truncates()) {
      recorder.skip(index, "a table is locked");
      return;
    }
    if (this.observer.hasCommitted) await this.observer.look();
    recorder.crash({
      step: index,
      calls: players.flatMap(({ call }) => (call === null ? [] : [call.id])),
      ended: players.flatMap(({ call, transaction }) =>
        call === null && transaction !== null ? [transaction] : [],
      ),
    });
    this.settler.waiting = [];
    await watched(lane.crash(), watchdogMs, "the server after its crash");
    for (const player of players) await this.lost(player, serverCrashed);
    await this.observer.look();
  }

  /** A call in flight is blocked or parked, so it has not committed, and its transaction is rolled back. */
  private async terminate(player: Player, index: number): Promise<void> {
    const { call, session } = player;
    this.record(player, index, "terminate", call === null ? player.transaction : null);
    this.settler.forget(player);
    const lost = await watched(this.context.lane.terminate(session), watchdogMs, `session ${player.index}`);
    await this.lost(player, lost);
  }

  /** A player's backend is gone, and with it what it was in; there is a new one. */
  private async lost(player: Player, lost: ConnectionLost): Promise<void> {
    if (player.call !== null) await this.settler.answered(player, { lost });
    this.observer.hasEnded ||= player.transaction !== null;
    player.transaction = null;
    player.savepoints = [];
    player.impatient = false;
    player.deaf = false;
  }

  /** Is a TRUNCATE in flight? A look at the table would wait behind it. */
  private truncates(): boolean {
    return this.context.players.some(
      ({ call }) => call?.action.kind === "tamper" && call.action.verb === "truncate",
    );
  }

  private async cancel(player: Player, call: InFlight, index: number): Promise<void> {
    this.record(player, index, "cancel");
    this.settler.forget(player);
    call.patient = false;
    await this.context.lane.cancel(player.session);
    await this.settler.settle(player);
  }

  private record(
    { index: session, call }: Player,
    step: number,
    fault: Fault["kind"],
    ended: number | null = null,
  ): void {
    const calls = call === null ? [] : [call.id];
    this.context.recorder.fault({ step, fault, session, calls, ended: ended === null ? [] : [ended] });
  }
}

/** What its last words are, and whether they still arrive, is chance. */
const serverCrashed = new ConnectionLost("the server crashed", null);

import { microsPerSecond } from "../../model/operation.ts";
import { closingOmission, closingRole, playClosing } from "../closing.ts";
import { lastDeadline } from "../clock/virtual-clock.ts";
import { Stuck } from "../clock/watchdog.ts";
import type { Player } from "../player.ts";
import { hasYields, isFault, isListenerStep, type Step } from "../schedule.ts";
import type { Context } from "./context.ts";
import { Faults } from "./faults.ts";
import { Observer } from "./observer.ts";
import { Sender } from "./sender.ts";
import { busyWith, reasonToSkip, type SentStep } from "./sent-step.ts";
import { Settler } from "./settler.ts";

/** Plays the steps of a case, one at a time: each is over when all whom it concerned have settled. */
export class Performance {
  private readonly observer: Observer;
  private readonly sender: Sender;
  private readonly settler: Settler;
  private readonly faults: Faults;

  constructor(private readonly context: Context) {
    this.observer = new Observer(context);
    this.sender = new Sender(context);
    this.settler = new Settler(context, this.observer);
    this.faults = new Faults(context, this.observer, this.settler);
  }

  async step(index: number, step: Step): Promise<void> {
    const { players, recorder } = this.context;
    if (step.kind === "advance" || step.kind === "advanceTo") {
      await this.advance(index, step);
      return;
    }
    if (isListenerStep(step)) {
      await this.turnListener(index, step.kind === "restoreListener");
      return;
    }
    if (step.kind === "crash") {
      await this.faults.crash(index);
      return;
    }
    const player = players[step.session];
    if (player === undefined) return;
    if (isFault(step)) {
      await this.faults.fault(player, index, step);
      await this.goOn();
      return;
    }
    if (step.kind === "resume") {
      if (player.call?.parked === true) await this.resume(player, index, step.parkAt);
      else recorder.skip(index, "not parked");
      return;
    }
    if (player.call !== null) {
      recorder.skip(index, busyWith(player.call));
      return;
    }
    const reason = reasonToSkip(player, step);
    if (reason === null) await this.perform(player, index, step);
    else recorder.skip(index, reason);
  }

  /** What still runs is run to its end, in session order: parked calls go on, then open transactions commit, which wakes
   *  those that wait for them. */
  async finish(): Promise<void> {
    const { players } = this.context;
    for (;;) {
      const parked = players.find((player) => player.call?.parked === true);
      if (parked !== undefined) {
        await this.resume(parked, null);
        continue;
      }
      const open = players.find((player) => player.transaction !== null && player.call === null);
      if (open === undefined) break;
      await this.perform(open, null, { kind: "commit" });
    }
    if (this.settler.waiting.length > 0)
      throw new Stuck("sessions wait for a lock that nobody of the case holds");
    if (this.observer.hasEnded) await this.observer.look();
  }

  /** The closing phase, in which nothing is open and nobody waits; its calls are the first session's. */
  async close(): Promise<void> {
    const { players, recorder, schedule, clock } = this.context;
    const [player] = players;
    if (player === undefined) return;
    const omitted = closingOmission(schedule.setup);
    player.impatient = false;
    player.deaf = false;
    recorder.closing(omitted);
    if (omitted !== null) return;
    await playClosing({
      pending: () => this.observer.observed.pending,
      advanceTo: async (deadline) => {
        if (clock.jumpTo(deadline, lastDeadline)) await this.showTime(null);
      },
      call: async (call) => {
        this.sender.call(player, null, call, closingRole);
        await this.settler.settle(player);
        const response = recorder.lastResponse();
        if (response === null) throw new Stuck("the closing phase waits, and nobody is left to wait for");
        return response;
      },
      look: () => this.observer.look(),
    });
  }

  private async advance(
    index: number,
    step: Extract<Step, { kind: "advance" | "advanceTo" }>,
  ): Promise<void> {
    const { clock, recorder, references } = this.context;
    const target =
      step.kind === "advance"
        ? clock.now + step.seconds * microsPerSecond
        : references.deadline(step.row, step.deadline, this.observer.observed);
    if (target === null) {
      recorder.skip(index, "no such deadline");
      return;
    }
    const offset = step.kind === "advanceTo" ? step.offsetMicros : 0;
    if (clock.jumpTo(target + offset)) await this.showTime(index);
    else recorder.skip(index, step.kind === "advance" ? "end of time" : "no such deadline");
  }

  private async showTime(step: number | null): Promise<void> {
    const { clock, lane, recorder } = this.context;
    await lane.setClock(clock.now);
    recorder.advance(step, clock.now);
  }

  /** No session runs meanwhile: what commits does so before or after. */
  private async turnListener(index: number, listening: boolean): Promise<void> {
    const { lane, recorder } = this.context;
    if (lane.listens === listening) {
      recorder.skip(index, listening ? "listening" : "not listening");
      return;
    }
    await (listening ? lane.listen() : lane.dropListener());
    recorder.listener(index, listening);
  }

  /** Does a step, waits until its session has settled, then lets those run whom it woke. */
  private async perform(player: Player, step: number | null, sent: SentStep): Promise<void> {
    // What gives up its waits would not park: a gate is a lock.
    if (sent.kind === "call" && sent.parkAt !== undefined && !player.impatient)
      await this.closeGate(player, sent.parkAt);
    this.sender.step(player, step, sent);
    await this.settler.settle(player);
    await this.goOn();
  }

  /** Before a call is sent: it parks at that yield point of it, if it is played with any. */
  private async closeGate({ index, session }: Player, ahead: number): Promise<void> {
    const { schedule, lane } = this.context;
    const gates = hasYields(schedule) ? lane.gates : null;
    if (gates !== null) session.parkAt = await gates.close(index, ahead);
  }

  /** Lets a parked session go on, to its so-manieth yield point from there, or through. */
  private async resume(player: Player, step: number | null, ahead?: number): Promise<void> {
    const { lane, recorder } = this.context;
    const { call, session, index } = player;
    if (call === null || session.parkAt === null) return;
    recorder.resume(call.id, step);
    call.parked = false;
    if (ahead === undefined) {
      await this.settler.openGate(player);
    } else {
      const parkedAt = session.parkAt;
      // It runs before the answer is here: it must know by then.
      session.parkAt = parkedAt + ahead;
      await lane.gates?.passOn(index, parkedAt, ahead);
    }
    await this.settler.settle(player);
    await this.goOn();
  }

  /** Lets those run whom the last step woke. */
  private async goOn(): Promise<void> {
    await this.settler.wakeOthers();
    if (this.observer.hasCommitted && this.settler.waiting.length === 0 && !this.locksATable())
      await this.observer.look();
  }

  /** Does a parked call hold a table's lock? A TRUNCATE does in its trigger, and a look at the table would wait for it. */
  private locksATable(): boolean {
    return this.context.players.some(({ call }) => call?.parked === true && call.action.kind === "tamper");
  }
}

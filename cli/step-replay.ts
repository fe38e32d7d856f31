import { createInterface } from "node:readline/promises";
import { explain } from "../reports/explanation/explain.ts";
import { wrongStepOf } from "../reports/explanation/lines.ts";
import { recordedIn } from "../reports/replay-file.ts";
import { observationText, locksText, modelText, stepText } from "../reports/terminal/step-text.ts";
import { standstillText } from "../reports/terminal/standstill-text.ts";
import type { Lane } from "../sim/lane.ts";
import { laneKindOf } from "../sim/lane-slot.ts";
import { playBefore, type Standstill } from "../sim/play.ts";
import type { Stage } from "../sim/stage.ts";
import { print, say } from "./output.ts";
import type { ReplayFile } from "./play-replay.ts";

const help = `
  next, n       play one more step            tables, t   the committed rows
  back, b       play up to the step before    locks, l    who holds and waits for what
  run N, r N    play up to step N             model, m    the model's rows, as the file has them
  run, r        play up to the wrong step     where, w    where each session stands, and psql
  help, h       this                          quit, q     end, and remove all of it
An empty line is next.`;

/** Plays a file's case step by step, by commands from the input; each place is played to from the start on a fresh
 *  database, so that going back is exact. Ends at quit, the input's end, or a signal. */
export async function stepReplay(stage: Stage, file: ReplayFile, signal: AbortSignal): Promise<void> {
  const stepper = new Stepper(stage, file);
  const { stdin } = process;
  try {
    await stepper.goTo(0);
    say("help tells the commands");
    // Not before: lines that come while nobody waits for them would be lost.
    const lines = createInterface({ input: stdin, terminal: false, signal });
    for await (const line of lines) if (!(await obey(stepper, line.trim()))) break;
  } finally {
    stdin.destroy();
    await stepper.close();
  }
}

/** False at the end. */
async function obey(stepper: Stepper, line: string): Promise<boolean> {
  const [command = "", argument] = line.split(/\s+/);
  switch (command) {
    case "":
    case "n":
    case "next":
      await stepper.goTo(stepper.at + 1);
      return true;
    case "b":
    case "back":
      await stepper.goTo(stepper.at - 1);
      return true;
    case "r":
    case "run":
      await stepper.goTo(argument === undefined ? stepper.wrong : Number(argument));
      return true;
    case "t":
    case "tables":
      print(observationText(stepper.standstill.observation));
      return true;
    case "l":
    case "locks":
      print(locksText(await stepper.locks()));
      return true;
    case "m":
    case "model":
      print(stepper.model());
      return true;
    case "w":
    case "where":
      print(stepper.where());
      return true;
    case "q":
    case "quit":
      return false;
    default:
      if (command !== "h" && command !== "help") print(`no command ${JSON.stringify(command)}`);
      print(help);
      return true;
  }
}

/** A case that stands after some of its steps. */
class Stepper {
  /** How many steps are played. */
  at = 0;
  private readonly recorded;
  private lane: Lane | null = null;
  private stands: Standstill | null = null;

  constructor(
    private readonly stage: Stage,
    { replay }: ReplayFile,
  ) {
    this.recorded = recordedIn(replay);
  }

  /** After the wrong step, or after all of them where it comes later. */
  get wrong(): number {
    const step = wrongStepOf(this.recorded);
    return step === null ? this.recorded.schedule.steps.length : step + 1;
  }

  get standstill(): Standstill {
    if (this.stands === null) throw new Error("nothing was played");
    return this.stands;
  }

  async goTo(target: number): Promise<void> {
    const { schedule, history } = this.recorded;
    const count = schedule.steps.length;
    if (!Number.isInteger(target) || target < 0 || target > count) {
      print(`there are steps 1 to ${count}${target < 0 ? ", and this is before the first" : ""}`);
      return;
    }
    await this.close();
    this.lane = await this.stage.openLane(schedule.sessions.length, laneKindOf(schedule));
    this.stands = await playBefore(this.lane, schedule, target);
    // Who waits goes on as soon as somebody lets it, also one who has joined with psql.
    this.lane.releaseAll();
    this.at = target;
    print(stepText({ schedule, history: this.stands.history, recorded: history, at: target }));
  }

  model(): string {
    return modelText(explain(this.recorded).lines, this.at);
  }

  where(): string {
    const { schedule } = this.recorded;
    return standstillText({ schedule, ...this.standstill, psql: this.lane?.psql ?? "" });
  }

  async locks() {
    return (await this.lane?.locks()) ?? [];
  }

  async close(): Promise<void> {
    await this.lane?.close();
    this.lane = null;
  }
}

import type { Micros } from "../../model/operation.ts";
import type { Counterexample } from "../../properties/counterexample.ts";
import type { Answer, Line } from "../../schema/json/explanation.ts";
import { epoch } from "../../sim/clock/virtual-clock.ts";
import type { Event, History, Told } from "../../sim/history.ts";
import type { FaultKind, Schedule } from "../../sim/schedule.ts";
import { sessionName } from "../../sim/session-name.ts";
import { sinceEpoch } from "../text.ts";
import { describeAction } from "./describe-action.ts";
import { describeResponse } from "./describe-response.ts";

/** What the history alone tells of a line: the model has not been asked. */
export type StoryLine = Omit<Line, "operation" | "sql" | "allowed" | "database" | "model" | "differences">;

/** The history in lines, in the order of events. Of the closing phase only if the wrong event is in it. */
export function linesOf(schedule: Schedule, history: History, wrongEvent: number): readonly StoryLine[] {
  return new Lines(schedule, history, wrongEvent).lines;
}

/** Index of the step at which the violation shows; null where that comes after them all. */
export function wrongStepOf({ schedule, history, violations: [{ event }] }: Counterexample): number | null {
  return linesOf(schedule, history, event).find(({ wrong }) => wrong)?.step ?? null;
}

const faultTexts: Record<FaultKind, string> = {
  terminate: "its backend is terminated",
  cancel: "its call is cancelled",
  lockTimeout: "its next call waits for no lock",
  loseAcknowledgement: "the answer to its next commit is lost",
};

type Draft = { -readonly [K in keyof StoryLine]: StoryLine[K] } & {
  readonly observed: string[];
  readonly notifications: (number | null)[];
};

class Lines {
  readonly lines: Draft[] = [];
  /** From here on the lines are the closing phase's, not those of a session of the schedule. */
  private closing = false;
  private clock: Micros = epoch;

  constructor(
    private readonly schedule: Schedule,
    private readonly history: History,
    wrongEvent: number,
  ) {
    for (const [index, event] of eventsToShow(history, wrongEvent).entries()) {
      this.add(event, index, index === wrongEvent);
      const last = this.lines.at(-1);
      if (last === undefined) continue;
      last.lastEvent = index;
      last.clock = this.clock;
      if (index === wrongEvent) last.wrong = true;
    }
  }

  private add(event: Event, index: number, wrong: boolean): void {
    switch (event.kind) {
      case "invoke":
        this.invoke(event.call, index);
        break;
      case "wait": {
        const line = this.lineOf(event.call, index);
        const others = event.blockedBy.map(sessionName).join(", ");
        line.wait = { lock: event.lock, blockedBy: event.blockedBy };
        line.observed.push(`waits for ${others || "a lock"} (${event.lock})`);
        break;
      }
      case "park": {
        const { function: name, line: number, statement } = event.at;
        const line = this.lineOf(event.call, index);
        line.parkedAt = event.at;
        line.observed.push(`parked in ${name}, line ${number}, before: ${statement}`);
        break;
      }
      case "resume":
        this.resume(event, index);
        break;
      case "respond":
        this.respond(event, index);
        break;
      case "advance":
        this.clock = event.now;
        this.push("clock", index, {
          step: event.step,
          time: event.now,
          action: `the clock goes to ${sinceEpoch(event.now)}`,
        });
        break;
      case "skip":
        this.skip(event, index);
        break;
      case "fault":
        this.push("fault", index, {
          step: event.step,
          session: event.session,
          action: faultTexts[event.fault],
        });
        break;
      case "listener":
        this.push("listener", index, {
          step: event.step,
          action: event.listening ? "the listener is back" : "the listener loses its connection",
        });
        break;
      case "crash":
        this.push("fault", index, { step: event.step, action: "the server crashes and recovers" });
        break;
      case "observe":
        this.observe(event, index, wrong);
        break;
      case "closing":
        this.closing = true;
        this.push("closing", index, { action: closingLine(event) });
        break;
    }
  }

  private invoke(id: number, event: number): void {
    const { step, session, action, autocommit, transaction } = this.callOf(id);
    const info = this.history.transactions[transaction];
    const begins = autocommit || action.kind === "begin";
    if (begins && info !== undefined) this.clock = Math.max(this.clock, info.now);
    this.push("call", event, {
      step,
      session: this.closing ? null : session,
      time: begins ? (info?.now ?? null) : null,
      action: describeAction(action, info?.isolation ?? "READ COMMITTED"),
      call: id,
    });
  }

  private resume({ call: id, step }: Extract<Event, { kind: "resume" }>, event: number): void {
    const { session, action } = this.callOf(id);
    this.push("resume", event, { step, session, action: `${action.kind} resumes`, call: id });
  }

  private respond({ call: id, response }: Extract<Event, { kind: "respond" }>, event: number): void {
    const { action } = this.callOf(id);
    const line = this.lineOf(id, event);
    line.answer = recordedAnswer(response);
    line.observed.push(...describeResponse(action, response));
  }

  private skip({ step: index, reason }: Extract<Event, { kind: "skip" }>, event: number): void {
    const step = this.schedule.steps[index];
    const session = step !== undefined && "session" in step ? step.session : null;
    const what = step?.kind === "call" ? step.call.op : (step?.kind ?? "step");
    this.push("skip", event, { step: index, session, action: `${what} skipped: ${reason}` });
  }

  /** The call's own line, or where others came between, a new one. */
  private lineOf(id: number, event: number): Draft {
    const last = this.lines.at(-1);
    if (last?.call === id) return last;
    const { step, session, action } = this.callOf(id);
    const wokenBy = this.wakerOf(id);
    return this.push("goes on", event, {
      step,
      session,
      action: `${action.kind} goes on`,
      call: id,
      wokenBy,
    });
  }

  /** The last line of a session that it waited for; of whatever else let it go on. */
  private wakerOf(id: number): number | null {
    const blockers = this.lines.findLast(({ call, wait }) => call === id && wait !== null)?.wait?.blockedBy;
    const waker = this.lines.findLastIndex(({ session }) => session !== null && blockers?.includes(session));
    const ended = this.lines.at(-1)?.kind === "fault" || waker < 0;
    return this.lines.length === 0 ? null : ended ? this.lines.length - 1 : waker;
  }

  /** Rows are looked at after each change: worth a line only where they are wrong. */
  private observe(
    { now, notifications }: Extract<Event, { kind: "observe" }>,
    event: number,
    wrong: boolean,
  ): void {
    this.clock = Math.max(this.clock, now);
    const last = this.lines.at(-1);
    const senders = notifications.map(({ session }) => session);
    const names = senders.map((session) => (session === null ? "?" : sessionName(session)));
    last?.notifications.push(...senders);
    if (names.length > 0) last?.observed.push(`notification from ${names.join(", ")}`);
    const line = wrong ? this.push("rows", event, { action: "the committed rows" }) : last;
    if (line !== undefined) line.lookedAt = event;
  }

  private push(
    kind: StoryLine["kind"],
    event: number,
    line: Partial<StoryLine> & Pick<StoryLine, "action">,
  ): Draft {
    const full: Draft = {
      kind,
      step: null,
      session: null,
      time: null,
      clock: this.clock,
      event,
      lastEvent: event,
      call: null,
      wait: null,
      wokenBy: null,
      parkedAt: null,
      answer: null,
      lookedAt: null,
      wrong: false,
      ...line,
      observed: [],
      notifications: [],
    };
    this.lines.push(full);
    return full;
  }

  private callOf(id: number): History["calls"][number] {
    const call = this.history.calls[id];
    if (call === undefined) throw new RangeError(`malformed history: call ${id}`);
    return call;
  }
}

/** The closing phase is of interest only where something is wrong in it, and until then. */
function eventsToShow({ events }: History, wrongEvent: number): readonly Event[] {
  const closing = events.findIndex(({ kind }) => kind === "closing");
  return closing < 0 ? events : events.slice(0, Math.max(closing, wrongEvent + 1));
}

function closingLine({ omitted }: Extract<Event, { kind: "closing" }>): string {
  return omitted === null
    ? "now a worker and a repairer end what is left"
    : `nobody ends what is left: ${omitted}`;
}

function recordedAnswer(response: Told): Answer {
  switch (response.kind) {
    case "ok":
      return {
        kind: "ok",
        sqlstate: null,
        message: null,
        rows: response.rows as readonly object[] as Answer["rows"],
      };
    case "fail":
      return { kind: "fail", sqlstate: response.sqlstate, message: response.message, rows: [] };
    case "ended":
      return { kind: "ended", sqlstate: null, message: response.command, rows: [] };
    case "info":
      return { ...recordedAnswer(response.lost), kind: "info" };
  }
}

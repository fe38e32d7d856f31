import type { Micros } from "../model/operation.ts";
import type { Counterexample } from "../properties/counterexample.ts";
import { invariants } from "../properties/invariants/index.ts";
import { signatureOf } from "../properties/verdict.ts";
import type { Event, History } from "../sim/history.ts";
import type { FaultKind, Schedule, SessionSpec } from "../sim/schedule.ts";
import type { Settings } from "../sim/settings.ts";
import { describeAction } from "./describe-action.ts";
import { describeResponse } from "./describe-response.ts";
import { type Difference, differenceOf } from "./difference.ts";
import { sessionName, sinceEpoch } from "./text.ts";

/** A counterexample as a reader follows it: data, from which every renderer makes its text. */
export interface Explanation extends Difference {
  readonly signature: string;
  /** "INV-05 fencing", or the oracle that is no invariant. */
  readonly oracle: string;
  /** The invariant's statement in the contract. */
  readonly statement: string | null;
  readonly rule: string;
  readonly retryCeiling: string | null;
  readonly settings: Settings;
  readonly sessions: readonly SessionSpec[];
  /** In the order of events. */
  readonly lines: readonly Line[];
  /** Signatures of what else the oracles saw in the same history. */
  readonly others: readonly string[];
}

export interface Line {
  /** Index into the schedule's steps; null for what the end of the steps left to do, and for a look at the rows. */
  readonly step: number | null;
  readonly session: number | null;
  /** The transaction's now, where the line begins one; the clock, where it was moved. */
  readonly time: Micros | null;
  readonly action: string;
  readonly observed: readonly string[];
  /** The violation shows here. */
  readonly wrong: boolean;
}

export function explain({ signature, violations, schedule, history }: Counterexample): Explanation {
  const [violation, ...rest] = violations;
  const invariant = invariants.find(({ id }) => id === violation.invariant);
  return {
    signature,
    oracle: invariant === undefined ? `${violation.oracle} oracle` : `${invariant.id} ${invariant.name}`,
    statement: invariant?.statement ?? null,
    rule: violation.rule,
    retryCeiling: schedule.setup.retryCeiling,
    settings: schedule.setup.settings ?? {},
    sessions: schedule.sessions,
    lines: new Lines(schedule, history, violation.event).all(),
    others: [...new Set(rest.map(signatureOf))].filter((other) => other !== signature),
    ...differenceOf(violation, history.events[violation.event]),
  };
}

const faultTexts: Record<FaultKind, string> = {
  terminate: "its backend is terminated",
  cancel: "its call is cancelled",
  lockTimeout: "its next call waits for no lock",
  loseAcknowledgement: "the answer to its next commit is lost",
};

interface DraftLine extends Omit<Line, "observed" | "wrong"> {
  readonly call: number | null;
  readonly observed: string[];
  wrong: boolean;
}

class Lines {
  private readonly lines: DraftLine[] = [];
  /** From here on the lines are the closing phase's, not those of a session of the schedule. */
  private closing = false;

  constructor(
    private readonly schedule: Schedule,
    private readonly history: History,
    wrongEvent: number,
  ) {
    for (const [index, event] of eventsToShow(history, wrongEvent).entries()) {
      this.add(event, index === wrongEvent);
      const last = this.lines.at(-1);
      if (index === wrongEvent && last !== undefined) last.wrong = true;
    }
  }

  all(): readonly Line[] {
    return this.lines.map(({ step, session, time, action, observed, wrong }) => {
      return { step, session, time, action, observed, wrong };
    });
  }

  private add(event: Event, wrong: boolean): void {
    switch (event.kind) {
      case "invoke":
        this.invoke(event.call);
        break;
      case "wait": {
        const others = event.blockedBy.map(sessionName).join(", ");
        this.lineOf(event.call).observed.push(`waits for ${others || "a lock"} (${event.lock})`);
        break;
      }
      case "park": {
        const { function: name, line, statement } = event.at;
        this.lineOf(event.call).observed.push(`parked in ${name}, line ${line}, before: ${statement}`);
        break;
      }
      case "resume":
        this.resume(event);
        break;
      case "respond": {
        const { action } = this.callOf(event.call);
        this.lineOf(event.call).observed.push(...describeResponse(action, event.response));
        break;
      }
      case "advance":
        this.push({
          step: event.step,
          time: event.now,
          action: `the clock goes to ${sinceEpoch(event.now)}`,
        });
        break;
      case "skip":
        this.skip(event);
        break;
      case "fault":
        this.push({ step: event.step, session: event.session, action: faultTexts[event.fault] });
        break;
      case "observe":
        this.observe(event, wrong);
        break;
      case "closing":
        this.closing = true;
        this.push({ action: closingLine(event) });
        break;
    }
  }

  private invoke(id: number): void {
    const { step, session, action, autocommit, transaction } = this.callOf(id);
    const info = this.history.transactions[transaction];
    const begins = autocommit || action.kind === "begin";
    this.push({
      step,
      session: this.closing ? null : session,
      time: begins ? (info?.now ?? null) : null,
      action: describeAction(action, info?.isolation ?? "READ COMMITTED"),
      call: id,
    });
  }

  private resume({ call: id, step }: Extract<Event, { kind: "resume" }>): void {
    const { session, action } = this.callOf(id);
    this.push({ step, session, action: `${action.kind} resumes`, call: id });
  }

  private skip({ step: index, reason }: Extract<Event, { kind: "skip" }>): void {
    const step = this.schedule.steps[index];
    const session = step !== undefined && "session" in step ? step.session : null;
    const what = step?.kind === "call" ? step.call.op : (step?.kind ?? "step");
    this.push({ step: index, session, action: `${what} skipped: ${reason}` });
  }

  /** The call's own line, or where others came between, a new one. */
  private lineOf(id: number): DraftLine {
    const last = this.lines.at(-1);
    if (last?.call === id) return last;
    const { step, session, action } = this.callOf(id);
    return this.push({ step, session, action: `${action.kind} goes on`, call: id });
  }

  /** Rows are looked at after each change: worth a line only where they are wrong. */
  private observe(event: Extract<Event, { kind: "observe" }>, wrong: boolean): void {
    const senders = event.notifications.map(({ session }) => (session === null ? "?" : sessionName(session)));
    if (senders.length > 0) this.lines.at(-1)?.observed.push(`notification from ${senders.join(", ")}`);
    if (wrong) this.push({ action: "the committed rows" });
  }

  private push(line: Partial<DraftLine> & Pick<DraftLine, "action">): DraftLine {
    const full = { step: null, session: null, time: null, call: null, observed: [], wrong: false, ...line };
    this.lines.push(full);
    return full;
  }

  private callOf(id: number): History["calls"][number] {
    const call = this.history.calls[id];
    if (call === undefined) throw new RangeError(`malformed history: call ${id}`);
    return call;
  }
}

/** The closing phase is of interest only where something is wrong in it. */
function eventsToShow({ events }: History, wrongEvent: number): readonly Event[] {
  const closing = events.findIndex(({ kind }) => kind === "closing");
  return wrongEvent < closing ? events.slice(0, closing) : events;
}

function closingLine({ omitted }: Extract<Event, { kind: "closing" }>): string {
  return omitted === null
    ? "now a worker and a repairer end what is left"
    : `nobody ends what is left: ${omitted}`;
}

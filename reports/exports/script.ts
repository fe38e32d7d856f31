import type { Counterexample } from "../../properties/counterexample.ts";
import type { Explanation, Line } from "../../schema/json/explanation.ts";
import { worldClockSql } from "../../sim/database/virtual-time.ts";
import { hasYields } from "../../sim/schedule.ts";
import { closeSql, openClosedSql } from "../../sim/yields/yield-sql.ts";
import { explain } from "../explanation/explain.ts";
import { sessionName } from "../../sim/session-name.ts";
import { lookSql, namesIn, namesSql, withNames } from "./names-sql.ts";
import {
  ceilingSql,
  clockSql,
  controlSetUpSql,
  crashSql,
  keepUnflushedSql,
  pidOf,
  pidsSql,
  refuseUsedSql,
  sessionSetUpSql,
  yieldsSql,
} from "./set-up-sql.ts";

/** A counterexample as SQL for any client that has several connections: every export is made from this. */
export interface Script {
  readonly explanation: Explanation;
  /** Once, as a superuser, in a database that was just migrated; each a message of its own. */
  readonly setUp: readonly string[];
  readonly sessions: readonly ScriptSession[];
  readonly steps: readonly ScriptStep[];
  /** What ends connections: only a client that opens new ones can play it. Null where nothing does. */
  readonly breaks: string | null;
}

export interface ScriptSession {
  readonly name: string;
  /** Before the steps. */
  readonly setUp: string;
}

export interface ScriptStep {
  /** Unique: "A3_claim", "end_commit_5". */
  readonly name: string;
  /** Who sends it. */
  readonly session: string;
  readonly title: string;
  /** One message of the simple protocol. */
  readonly sql: string;
  /** The session's connection has ended: on a new one. */
  readonly reconnects: boolean;
  /** The message is a transaction of its own. */
  readonly autocommit: boolean;
  /** How the sender stands when the others go on. */
  readonly outcome: "answered" | "waits" | "parked";
  /** The step that lets it go on, where it waits. */
  readonly wokenBy: string | null;
  /** What came of it when it was recorded. */
  readonly observed: readonly string[];
  /** The line of the explanation that it plays. */
  readonly line: number;
}

/** Who moves the clock, opens and closes gates, listens and looks at the rows. */
export const control = "control";

/** A schedule that needs what no script can do. */
export class NotExportable extends Error {
  override readonly name = "NotExportable";
}

/** `definitions`: of the functions with yield points, where the schedule has any (sim/yields/install.ts). */
export function scriptOf(counterexample: Counterexample, definitions: readonly string[] = []): Script {
  const { schedule, history } = counterexample;
  const explanation = explain(counterexample, { source: "recorded" });
  const text = JSON.stringify(history);
  const names = [...namesIn(text, "row"), ...namesIn(text, "lease")];
  const count = schedule.sessions.length;
  const breaks = breakIn(explanation.lines);
  return {
    explanation,
    setUp: [
      refuseUsedSql,
      clockSql,
      namesSql(names),
      pidsSql(count),
      ceilingSql(schedule),
      ...(hasYields(schedule) ? yieldsSql(count, definitions) : []),
      ...(breaks?.session === null ? keepUnflushedSql : []),
    ].filter((sql) => sql !== ""),
    sessions: [
      { name: control, setUp: controlSetUpSql },
      ...schedule.sessions.map(({ prepared }, index) => {
        return { name: sessionName(index), setUp: sessionSetUpSql(index, prepared === true) };
      }),
    ],
    steps: new Steps(counterexample, explanation).steps,
    breaks: breaks?.action ?? null,
  };
}

/** For a client whose connections must last. Throws NotExportable. */
export function refuseBreaks({ breaks }: Script): void {
  if (breaks !== null) throw new NotExportable(`${breaks}: a script's sessions do not outlive that`);
}

/** The worst of them: a crash of the server, else the end of one backend. */
function breakIn(lines: readonly Line[]): Line | undefined {
  const isCrash = ({ kind, session }: Line): boolean => kind === "fault" && session === null;
  return lines.find(isCrash) ?? lines.find(({ operation }) => operation?.["kind"] === "terminate");
}

class Steps {
  readonly steps: ScriptStep[] = [];
  /** Sessions that a gate is closed to. */
  private readonly gated = new Set<number>();
  /** Sessions whose next call gives up its waits: it would not park. */
  private readonly impatient = new Set<number>();
  /** The step that a line is played by. */
  private readonly names: string[] = [];

  constructor(
    private readonly counterexample: Counterexample,
    private readonly explanation: Explanation,
  ) {
    for (const [index, line] of explanation.lines.entries()) {
      this.add(line, index);
      this.names[index] = this.steps.at(-1)?.name ?? "";
    }
    if (explanation.lines.at(-1)?.kind !== "rows") this.control("look", "the committed rows", lookSql, -1);
  }

  private add(line: Line, index: number): void {
    switch (line.kind) {
      case "call":
        this.call(line, index);
        break;
      case "resume":
        this.resume(line, index);
        break;
      case "goes on":
        this.goesOn(line, index);
        break;
      case "clock":
        this.control("clock", line.action, worldClockSql(line.clock), index);
        break;
      case "fault":
        this.fault(line, index);
        break;
      case "listener": {
        const verb = line.action.endsWith("back") ? "LISTEN" : "UNLISTEN";
        this.control("listener", line.action, `${verb} symphony_outbox`, index);
        break;
      }
      case "rows":
        this.control("look", line.action, lookSql, index);
        break;
      case "skip":
      case "closing":
        break;
    }
  }

  private call(line: Line, index: number): void {
    const { calls } = this.counterexample.history;
    const call = line.call === null ? undefined : calls[line.call];
    if (call === undefined || line.sql === null) throw new RangeError("a call without its message");
    const { session } = call;
    const step = line.step === null ? undefined : this.counterexample.schedule.steps[line.step];
    const ahead = step?.kind === "call" && !this.impatient.delete(session) ? step.parkAt : undefined;
    if (ahead !== undefined && this.explanation.yields) {
      this.gated.add(session);
      const title = `${sessionName(session)} is to stop at its yield point ${ahead} from here`;
      this.control("gate", title, closeSql(session, ahead).trim(), index);
    }
    this.push(line, index, {
      session: sessionName(session),
      what: call.action.kind,
      sql: withNames(line.sql.text),
      autocommit: call.autocommit,
    });
    this.openAfter(line, session, index);
  }

  /** A call that has its answer leaves no gate closed behind it. */
  private openAfter(line: Line, session: number, index: number): void {
    if (line.answer === null || !this.gated.delete(session)) return;
    this.control("open", `${sessionName(session)} stops no more`, openClosedSql(session).trim(), index);
  }

  private resume(line: Line, index: number): void {
    const { schedule } = this.counterexample;
    const session = line.session ?? 0;
    const step = line.step === null ? undefined : schedule.steps[line.step];
    const ahead = step?.kind === "resume" ? step.parkAt : undefined;
    const open = openClosedSql(session, ahead !== undefined).trim();
    const sql = ahead === undefined ? open : `${closeSql(session, ahead).trim()};\n${open}`;
    const title = `${sessionName(session)} goes on from where it stands`;
    const waits = line.wait !== null || line.parkedAt !== null;
    this.control("resume", title, sql, index, line.observed);
    if (!waits && ahead === undefined) this.gated.delete(session);
    this.openAfter(line, session, index);
  }

  /** Nobody sends anything: what it waited for has gone. */
  private goesOn(line: Line, index: number): void {
    const at = this.steps.findLastIndex(
      ({ line: of }) => this.explanation.lines[of]?.call === line.call && of >= 0,
    );
    const step = this.steps[at];
    const waker = line.wokenBy === null ? undefined : this.names[line.wokenBy];
    if (step?.outcome === "waits" && step.wokenBy === null && waker !== undefined && waker !== step.name)
      this.steps[at] = { ...step, wokenBy: waker };
    this.openAfter(line, line.session ?? 0, index);
  }

  private fault({ operation, session, action, clock }: Line, index: number): void {
    if (session === null) {
      this.control("crash", action, crashSql, index);
      this.reconnect(control, `${controlSetUpSql}\n${worldClockSql(clock)};`);
      for (const each of this.counterexample.schedule.sessions.keys()) this.reconnectSession(each);
      return;
    }
    switch (operation?.["kind"]) {
      case "terminate":
        this.control("terminate", action, `SELECT pg_terminate_backend(${pidOf(session)})`, index);
        this.reconnectSession(session);
        return;
      case "cancel":
        this.control("cancel", action, `SELECT pg_cancel_backend(${pidOf(session)})`, index);
        return;
      case "lockTimeout":
        this.impatient.add(session);
        return;
      case "loseAcknowledgement":
        return;
      default:
        throw new NotExportable(`${action}: no script can do that`);
    }
  }

  private reconnectSession(session: number): void {
    const isPrepared = this.counterexample.schedule.sessions[session]?.prepared === true;
    this.gated.delete(session);
    this.reconnect(sessionName(session), sessionSetUpSql(session, isPrepared));
  }

  private reconnect(session: string, sql: string): void {
    const name = this.uniqueName(`${session}_again`);
    const quiet = { autocommit: false, outcome: "answered", wokenBy: null, observed: [], line: -1 } as const;
    this.steps.push({ name, session, title: "on a new connection", sql, reconnects: true, ...quiet });
  }

  private control(
    what: string,
    title: string,
    sql: string,
    index: number,
    observed: readonly string[] = [],
  ): void {
    const step = this.explanation.lines[index]?.step ?? null;
    const name = this.uniqueName(step === null ? what : `${what}_${step + 1}`);
    const quiet = { reconnects: false, autocommit: false, outcome: "answered", wokenBy: null } as const;
    this.steps.push({ name, session: control, title, sql, ...quiet, observed, line: index });
  }

  private push(
    line: Line,
    index: number,
    { what, ...sent }: Pick<ScriptStep, "session" | "sql" | "autocommit"> & { readonly what: string },
  ): void {
    const place = line.step === null ? `${sent.session}_end` : `${sent.session}${line.step + 1}`;
    this.steps.push({
      ...sent,
      name: this.uniqueName(`${place}_${what}`),
      title: line.action,
      reconnects: false,
      outcome: line.wait !== null ? "waits" : line.parkedAt !== null ? "parked" : "answered",
      wokenBy: null,
      observed: line.observed,
      line: index,
    });
  }

  private uniqueName(name: string): string {
    const isTaken = (each: string): boolean => this.steps.some((step) => step.name === each);
    if (!isTaken(name)) return name;
    let number = 2;
    while (isTaken(`${name}_${number}`)) number += 1;
    return `${name}_${number}`;
  }
}

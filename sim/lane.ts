import { observe } from "./observe.ts";
import { epoch } from "./clock/virtual-clock.ts";
import type { Micros } from "../model/operation.ts";
import type { Observation } from "../model/observation.ts";
import type { Connection, Notification } from "./database/connection.ts";
import { quoteIdentifier, quoteLiteral } from "./database/quote.ts";
import type { BackendControl } from "./database/server.ts";
import { type HeldLock, locksOf } from "./locks.ts";
import type { Names } from "./names.ts";
import type { Schedule } from "./schedule.ts";
import { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import { currentWaits, type Wait } from "./waits.ts";
import { Gates } from "./yields/gates.ts";
import type { YieldPoint } from "./yields/yield-point.ts";
import type { ConnectionLost } from "./database/connection.ts";

/** What a lane needs of its database: a throw-away clone that nobody else uses. */
export interface LaneDatabase {
  readonly name: string;
  /** The command that joins it with psql. */
  readonly psql: string;
  connect(): Promise<Connection>;
  /** Empties the tables, between cases. */
  reset(observer: Connection): Promise<void>;
  /** Moves the clock that goes on within a transaction. Microseconds since 1970. */
  setClock(observer: Connection, now: Micros): Promise<void>;
  /** Crashes its server, which is the lane's own, and returns when that has recovered; null where it is not. */
  readonly crash: (() => Promise<void>) | null;
  drop(): Promise<void>;
}

/** A lock that a session of the lane holds or waits for. */
export interface SessionLock extends Omit<HeldLock, "pid"> {
  readonly session: number;
}

/** One throw-away database, the sessions that play in it, the listener, and the observer that looks and resets. */
export class Lane {
  /** Null while it is dropped. */
  private listener: Connection | null = null;
  private notifications: Notification[] = [];
  private retryCeiling: string | null = null;
  /** Whose backends began in a case with a ceiling, and have had that setting since. */
  private readonly begunUnderCeiling = new Set<Session>();
  /** Of the last case, as JSON. */
  private settings = "{}";
  /** Where it has moved to since the case began; null if it has not. */
  private clock: Micros | null = null;
  /** Whose a backend is or was: what it did before its end may show later. */
  private readonly sessionByPid = new Map<number, number>();

  private constructor(
    private readonly database: LaneDatabase,
    private observer: Connection,
    readonly sessions: readonly Session[],
    /** What parks sessions inside functions; null where the functions are as they were migrated. */
    readonly gates: Gates | null,
    /** Sessions that one step wakes go on in an order of ours; else in the server's. */
    readonly wakesInOrder: boolean,
  ) {
    for (const [index, { pid }] of sessions.entries()) this.sessionByPid.set(pid, index);
  }

  static async open(
    database: LaneDatabase,
    sessionCount: number,
    backends: BackendControl | null,
    /** Of the database's functions, where they have any. */
    points: readonly YieldPoint[] | null = null,
  ): Promise<Lane> {
    const observer = await database.connect();
    const gates = points && (await Gates.forSessions(observer, points, sessionCount));
    const sessions: Session[] = [];
    for (let i = 0; i < sessionCount; i += 1) {
      sessions.push(await Session.open(() => database.connect(), backends, gates && i));
    }
    const lane = new Lane(database, observer, sessions, gates, backends !== null);
    await lane.listen();
    return lane;
  }

  /** Empty tables, and the case's settings. Every backend is one that began without them, as on a fresh lane. */
  async prepare({ setup, sessions }: Pick<Schedule, "setup" | "sessions">): Promise<void> {
    await this.database.reset(this.observer);
    if (this.begunUnderCeiling.size > 0) await this.beginWithoutCeiling();
    if (setup.retryCeiling !== this.retryCeiling) await this.setCeiling(setup.retryCeiling);
    if (this.clock !== null) await this.setClock(epoch);
    this.clock = null;
    await this.forgetPlans(setup.settings ?? {});
    const prepared = this.sessions.filter((_, index) => sessions[index]?.prepared === true);
    await Promise.all(prepared.map((session) => session.prepareCalls()));
    if (!this.listens) await this.listen();
    this.notifications = [];
  }

  private async beginWithoutCeiling(): Promise<void> {
    await this.setCeiling(null);
    for (const session of this.begunUnderCeiling) await this.reconnect(session);
    this.begunUnderCeiling.clear();
  }

  /** Plans that were made under a case's settings are not the next one's. */
  private async forgetPlans(settings: Settings): Promise<void> {
    const text = JSON.stringify(settings);
    if (text === this.settings) return;
    await Promise.all(this.sessions.map((session) => session.discardPlans()));
    this.settings = text;
  }

  /** The command that joins its database with psql. */
  get psql(): string {
    return this.database.psql;
  }

  /** Backends that are kept from waking by themselves wait on as any others. */
  releaseAll(): void {
    for (const session of this.sessions) session.release();
  }

  /** Moves clock_timestamp() of all sessions; now() is each transaction's own. */
  setClock(now: Micros): Promise<void> {
    this.clock = now;
    return this.database.setClock(this.observer, now);
  }

  get listens(): boolean {
    return this.listener !== null;
  }

  /** Whatever commits from here on is heard. */
  async listen(): Promise<void> {
    const listener = await this.database.connect();
    listener.onNotification((notification) => this.notifications.push(notification));
    await listener.run("LISTEN symphony_outbox");
    this.listener = listener;
  }

  /** Whatever has committed by now is heard, and nothing that commits from here on. */
  async dropListener(): Promise<void> {
    await this.listener?.run("SELECT");
    await this.listener?.close();
    this.listener = null;
  }

  /** The committed rows, and every notification since the last look: one round trip on the listener after a commit brings
   *  them all. */
  async look(names: Names): Promise<{ observation: Observation; notifications: readonly Notification[] }> {
    const observation = await observe(this.listener ?? this.observer, names);
    const notifications = this.notifications;
    this.notifications = [];
    return { observation, notifications };
  }

  /** What its sessions hold and wait for, in their order. */
  async locks(): Promise<readonly SessionLock[]> {
    const pids = this.sessions.map((session) => session.pid);
    const locks = await locksOf(this.observer, pids);
    return locks
      .map(({ pid, ...lock }) => ({ session: pids.indexOf(pid), ...lock }))
      .sort((a, b) => a.session - b.session);
  }

  waits(pids: readonly number[]): Promise<readonly Wait[]> {
    return currentWaits(
      this.observer,
      pids,
      this.sessions.map((session) => session.pid),
    );
  }

  sessionOf(pid: number): number | null {
    return this.sessionByPid.get(pid) ?? null;
  }

  /** Ends a session's backend, blocked or idle, and gives it a new one. Returns what the old one said last. */
  async terminate(session: Session): Promise<ConnectionLost> {
    // A stopped process would not hear it.
    session.release();
    await this.observer.query("SELECT pg_terminate_backend($1)", [session.pid]);
    const lost = await session.ended;
    await this.reconnect(session);
    return lost;
  }

  /** Gives a session a new backend; the old one goes, if it has not gone already. */
  async reconnect(session: Session): Promise<void> {
    await session.reconnect();
    this.hasNewBackend(session);
  }

  private hasNewBackend(session: Session): void {
    this.sessionByPid.set(session.pid, this.sessions.indexOf(session));
    if (this.retryCeiling !== null) this.begunUnderCeiling.add(session);
  }

  /** Cancels a session's call; what it answers is the session's next signal. */
  async cancel(session: Session): Promise<void> {
    session.release();
    await this.observer.query("SELECT pg_cancel_backend($1)", [session.pid]);
  }

  get canCrash(): boolean {
    return this.database.crash !== null;
  }

  /** Crashes the lane's own server, blocked and stopped backends and all, and gives every session a new one. The clock
   *  stands where it stood. Throws RangeError where the server is not the lane's own. */
  async crash(): Promise<void> {
    const { crash } = this.database;
    if (crash === null) throw new RangeError("the lane's server is not its own");
    const { listens } = this;
    // What was notified until now arrives first.
    await this.dropListener();
    await Promise.all([crash(), ...this.sessions.map((session) => session.ended)]);
    this.observer = await this.database.connect();
    if (listens) await this.listen();
    this.gates?.reconnect(this.observer);
    await Promise.all(this.sessions.map((session) => session.reconnect()));
    // Its gates are gone too.
    for (const session of this.sessions) {
      session.parkAt = null;
      this.hasNewBackend(session);
    }
    if (this.clock !== null) await this.setClock(this.clock);
  }

  /** Ends the sessions, whatever they are in, and drops the database. */
  async close(): Promise<void> {
    this.releaseAll();
    await this.database.drop();
    const others = [this.observer, this.listener].map((connection) => connection?.close());
    await Promise.all([...this.sessions.map((session) => session.close()), ...others]);
  }

  private async setCeiling(text: string | null): Promise<void> {
    const database = quoteIdentifier(this.database.name);
    const setting = "symphony.outbox_retry_ceiling";
    const change = text === null ? `RESET ${setting}` : `SET ${setting} = ${quoteLiteral(text)}`;
    await this.observer.run(`ALTER DATABASE ${database} ${change}`);
    this.retryCeiling = text;
  }
}

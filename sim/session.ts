import type { BackendControl } from "./database/server.ts";
import {
  type Connection,
  type ConnectionLost,
  type Notice,
  type Result,
  SqlError,
} from "./database/connection.ts";
import { prepareSql } from "./prepared-calls.ts";
import { type Arrival, arrivalOf, sessionSetting } from "./yields/arrival.ts";

/** Before SET ROLE, as superuser: the server tells each client at once that it waits, after its deadlock check, and tells
 *  its log nothing of it. */
const sessionSettings = `
  SET deadlock_timeout = '1ms'; SET log_lock_waits = on;
  SET client_min_messages = log; SET log_min_messages = fatal`;

export type Answer =
  | { readonly results: readonly Result[] }
  | { readonly error: SqlError }
  /** A fault ended the connection first. */
  | { readonly lost: ConnectionLost };

/** What a session that runs tells next: that it may be waiting for a lock, that it has come to the yield point where it
 *  parks, or its answer. */
export type Signal = "may wait" | { readonly parkedAt: number } | Answer;

/** A client session: one connection at a time, one call in flight at most. It reports, and judges nothing. */
export class Session {
  private signals: Signal[] = [];
  private failure: unknown = null;
  private wake: (() => void) | null = null;
  private held = false;
  private prepared = false;
  /** The arrival at a yield point at which it parks; null to run through. */
  parkAt: number | null = null;
  /** The yield points that it has come to, since they were last taken. */
  private passed: number[] = [];

  private constructor(
    private readonly connect: () => Promise<Connection>,
    private connection: Connection,
    private readonly backends: BackendControl | null,
  ) {
    this.listen();
  }

  /** `number`: by which instrumented functions know the session; null where there are none. */
  static async open(
    connect: () => Promise<Connection>,
    backends: BackendControl | null,
    number: number | null = null,
  ): Promise<Session> {
    const settings =
      number === null ? sessionSettings : `${sessionSettings}; SET ${sessionSetting} = ${number}`;
    const connectWithSettings = async (): Promise<Connection> => {
      const connection = await connect();
      await connection.run(settings);
      return connection;
    };
    return new Session(connectWithSettings, await connectWithSettings(), backends);
  }

  get pid(): number {
    return this.connection.pid;
  }

  /** Sends SQL; what becomes of it arrives as signals. */
  start(sql: string): void {
    this.signals = [];
    this.connection.run(sql).then(
      (results) => {
        this.push({ results });
      },
      (error: unknown) => {
        if (error instanceof SqlError) this.push({ error });
        else this.fail(error);
      },
    );
  }

  /** The next signal. Rejects when the connection is lost. */
  async next(): Promise<Signal> {
    for (;;) {
      const signal = this.signals.shift();
      if (signal !== undefined) return signal;
      if (this.failure !== null) throw this.failure as Error;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Prepares the function calls as statements, if that is still to be done; a new backend gets them too. */
  async prepareCalls(): Promise<void> {
    if (!this.prepared) await this.connection.run(prepareSql);
    this.prepared = true;
  }

  /** The next calls are planned anew. */
  async discardPlans(): Promise<void> {
    await this.connection.run("DISCARD PLANS");
  }

  /** Keeps a blocked backend from waking by itself, where the server's processes are within reach. */
  hold(): void {
    this.backends?.pause(this.pid);
    this.held = true;
  }

  release(): void {
    if (this.held) this.backends?.resume(this.pid);
    this.held = false;
  }

  /** When the connection has ended, by whatever was done to its backend. */
  get ended(): Promise<ConnectionLost> {
    return this.connection.ended;
  }

  /** A new backend with the same settings, in place of one that is gone or idle: it is not held. */
  async reconnect(): Promise<void> {
    await this.connection.close();
    this.connection = await this.connect();
    this.failure = null;
    this.held = false;
    this.listen();
    if (this.prepared) await this.connection.run(prepareSql);
  }

  takePassed(): readonly number[] {
    const passed = this.passed;
    this.passed = [];
    return passed;
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private listen(): void {
    this.connection.onNotice((notice) => {
      this.hear(notice);
    });
  }

  private hear(notice: Notice): void {
    const arrival = arrivalOf(notice);
    if (arrival !== null) this.arrive(arrival);
    else if (notice.message.includes("still waiting for")) this.push("may wait");
  }

  private arrive({ point, number }: Arrival): void {
    this.passed.push(point);
    if (number === this.parkAt) this.push({ parkedAt: point });
  }

  private push(signal: Signal): void {
    this.signals.push(signal);
    this.notify();
  }

  private fail(error: unknown): void {
    this.failure = error;
    this.notify();
  }

  private notify(): void {
    this.wake?.();
    this.wake = null;
  }
}

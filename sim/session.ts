import type { BackendControl } from "./database/server.ts";
import { type Connection, type ConnectionLost, type Result, SqlError } from "./database/connection.ts";

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

/** What a session that runs tells next: that it may be waiting for a lock, or its answer. */
export type Signal = "may wait" | Answer;

/** A client session: one connection at a time, one call in flight at most. It reports, and judges nothing. */
export class Session {
  private signals: Signal[] = [];
  private failure: unknown = null;
  private wake: (() => void) | null = null;
  private held = false;

  private constructor(
    private readonly connect: () => Promise<Connection>,
    private connection: Connection,
    private readonly backends: BackendControl | null,
  ) {
    this.listen();
  }

  static async open(connect: () => Promise<Connection>, backends: BackendControl | null): Promise<Session> {
    return new Session(connect, await connectWithSettings(connect), backends);
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

  /** A new backend with the same settings, in place of one that is gone. */
  async reconnect(): Promise<void> {
    this.connection = await connectWithSettings(this.connect);
    this.failure = null;
    this.listen();
  }

  close(): Promise<void> {
    return this.connection.close();
  }

  private listen(): void {
    this.connection.onNotice((notice) => {
      if (notice.message.includes("still waiting for")) this.push("may wait");
    });
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

async function connectWithSettings(connect: () => Promise<Connection>): Promise<Connection> {
  const connection = await connect();
  await connection.run(sessionSettings);
  return connection;
}

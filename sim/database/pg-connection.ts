import pg from "pg";
import {
  ConnectionLost,
  SqlError,
  type Connection,
  type Notice,
  type Notification,
  type Result,
} from "./connection.ts";
import { types } from "./pg-values.ts";

/** The text forms that pg-values reads. Startup options outrank the settings of a database and of a role. */
const textForms = "-c TimeZone=UTC -c DateStyle=ISO";

/** Opens one connection. Rejects with SqlError for what the server answers (no such database, wrong password), with
 *  ConnectionLost where no server answers. A connectionString would outrank the text forms: pass its parts. */
export async function connect(settings: Omit<pg.ClientConfig, "connectionString">): Promise<Connection> {
  const options = [settings.options, textForms].filter(Boolean).join(" ");
  const connection = new PgConnection(new pg.Client({ ...settings, options, types }));
  await connection.open();
  return connection;
}

class PgConnection implements Connection {
  readonly #client: pg.Client;
  readonly ended: Promise<ConnectionLost>;
  /** Why the connection is gone, null while it lives: what was said first. */
  #lost: Error | null = null;
  /** What the query in flight was answered in place of a result, until the server is ready again. */
  #answeredError: Error | null = null;
  /** False from the sending of a query until the server says that it is ready for the next. */
  #ready = true;
  #onSettled: (() => void) | null = null;
  /** The last query of a chain: the driver is given one at a time. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(client: pg.Client) {
    this.#client = client;
    // Also keeps an error between two queries from ending the process: an "error" event must have a listener.
    client.on("error", (error: Error) => {
      this.#loseBecause(error);
    });
    this.ended = new Promise((resolve) => {
      client.on("end", () => {
        this.#loseBecause(new Error("the connection was closed"));
        resolve(connectionLost(this.#lost));
      });
    });
    client.on("drain", () => {
      this.#ready = true;
      this.#onSettled?.();
    });
  }

  async open(): Promise<void> {
    try {
      await this.#client.connect();
    } catch (error) {
      this.#client.end().catch(() => undefined);
      throw error instanceof pg.DatabaseError ? sqlError(error) : connectionLost(error);
    }
  }

  get pid(): number {
    return (this.#client as pg.Client & { readonly processID: number }).processID;
  }

  async run(sql: string): Promise<readonly Result[]> {
    const results: pg.QueryResult | pg.QueryResult[] = await this.#inTurn(() => this.#client.query(sql));
    return (Array.isArray(results) ? results : [results]).map(plainResult);
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<Result> {
    return plainResult(await this.#inTurn(() => this.#client.query(sql, [...parameters])));
  }

  onNotice(listener: (notice: Notice) => void): void {
    this.#client.on("notice", (notice) => {
      listener({
        severity: notice.severity ?? "",
        message: notice.message ?? "",
      });
    });
  }

  onNotification(listener: (notification: Notification) => void): void {
    this.#client.on("notification", ({ channel, payload, processId }) => {
      listener({ channel, payload: payload ?? "", pid: processId });
    });
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  #inTurn<T>(send: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(() => this.#exchange(send));
    this.#tail = turn.catch(() => undefined);
    return turn;
  }

  async #exchange<T>(send: () => Promise<T>): Promise<T> {
    if (this.#lost !== null) throw connectionLost(this.#lost);
    this.#ready = false;
    try {
      return await send();
    } catch (error) {
      this.#answeredError = error as Error;
      await this.#settled();
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have been lost meanwhile
      if (this.#lost !== null) throw connectionLost(this.#lost);
      this.#answeredError = null;
      throw error instanceof pg.DatabaseError ? sqlError(error) : error;
    }
  }

  /** The server sends an error before it aborts the transaction and lets go of its locks: only when it is ready again is
   *  the statement over. And where the connection ends instead, the error was the reason of the end (57P01 and kin). */
  #settled(): Promise<void> {
    if (this.#ready || this.#lost !== null) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onSettled = resolve;
    });
  }

  #loseBecause(reason: Error): void {
    this.#lost ??= this.#answeredError ?? reason;
    this.#onSettled?.();
  }
}

function plainResult(result: pg.QueryResult): Result {
  return {
    // Both are null for an empty statement, and the count for those that count nothing.
    command: result.command || "",
    rowCount: result.rowCount ?? 0,
    rows: result.rows as Record<string, unknown>[],
  };
}

function sqlError(error: pg.DatabaseError): SqlError {
  const position = error.position === undefined ? null : Number(error.position);
  return new SqlError(error.code ?? "", error.message, error.detail ?? null, error.where ?? null, position);
}

function connectionLost(cause: unknown): ConnectionLost {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ConnectionLost(message, cause instanceof pg.DatabaseError ? (cause.code ?? null) : null, {
    cause,
  });
}

/** One result of one statement. int8 and timestamptz arrive as numbers: timestamptz in microseconds since 1970, UTC. */
export interface Result {
  readonly command: string;
  readonly rowCount: number;
  readonly rows: readonly Record<string, unknown>[];
}

/** A NOTICE or LOG message that the server pushed to this client. */
export interface Notice {
  readonly severity: string;
  readonly message: string;
}

export interface Notification {
  readonly channel: string;
  readonly payload: string;
  /** Process id of the backend that sent it. */
  readonly pid: number;
}

/** One connection to one backend. The only view of the driver that the rest of the harness has. */
export interface Connection {
  /** Process id of the backend. */
  readonly pid: number;
  /** Runs one or more statements by the simple protocol, in one round trip; one Result for each statement.
   *  Rejects with SqlError for what the server reports, with ConnectionLost when the connection ends first. */
  run(sql: string): Promise<readonly Result[]>;
  /** Runs one statement with parameters. */
  query(sql: string, parameters: readonly unknown[]): Promise<Result>;
  onNotice(listener: (notice: Notice) => void): void;
  onNotification(listener: (notification: Notification) => void): void;
  /** Resolves when the connection has ended, by whomever. The backend has let go of all that it held by then. */
  readonly ended: Promise<ConnectionLost>;
  close(): Promise<void>;
}

/** What the server answered in place of a result. */
export class SqlError extends Error {
  override readonly name = "SqlError";
  constructor(
    readonly sqlstate: string,
    message: string,
    readonly detail: string | null,
    /** The server's WHERE lines: the PL/pgSQL call stack. */
    readonly context: string | null,
    /** 1-based character offset into the statement's text, for syntax errors. */
    readonly position: number | null,
  ) {
    super(message);
  }
}

/** The connection ended without an answer: the call's outcome is unknown. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
  constructor(
    message: string,
    /** Of the server's last words: 57P01 where an administrator ended the backend. Null where it said nothing, or
     *  where something was being sent when it said it. */
    readonly sqlstate: string | null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

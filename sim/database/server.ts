import type { Connection } from "./connection.ts";

/** Stops and continues single backend processes; only where they run on this machine and belong to us. */
export interface BackendControl {
  /** SIGSTOP. The backend keeps its locks and its place in every queue. */
  pause(pid: number): void;
  /** SIGCONT. */
  resume(pid: number): void;
}

/** A running PostgreSQL server in which the harness may make databases of its own, and only works in those. */
export interface Server {
  readonly provider: "embedded" | "url" | "container";
  /** For messages and reports: host or socket, never a password. */
  readonly description: string;
  /** server_version_num, 180004 for 18.4. */
  readonly versionNumber: number;
  /** server_version as the server prints it. */
  readonly version: string;
  /** Null where the backends are out of reach (a server by URL, a container). */
  readonly backends: BackendControl | null;
  /** Starts another server like this one, to be crashed; null where there is none of our own. */
  readonly crashable: CrashableProvider | null;
  /** Opens a connection as the server's superuser to one database; to the maintenance database when null. */
  connect(database: string | null): Promise<Connection>;
  /** The command that joins one of its databases with psql; never with a password. */
  psql(database: string): string;
  /** Ends what start() began: stops a server of our own and removes its files, closes nothing of anybody else's. */
  stop(): Promise<void>;
}

/** A server of our own that can be crashed. */
export interface CrashableServer extends Server {
  /** Ends all its processes at once, as an immediate shutdown does, and starts it again on the same data: about 0.12 s.
   *  Every connection is lost. */
  crash(): Promise<void>;
}

/** Starts servers on which what was committed without waiting for the WAL is lost by a crash, and not by chance kept. */
export interface CrashableProvider {
  start(): Promise<CrashableServer>;
}

/** Starts or finds a server. Rejects with an EnvironmentFault that says what to do. */
export interface Provider {
  start(): Promise<Server>;
}

/** The environment is at fault, not the subject: no server, no Docker, no privilege. The command line exits with 3. */
export class EnvironmentFault extends Error {
  override readonly name = "EnvironmentFault";
}

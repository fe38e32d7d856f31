import type { Connection } from "../../database/connection.ts";
import type { Migration } from "../../database/migrations.ts";
import type { OwnDatabase } from "../../database/own-database.ts";
import type { Server } from "../../database/server.ts";

/** One of the foundation's tests (contract 6). */
export interface FoundationTest {
  /** Stable: evidence refers to it. */
  readonly id: string;
  readonly name: string;
  /** Resolves to what was seen; rejects with NotAsPromised, or with what the server says. */
  readonly run: (bench: Bench) => Promise<string>;
}

export interface Suite {
  /** Also the script's name, without test_ and with dashes. */
  readonly name: string;
  readonly tests: readonly FoundationTest[];
}

/** What the tests work on: databases of our own, made for them. */
export interface Bench {
  readonly server: Server;
  readonly migrations: readonly Migration[];
  /** The pause between two tries to get the runner's lock. */
  readonly wait: () => Promise<void>;
  /** Something on a fresh copy of what the migrations made, in virtual time. */
  onCopy<T>(action: (database: TestDatabase) => Promise<T>): Promise<T>;
  /** Something on a database that no migration has seen. */
  onEmpty<T>(action: (database: TestDatabase) => Promise<T>): Promise<T>;
}

export interface TestDatabase extends Pick<OwnDatabase, "name"> {
  /** A connection as the owner; closed when the test is over. */
  connect(): Promise<Connection>;
}

/** What was seen is not what the contract promises. */
export class NotAsPromised extends Error {
  override readonly name = "NotAsPromised";
}

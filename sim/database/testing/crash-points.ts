import type { Connection } from "../connection.ts";
import { statementsOf } from "../sql-text.ts";

/** One call of a connection. */
export interface RoundTrip {
  readonly sql: string;
  /** By the simple protocol, which takes several statements. */
  readonly simple: boolean;
}

/** Where a backend dies: before the statement, counted from 0, of the round trip, counted from 0. */
export interface CrashPoint {
  readonly roundTrip: number;
  readonly statement: number;
  /** What the backend does not come to. */
  readonly sql: string;
  /** For messages. */
  readonly name: string;
}

const noListeners = { onNotice: () => undefined, onNotification: () => undefined };

/** A connection that notes each round trip. */
export function recording(inner: Connection, trips: RoundTrip[]): Connection {
  return {
    ...noListeners,
    pid: inner.pid,
    run: (sql) => {
      trips.push({ sql, simple: true });
      return inner.run(sql);
    },
    query: (sql, parameters) => {
      trips.push({ sql, simple: false });
      return inner.query(sql, parameters);
    },
    ended: inner.ended,
    close: () => inner.close(),
  };
}

/** Every point of a recorded run: before each statement, whoever wrote it, the files or the runner. */
export const crashPoints = (trips: readonly RoundTrip[]): readonly CrashPoint[] =>
  trips.flatMap(({ sql, simple }, roundTrip) =>
    (simple ? statementsOf(sql) : [{ sql, line: 1 }]).map(({ sql: doomed, line }, statement) => ({
      roundTrip,
      statement,
      sql: doomed,
      name: `round trip ${roundTrip}, line ${line}, before ${doomed.trim().replace(/\s+/g, " ").slice(0, 60)}`,
    })),
  );

/** A connection whose backend dies at the point. */
export function dyingAt(
  { roundTrip, statement }: CrashPoint,
  inner: Connection,
  terminateBackend: (pid: number) => Promise<void>,
): Connection {
  let trips = 0;
  const isDue = (): boolean => trips++ === roundTrip;
  return {
    ...noListeners,
    pid: inner.pid,
    run: async (sql) => {
      if (!isDue()) return inner.run(sql);
      if (statement > 0) return inner.run(withDeath(sql, statement));
      await terminateBackend(inner.pid);
      return inner.run(sql);
    },
    query: async (sql, parameters) => {
      if (isDue()) await terminateBackend(inner.pid);
      return inner.query(sql, parameters);
    },
    ended: inner.ended,
    close: () => inner.close(),
  };
}

/** The text with a backend's suicide before one of its statements. The server looks for the signal between any two
 *  statements, so the next one does not begin. */
function withDeath(sql: string, statement: number): string {
  const texts = statementsOf(sql).map((each) => each.sql);
  const doomed = "select pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())";
  return [...texts.slice(0, statement), doomed, ...texts.slice(statement)].join(";\n");
}

import type { Connection } from "../database/connection.ts";
import type { YieldPoint } from "./yield-point.ts";
import { closeSql, countArrivalsSql, openSql } from "./yield-sql.ts";

/** Parks sessions at yield points and lets them go on. It holds advisory locks that nobody but sim.yield() waits for, so it
 *  is no part of what sessions do to each other. One round trip a change, however many yield points are passed. */
export class Gates {
  private readonly byNumber: ReadonlyMap<number, YieldPoint>;

  private constructor(
    private connection: Connection,
    points: readonly YieldPoint[],
  ) {
    this.byNumber = new Map(points.map((point) => [point.number, point]));
  }

  static async forSessions(
    connection: Connection,
    points: readonly YieldPoint[],
    sessionCount: number,
  ): Promise<Gates> {
    const counts = Array.from({ length: sessionCount }, (_, session) => countArrivalsSql(session));
    if (counts.length > 0) await connection.run(counts.join("; "));
    return new Gates(connection, points);
  }

  /** After a crash of the server, which has opened all gates. */
  reconnect(connection: Connection): void {
    this.connection = connection;
  }

  /** The yield point of that number. Throws RangeError for one that there is not. */
  point(number: number): YieldPoint {
    const point = this.byNumber.get(number);
    if (point === undefined) throw new RangeError(`no yield point ${number}`);
    return point;
  }

  /** Before the session runs: it parks at its yield point `ahead` from now, 1 being the next. Returns the number of that
   *  arrival. */
  async close(session: number, ahead: number): Promise<number> {
    const [closed] = await this.connection.run(closeSql(session, ahead));
    return Number(closed?.rows[0]?.["arrival"]);
  }

  /** Lets a parked session go on, to park again `ahead` from there. */
  async passOn(session: number, parkedAt: number, ahead: number): Promise<void> {
    await this.connection.run(`${closeSql(session, ahead)}; ${openSql(session, parkedAt)}`);
  }

  /** The session does not park at that arrival (any more). */
  async open(session: number, arrival: number): Promise<void> {
    await this.connection.run(openSql(session, arrival));
  }
}

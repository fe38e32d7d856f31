import type { Observation } from "../../model/observation.ts";
import type { Micros, Operation } from "../../model/operation.ts";
import type { ClaimedRow, EnqueuedRow, Response } from "../../model/response.ts";
import type { TransactionInfo } from "../../model/transaction-point.ts";
import { invariants } from "../../properties/invariants/index.ts";
import { rowsOf, type Timeline, timelineOf } from "../../properties/timeline.ts";
import { callSql } from "../../sim/call-sql.ts";
import { type Connection, type Notification, type Result, SqlError } from "../../sim/database/connection.ts";
import type { Event, RecordedCall } from "../../sim/history.ts";
import { Names } from "../../sim/names.ts";
import { observe } from "../../sim/observe.ts";
import { References } from "../../sim/references.ts";
import { decodeError, decodeRows, namedRows, nameIds } from "../../sim/responses.ts";
import type { Call } from "../../sim/schedule.ts";

const role = "symphony_control";

/** These need to know what was committed when: here only answers are seen, in the order in which they came. That order is
 *  enough for the others, since a lease and a back-off last for a second. */
const blind = ["INV-10", "INV-11"];

/** What parallel callers asked and were told, from empty tables on, and whether that can be right. */
export class PoolRound {
  private readonly names = new Names();
  private readonly references = new References();
  private readonly calls: RecordedCall[] = [];
  /** Each call is one; of the same number. */
  private readonly transactions: TransactionInfo[] = [];
  private readonly events: Event[] = [];
  private unexpected: string | null = null;

  constructor(
    private readonly ceiling: number | null,
    private readonly heard: readonly Notification[],
  ) {}

  /** An answer that is never right for a call with good arguments; null where there was none. */
  get failure(): string | null {
    return this.unexpected;
  }

  /** Asks, in a transaction of its own, whatever the others do meanwhile. */
  async ask(connection: Connection, session: number, call: Call): Promise<Response> {
    const asked = this.references.resolve(call);
    const action = nameIds(asked, this.names);
    const id =
      this.calls.push({ step: null, session, transaction: this.calls.length, autocommit: true, action }) - 1;
    this.events.push({ kind: "invoke", call: id });
    const { response, now } = await answerOf(connection, asked);
    this.transactions[id] = { id, session, role, isolation: "READ COMMITTED", now };
    this.note(call, asked, response);
    // Of thousands of calls most find nothing to do, and no invariant that is left has a use for that.
    if (response.kind === "ok" && response.rows.length > 0)
      this.events.push({ kind: "respond", call: id, response: namedRows(response, this.names) });
    return response;
  }

  /** The rows, at rest. */
  async look(connection: Connection): Promise<Observation> {
    const observation = await observe(connection, this.names);
    this.events.push({ kind: "observe", now: 0, observation, notifications: [] });
    return observation;
  }

  /** From here on honest workers bring to an end what is left. */
  closing(): void {
    this.events.push({ kind: "closing", omitted: null });
  }

  /** What is wrong, in words; null for nothing. */
  fault(): string | null {
    if (this.unexpected !== null) return this.unexpected;
    const { transactions, calls, events } = this;
    const timeline = timelineOf({ transactions, calls, events }, this.ceiling);
    for (const { id, check } of invariants.filter((each) => !blind.includes(each.id))) {
      const fault = check(timeline);
      if (fault !== null) return `${id}: ${fault.rule}`;
    }
    return this.wakeUpFault(timeline);
  }

  private wakeUpFault({ answered }: Timeline): string | null {
    const told = answered.flatMap((each) => rowsOf(each, "enqueue").map(({ outboxId }) => outboxId));
    const isSilent = this.heard.every(({ payload }) => payload === "");
    return isSilent && this.heard.length === new Set(told).size ? null : "not one wake-up for each row";
  }

  private note(call: Call, { kind }: Operation, response: Response): void {
    if (response.kind === "fail") {
      const isLost = kind === "complete" && response.sqlstate === "P7002";
      if (!isLost) this.unexpected ??= `${kind} failed with ${response.sqlstate}`;
      return;
    }
    const [row] = response.rows;
    if (call.op === "enqueue" && row !== undefined) this.references.noteEnqueued(call, row as EnqueuedRow);
    if (call.op === "claim")
      this.references.noteClaimed(call.worker ?? "", response.rows as readonly ClaimedRow[]);
  }
}

/** Time 0 for a call that failed: no invariant asks when that was. */
async function answerOf(
  connection: Connection,
  operation: Operation,
): Promise<{ readonly response: Response; readonly now: Micros }> {
  try {
    const results = await connection.run(`SELECT now() AS now; ${callSql(operation)}`);
    const [time, result] = results as [Result, Result];
    return { response: decodeRows(operation, result), now: time.rows[0]?.["now"] as Micros };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return { response: decodeError(error, () => null), now: 0 };
  }
}

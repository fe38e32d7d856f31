import type { Micros, Operation } from "../../model/operation.ts";
import type { Caller } from "../../model/privileges.ts";
import type { ClaimedRow, EnqueuedRow, Response } from "../../model/response.ts";
import { callSql } from "../../sim/call-sql.ts";
import { type Connection, type Notification, SqlError } from "../../sim/database/connection.ts";
import { quoteIdentifier } from "../../sim/database/quote.ts";
import { Names } from "../../sim/names.ts";
import { observe } from "../../sim/observe.ts";
import { References } from "../../sim/references.ts";
import { decodeError, decodeRows, namedRows, nameIds } from "../../sim/responses.ts";
import type { Call } from "../../sim/schedule.ts";
import type { Asked } from "./outbox-model.ts";

/** The outbox behind one connection, for one run: what a call's references mean, and what it answers in real time. */
export class RealOutbox {
  private readonly names = new Names();
  private readonly references = new References();

  constructor(
    private readonly connection: Connection,
    /** What the connection has heard and nobody has taken yet. */
    private readonly heard: Notification[],
  ) {}

  /** Asks in a transaction of its own. A connection that listens has its own notifications when its COMMIT is answered. */
  async ask(role: Caller, call: Call): Promise<Asked> {
    const operation = this.references.resolve(call);
    const begun = await this.connection.run(`BEGIN${roleSql(role)}; SELECT now() AS now`);
    const now = begun.at(-1)?.rows[0]?.["now"] as Micros;
    const response = await this.answer(operation);
    await this.connection.run("COMMIT");
    this.note(call, operation, response);
    return {
      ...{ role, operation: nameIds(operation, this.names), now },
      response: response.kind === "ok" ? namedRows(response, this.names) : response,
      observation: await observe(this.connection, this.names),
      notifications: this.heard.splice(0),
    };
  }

  private async answer(operation: Operation): Promise<Response> {
    try {
      const [result] = await this.connection.run(callSql(operation));
      return result === undefined ? { kind: "ok", rows: [] } : decodeRows(operation, result);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return decodeError(error, () => null);
    }
  }

  private note(call: Call, operation: Operation, response: Response): void {
    if (response.kind === "fail") return;
    const [row] = response.rows;
    if (call.op === "enqueue" && row !== undefined) this.references.noteEnqueued(call, row as EnqueuedRow);
    if (operation.kind === "claim")
      this.references.noteClaimed(operation.workerId ?? "", response.rows as readonly ClaimedRow[]);
  }
}

function roleSql(role: Caller): string {
  return role === "owner" ? "" : `; SET LOCAL ROLE ${quoteIdentifier(role)}`;
}

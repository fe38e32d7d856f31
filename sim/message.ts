import { autocommitSql, beginSql, callSql, impatient, preparedCallSql, type Start } from "./call-sql.ts";
import { type Action, isOperation, type TransactionCommand } from "./history.ts";
import { savepointSql } from "./savepoints.ts";

/** What a session sends for an action: one message of the simple protocol. */
export interface Message {
  readonly text: string;
  /** The statement in it that is the action's own; the others set up its transaction. */
  readonly statement: string;
}

export interface Manner {
  /** Of the transaction that the action begins; null inside one. */
  readonly start: Start | null;
  readonly prepared: boolean;
  /** It gives up where it would wait for a lock. */
  readonly impatient: boolean;
}

export function messageOf(action: Action, { start, prepared, impatient: givesUp }: Manner): Message {
  if (!isOperation(action)) return commandMessage(action, start);
  const statement = prepared ? preparedCallSql(action) : callSql(action);
  const sql = givesUp ? impatient(statement) : statement;
  return { text: start === null ? sql : autocommitSql(start, sql), statement };
}

function commandMessage(action: TransactionCommand, start: Start | null): Message {
  switch (action.kind) {
    case "begin": {
      if (start === null) throw new RangeError("a begin without a transaction's start");
      return { text: beginSql(start), statement: `BEGIN ISOLATION LEVEL ${start.isolation}` };
    }
    case "commit":
      return { text: "COMMIT", statement: "COMMIT" };
    case "rollback":
      return { text: "ROLLBACK", statement: "ROLLBACK" };
    default: {
      const statement = savepointSql(action.kind, action.name);
      return { text: statement, statement };
    }
  }
}

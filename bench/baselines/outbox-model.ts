import type { Observation } from "../../model/observation.ts";
import type { Micros, Operation } from "../../model/operation.ts";
import type { Caller } from "../../model/privileges.ts";
import type { Response } from "../../model/response.ts";
import type { SequentialModel } from "../../model/sequential-model.ts";
import type { TransactionPoint } from "../../model/transaction-point.ts";
import { transactionModel } from "../../model/transactions.ts";
import type { World } from "../../model/world.ts";
import type { Notification } from "../../sim/database/connection.ts";

/** A call that was a transaction of its own, and what was seen after it. */
export interface Asked {
  readonly role: Caller;
  readonly operation: Operation;
  readonly response: Response;
  /** The transaction's start, by the server's clock. */
  readonly now: Micros;
  readonly observation: Observation;
  /** Heard since the call before. */
  readonly notifications: readonly Notification[];
}

/** The outbox did what the model does not allow. */
export class Wrong extends Error {}

/** The harness's own model, asked about one call after another: response, rows and wake-ups. */
export class OutboxModel {
  private readonly model: SequentialModel<World, TransactionPoint>;
  private world: World;
  private transactions = 0;

  /** The retry ceiling; null where its setting is bad. */
  constructor(ceiling: number | null) {
    this.model = transactionModel(ceiling);
    this.world = this.model.initial;
  }

  /** Throws Wrong. */
  judge({ role, operation, response, now, observation, notifications }: Asked): void {
    const keys = this.world.committed.keys.size;
    const isolation = "READ COMMITTED" as const;
    const transaction = { id: this.transactions++, session: 0, role, isolation, now };
    this.take({
      ...{ kind: "call", transaction, operation, response },
      ...{ cycleHasSeveralCalls: false, interruption: null },
    });
    this.take({
      ...{ kind: "commit", transaction },
      outcome: response.kind === "ok" ? "committed" : "rolled back",
    });
    this.take({ kind: "observe", observation });
    const expected = this.world.committed.keys.size - keys;
    if (notifications.length !== expected || notifications.some(({ payload }) => payload !== ""))
      throw new Wrong("a first enqueue wakes once, with an empty payload, and nothing else does");
  }

  private take(point: TransactionPoint): void {
    const next = this.model.next(this.world, point);
    if ("refusal" in next) throw new Wrong(next.refusal.rule);
    // Without concurrency there is one.
    for (const state of next.states) this.world = state;
  }
}

import type { ClaimedRow } from "../../model/response.ts";
import type { Call, RowRef } from "../../sim/schedule.ts";

const keys = 300;
/** The claims that a completion is about: a worker's own, or one that another has just got. */
const recent = 12;

/** Calls as workers make them at random, with good arguments, leases of a second, and a zombie now and then. */
export class PoolCalls {
  private readonly claimed: RowRef[] = [];

  constructor(private readonly random: () => number) {}

  next(worker: string): Call {
    const draw = this.random();
    if (draw < 0.3) return this.enqueue();
    if (draw < 0.55) return { op: "claim", batchSize: 1 + this.below(3), worker, leaseSeconds: 1 };
    const row = this.claimed[this.below(this.claimed.length)];
    if (draw < 0.9 && row !== undefined) return this.complete(row);
    return { op: "repair", batchSize: 1 + this.below(3), worker };
  }

  note(rows: readonly ClaimedRow[]): void {
    for (const { instructionId, idempotencyKey } of rows)
      this.claimed.push({ instruction: instructionId, key: idempotencyKey });
    this.claimed.splice(0, this.claimed.length - recent);
  }

  private enqueue(): Call {
    const number = this.below(keys);
    const participant = number % 2 === 0 ? "p" : "q";
    return { op: "enqueue", instruction: `i${number}`, key: "k", participant, rail: "sepa", payload: "{}" };
  }

  private complete(row: RowRef): Call {
    const lease = this.random() < 0.85 ? "latest" : "previous";
    const worker = this.random() < 0.95 ? "holder" : "stranger";
    const states = ["DISPATCHED", "FAILED", "RETRYABLE", "RETRYABLE"] as const;
    return {
      ...{ op: "complete", row, lease, worker, state: states[this.below(4)] ?? "RETRYABLE" },
      ...{ rail: { reference: null, code: null }, error: { code: null, message: null } },
      ...{ latencyMs: null, retryDelaySeconds: 1 },
    };
  }

  private below(count: number): number {
    return Math.floor(this.random() * count);
  }
}

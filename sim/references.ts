import type { Observation } from "../model/observation.ts";
import type { Micros, Operation, TableOperation } from "../model/operation.ts";
import type { ClaimedRow, EnqueuedRow } from "../model/response.ts";
import type { Call, Deadline, LeaseRef, RowRef, WorkerRef } from "./schedule.ts";

/** An id that no row has. */
export const nobodysId = "00000000-0000-4000-8000-000000000000";
/** A token that no claim returned. */
export const forgedToken = "ffffffff-ffff-4fff-bfff-ffffffffffff";
/** A worker that never claims. */
const stranger = "stranger";

interface Lease {
  readonly row: string;
  readonly token: string;
  readonly worker: string;
  readonly expiresAt: Micros;
}

type TableCall = Exclude<Call, { op: "enqueue" | "claim" | "complete" | "repair" | "ceiling" }>;
type CompleteCall = Extract<Call, { op: "complete" }>;

/** Turns symbolic references into the ids that this run's responses brought, committed or not. */
export class References {
  private readonly rows = new Map<string, string>();
  private readonly leases: Lease[] = [];

  noteEnqueued(ref: { instruction: string | null; key: string | null }, row: EnqueuedRow): void {
    this.rows.set(refName(ref), row.outboxId);
  }

  noteClaimed(worker: string, rows: readonly ClaimedRow[]): void {
    for (const { outboxId, instructionId, idempotencyKey, leaseToken, leaseExpiresAt } of rows) {
      // A claim knows a row whose enqueuer never got its answer.
      this.rows.set(refName({ instruction: instructionId, key: idempotencyKey }), outboxId);
      this.leases.push({ row: outboxId, token: leaseToken, worker, expiresAt: leaseExpiresAt });
    }
  }

  /** The operation that a call means now. */
  resolve(call: Call): Operation {
    switch (call.op) {
      case "enqueue": {
        const { instruction, key, participant, rail, payload } = call;
        const texts = { instructionId: instruction, participantId: participant, idempotencyKey: key };
        return { kind: "enqueue", ...texts, railType: rail, payload };
      }
      case "claim":
        return {
          kind: "claim",
          batchSize: call.batchSize,
          workerId: call.worker,
          leaseSeconds: call.leaseSeconds,
        };
      case "complete":
        return this.resolveComplete(call);
      case "repair":
        return { kind: "repair", batchSize: call.batchSize, workerId: call.worker };
      case "ceiling":
        return { kind: "ceiling" };
      default:
        return resolveTableCall(call);
    }
  }

  /** The row's deadline: its latest lease's expiry as its claimer knows it, or its next attempt as last observed. */
  deadline(row: RowRef, deadline: Deadline, observed: Observation): Micros | null {
    const id = this.rows.get(refName(row));
    if (deadline === "lease") return this.leasesOf(id).at(-1)?.expiresAt ?? null;
    const pending = observed.pending.find(
      (each) => each.instructionId === row.instruction && each.idempotencyKey === row.key,
    );
    return pending?.nextAttemptAt ?? null;
  }

  private resolveComplete(call: CompleteCall): Operation {
    const id = call.row === null ? undefined : this.rows.get(refName(call.row));
    const lease = this.lease(id, call.lease);
    return {
      kind: "complete",
      outboxId: call.row === null ? null : (id ?? nobodysId),
      leaseToken: call.lease === "null" ? null : (lease?.token ?? forgedToken),
      workerId: this.worker(id, lease, call.worker),
      state: call.state,
      railReference: call.rail.reference,
      railCode: call.rail.code,
      errorCode: call.error.code,
      errorMessage: call.error.message,
      latencyMs: call.latencyMs,
      retryDelaySeconds: call.retryDelaySeconds,
    };
  }

  private lease(id: string | undefined, ref: LeaseRef): Lease | undefined {
    switch (ref) {
      case "latest":
        return this.leasesOf(id).at(-1);
      case "previous":
        return this.leasesOf(id).at(-2);
      case "other":
        return this.leases.findLast((lease) => lease.row !== id);
      case "forged":
      case "null":
        return undefined;
    }
  }

  private worker(id: string | undefined, lease: Lease | undefined, ref: WorkerRef): string | null {
    if (ref === "null") return null;
    if (ref === "stranger") return stranger;
    return (lease ?? this.leasesOf(id).at(-1))?.worker ?? stranger;
  }

  private leasesOf(id: string | undefined): readonly Lease[] {
    return this.leases.filter((lease) => lease.row === id);
  }
}

/** The calls on tables name what they mean. */
function resolveTableCall(call: TableCall): TableOperation {
  switch (call.op) {
    case "insertPolicy":
    case "setPolicy":
    case "demotePolicy":
    case "tamper": {
      const { op: kind, ...rest } = call;
      return { kind, ...rest } as TableOperation;
    }
    case "attest": {
      const { id, instruction, tenant, payloadHash, signatureHash } = call;
      const ids = { attestationId: id, instructionId: instruction, tenantId: tenant };
      return { kind: "attest", ...ids, payloadHash, signatureHash };
    }
    case "revoke": {
      const { table, id, expiresInSeconds, reason, by } = call;
      return { kind: "revoke", table, id, expiresInSeconds, reasonCode: reason, revokedBy: by };
    }
  }
}

function refName(ref: { instruction: string | null; key: string | null }): string {
  return JSON.stringify([ref.instruction, ref.key]);
}

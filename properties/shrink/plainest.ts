import type { Call, Schedule } from "../../sim/schedule.ts";
import { attestationIds } from "../generate/table-calls.ts";

/** What each operation's call has where nothing else matters. */
export const plainest = {
  enqueue: { instruction: "a", key: "1", participant: "p", rail: "sepa", payload: "{}" },
  claim: { batchSize: 1, worker: "w1", leaseSeconds: 1 },
  complete: {
    row: { instruction: "a", key: "1" },
    lease: "latest",
    worker: "holder",
    state: "DISPATCHED",
    rail: { reference: null, code: null },
    error: { code: null, message: null },
    latencyMs: null,
    retryDelaySeconds: 1,
  },
  repair: { batchSize: 1, worker: "r1" },
  ceiling: {},
  insertPolicy: { version: "v1", status: "ACTIVE", graceSeconds: null, checksum: "c" },
  setPolicy: { version: "v1", status: "ACTIVE", graceSeconds: null },
  demotePolicy: { status: "RETIRED", graceSeconds: null },
  attest: { id: attestationIds[0], instruction: "a", tenant: null, payloadHash: "h", signatureHash: null },
  revoke: { table: "revokedCerts", id: "x", expiresInSeconds: null, reason: null, by: null },
  tamper: { ledger: "attempts", verb: "update" },
} as const satisfies Record<Call["op"], object>;

/** The arguments that a reader passes over: what a call has where nothing else matters. */
export function plainestArguments(call: Call): Readonly<Record<string, unknown>> {
  return plainest[call.op];
}

/** How many arguments of the schedule's calls are not the plainest. */
export function remarkableArguments({ steps }: Schedule): number {
  return steps.flatMap((step) => (step.kind === "call" ? differing(step.call) : [])).length;
}

function differing(call: Call): readonly string[] {
  const given = call as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(plainestArguments(call))
    .filter(([name, value]) => JSON.stringify(given[name]) !== JSON.stringify(value))
    .map(([name]) => name);
}

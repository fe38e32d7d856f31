import { nothingObserved } from "../../model/observation.ts";
import type { Violation } from "../../properties/verdict.ts";
import { epoch } from "../../sim/clock/virtual-clock.ts";
import type { Event, History } from "../../sim/history.ts";
import type { Schedule } from "../../sim/schedule.ts";
import type { ReplaySource } from "../replay-file.ts";

const completion = {
  kind: "complete",
  outboxId: "row1",
  leaseToken: "forged",
  workerId: "w\u001b[2J",
  state: "RETRYABLE",
  railReference: null,
  railCode: null,
  errorCode: "TIMEOUT",
  errorMessage: null,
  latencyMs: null,
  retryDelaySeconds: null,
} as const;

const schedule: Schedule = {
  setup: { retryCeiling: "2" },
  sessions: [
    { role: "symphony_control", isolation: "READ COMMITTED" },
    { role: "symphony_executor", isolation: "SERIALIZABLE" },
  ],
  steps: [
    { kind: "begin", session: 0, isolation: "REPEATABLE READ" },
    { kind: "call", session: 0, call: { op: "repair", batchSize: 1, worker: "" } },
    {
      kind: "call",
      session: 1,
      call: {
        op: "complete",
        row: { instruction: "a", key: "1" },
        lease: "forged",
        worker: "holder",
        state: "RETRYABLE",
        rail: { reference: null, code: null },
        error: { code: "TIMEOUT", message: null },
        latencyMs: null,
        retryDelaySeconds: null,
      },
    },
    { kind: "advanceTo", row: { instruction: "a", key: "1" }, deadline: "lease", offsetMicros: 0 },
    { kind: "commit", session: 1 },
  ],
};

const events: readonly Event[] = [
  { kind: "invoke", call: 0 },
  { kind: "respond", call: 0, response: { kind: "ended", command: "BEGIN" } },
  { kind: "invoke", call: 1 },
  { kind: "respond", call: 1, response: { kind: "ok", rows: [{ outboxId: "row1", attemptNo: 1 }] } },
  { kind: "invoke", call: 2 },
  { kind: "wait", call: 2, lock: "transactionid", blockedBy: [0] },
  { kind: "advance", step: 3, now: epoch + 60_000_000 },
  { kind: "skip", step: 4, reason: "blocked" },
  { kind: "invoke", call: 3 },
  { kind: "respond", call: 3, response: { kind: "ended", command: "COMMIT" } },
  { kind: "respond", call: 2, response: { kind: "ok", rows: [{ attemptNo: 2, state: "RETRYABLE" }] } },
  {
    kind: "observe",
    now: epoch + 60_000_000,
    observation: {
      ...nothingObserved,
      pending: [],
      attempts: [],
      sequences: [{ participantId: "p", next: 3 }],
    },
    notifications: [{ session: 1, payload: "" }],
  },
];

const history: History = {
  transactions: [
    { id: 0, session: 0, role: "symphony_control", isolation: "REPEATABLE READ", now: epoch + 1 },
    { id: 1, session: 1, role: "symphony_executor", isolation: "SERIALIZABLE", now: epoch + 2 },
  ],
  calls: [
    { step: 0, session: 0, transaction: 0, autocommit: false, action: { kind: "begin" } },
    {
      step: 1,
      session: 0,
      transaction: 0,
      autocommit: false,
      action: { kind: "repair", batchSize: 1, workerId: "" },
    },
    { step: 2, session: 1, transaction: 1, autocommit: true, action: completion },
    { step: null, session: 0, transaction: 0, autocommit: false, action: { kind: "commit" } },
  ],
  events,
};

const fencing: Violation = {
  oracle: "invariant",
  invariant: "INV-05",
  rule: "completed with another token",
  event: 10,
  expected: ["lease1"],
  observed: `a completion with token forged, worker w1, at ${epoch + 2}`,
};

const state: Violation = {
  oracle: "state",
  invariant: null,
  rule: "state: sequences.next differs",
  event: 11,
  expected: [`p: ${JSON.stringify({ participantId: "p", next: 2 })}`],
  observed: JSON.stringify(events[11]),
};

/** Seen by an invariant, and by the state oracle too; a lock wait, an advance, a skipped step, a value that would clear the
 *  screen. */
export const fencingCounterexample: ReplaySource = {
  signature: "INV-05: completed with another token",
  violations: [fencing, state],
  schedule,
  history,
  original: schedule,
  reproduced: true,
};

/** The same history, where the state comes first. */
export const stateCounterexample: ReplaySource = {
  ...fencingCounterexample,
  signature: "state: state: sequences.next differs",
  violations: [state],
};

import { afterAll, beforeAll, expect, test } from "vitest";
import { nobodysId } from "./references.ts";
import { play } from "./play.ts";
import type { Call, Schedule } from "./schedule.ts";
import { sentMessages } from "./sent-messages.ts";
import { type OwnLane, startOwnLane } from "./testing/embedded-stage.ts";

let own: OwnLane;
beforeAll(async () => {
  own = await startOwnLane(2);
});
afterAll(() => own.stop());

const claim: Call = { op: "claim", batchSize: 1, worker: "w1", leaseSeconds: 1 };
const complete: Call = {
  op: "complete",
  row: { instruction: "never", key: "enqueued" },
  lease: "forged",
  worker: "stranger",
  state: "DISPATCHED",
  rail: { reference: null, code: null },
  error: { code: null, message: null },
  latencyMs: null,
  retryDelaySeconds: 1,
};
const schedule: Schedule = {
  setup: { retryCeiling: null, settings: { enable_sort: "off" } },
  sessions: [
    { role: "symphony_control", isolation: "READ COMMITTED" },
    { role: "symphony_executor", isolation: "SERIALIZABLE", prepared: true },
  ],
  steps: [
    { kind: "begin", session: 0, isolation: "REPEATABLE READ" },
    { kind: "savepoint", session: 0, name: "s1" },
    { kind: "lockTimeout", session: 0 },
    { kind: "call", session: 0, call: complete },
    { kind: "rollbackTo", session: 0, name: "s1" },
    { kind: "call", session: 0, call: claim },
    { kind: "commit", session: 0 },
    { kind: "call", session: 1, call: claim },
    { kind: "lockTimeout", session: 1 },
    { kind: "terminate", session: 1 },
    { kind: "call", session: 1, call: { op: "ceiling" } },
  ],
};

test("a history's calls have the text that was sent, word for word but for the ids", async () => {
  const sent: string[] = [];
  for (const session of own.lane.sessions) {
    const start = session.start.bind(session);
    session.start = (sql) => {
      sent.push(sql);
      start(sql);
    };
  }
  const history = await play(own.lane, schedule);
  expect(history.calls).toHaveLength(sent.length);
  const named = sent.map((text) =>
    text.replace(nobodysId, "nobody").replace(/'f{8}-[-0-9a-f]+'/, "'forged'"),
  );
  expect(sentMessages(schedule, history).map(({ text }) => text)).toEqual(named);
});

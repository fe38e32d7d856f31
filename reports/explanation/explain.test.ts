import { describe, expect, test } from "vitest";
import { type Observation, rowName, tableNames } from "../../model/observation.ts";
import type { Counterexample } from "../../properties/counterexample.ts";
import { judgeCase } from "../../properties/judge-case.ts";
import type { Change, Explanation } from "../../schema/json/explanation.ts";
import { explanationFaults } from "../schema.ts";
import { fencingCounterexample, stateCounterexample } from "../testing/counterexamples.ts";
import { recorded, recordedBugs } from "../testing/recorded.ts";
import { explain } from "./explain.ts";

describe("the explanation of a recorded counterexample", () => {
  test.each(recordedBugs)("%s: is a document of its schema", (bug) => {
    const explanation = explain(recorded(bug));
    expect(explanationFaults(JSON.parse(JSON.stringify(explanation)))).toEqual([]);
    expect(explanation.lines.filter(({ wrong }) => wrong)).toHaveLength(1);
  });

  test.each(recordedBugs)("%s: its changes, one after another, give the rows of each look", (bug) => {
    const counterexample = recorded(bug);
    const { lines } = explain(counterexample);
    const rows = new Map<string, unknown>();
    for (const { database, lookedAt } of lines) {
      for (const change of database ?? []) apply(rows, change);
      if (lookedAt !== null) expect(rows).toEqual(rowsAt(counterexample, lookedAt));
    }
  });

  test.each(recordedBugs)("%s: the model is the database's until the wrong line", (bug) => {
    const { lines } = explain(recorded(bug));
    const before = lines.slice(
      0,
      lines.findIndex(({ wrong }) => wrong),
    );
    expect(before.flatMap(({ differences }) => differences ?? [])).toEqual([]);
    expect(before.every(({ model }) => model !== null)).toBe(true);
  });

  test("of a made one, which no model follows far, too", () => {
    for (const made of [fencingCounterexample, stateCounterexample])
      expect(explanationFaults(JSON.parse(JSON.stringify(explain(made))))).toEqual([]);
  });
});

function apply(rows: Map<string, unknown>, { table, row, before, after }: Change): void {
  const name = `${table} ${row}`;
  expect(rows.get(name) ?? null).toEqual(before);
  if (after === null) rows.delete(name);
  else rows.set(name, after);
}

function rowsAt({ history }: Counterexample, event: number): Map<string, unknown> {
  const looked = history.events[event];
  const observation = looked?.kind === "observe" ? looked.observation : ({} as Observation);
  return new Map(
    tableNames.flatMap((table) =>
      observation[table].map((row): [string, unknown] => [`${table} ${rowName(table, row)}`, row]),
    ),
  );
}

describe("what it tells", () => {
  const wrongLine = ({ lines }: Explanation) => lines.find(({ wrong }) => wrong);

  test("the answers that the model allows, beside the one that was given", () => {
    const explanation = explain(recorded("fence-at-expiry"));
    expect(wrongLine(explanation)).toMatchObject({
      allowed: ["fail P7002 (LEASE_LOST)"],
      answer: { kind: "ok", rows: [{ attemptNo: 1, state: "DISPATCHED" }] },
    });
    expect(explanation.lines.map(({ allowed }) => allowed)).toEqual([
      ["ok a fresh id, sequence 1, created at +0.000001s, PENDING"],
      ["the first 1 free of [row1]"],
      null,
      ["fail P7002 (LEASE_LOST)"],
    ]);
  });

  test("the SQL as it was sent, the transaction's settings with it", () => {
    const { lines } = explain(recorded("fence-at-expiry"));
    expect(lines.at(-1)?.sql?.statement).toBe(
      "SELECT * FROM public.complete_outbox_attempt(p_outbox_id => 'row1'::uuid, p_lease_token => 'lease1'::uuid, " +
        "p_worker_id => 'w1'::text, p_state => 'DISPATCHED'::public.outbox_attempt_state)",
    );
    expect(lines.at(-1)?.sql?.text).toContain(
      "SET LOCAL sim.now = '2026-01-01T00:00:01.000002Z'; SET LOCAL ROLE \"symphony_control\"; SELECT",
    );
  });

  test("each lease, with its deadline, who passed it and what ended it", () => {
    const { leases, lines } = explain(recorded("fence-at-expiry"));
    expect(leases).toEqual([
      {
        row: "row1",
        token: "lease1",
        worker: "w1",
        session: 0,
        granted: 1,
        expiresAt: lines[2]?.time,
        expired: 2,
        ended: 3,
        how: "completed",
      },
    ]);
  });

  test("the longest linearization, and the line that none reaches past", () => {
    const { linearization } = explain(recorded("fence-at-expiry"));
    expect(linearization).toMatchObject({
      verdict: "violated",
      stoppedAt: 3,
      rule: "complete: must fail with LEASE_LOST",
      expected: ["fail P7002 (LEASE_LOST)"],
    });
    expect(linearization.order.filter(({ kind }) => kind === "call").map(({ line }) => line)).toEqual([0, 1]);
  });

  test("a violation that the model does not see leaves a whole linearization", () => {
    const { linearization, rule } = explain(recorded("claim-waits"));
    expect(rule).toBe("claim waits for a lock");
    expect(linearization).toMatchObject({ verdict: "ok", stoppedAt: null, rule: null });
  });

  test("who waits for whom, who holds what by the model, and who lets whom go on", () => {
    const { lines, standing } = explain(recorded("claim-waits"));
    expect(lines.map(({ wait, wokenBy }) => [wait?.blockedBy ?? [], wokenBy])).toEqual([
      [[], null],
      [[], null],
      [[], null],
      [[1], null],
      [[], null],
      [[], 4],
    ]);
    expect(lines[3]?.model?.held).toEqual([{ session: 1, resources: ["pending/row1"] }]);
    expect(standing.map(({ doing, blockedBy }) => [doing, blockedBy])).toEqual([
      ["waits", [1]],
      ["in a transaction", []],
    ]);
  });

  test("the statement inside a function at which a session stood", () => {
    const { lines } = explain(recorded("claim-in-two-statements"));
    expect(lines.find(({ parkedAt }) => parkedAt !== null)?.parkedAt).toMatchObject({
      function: "claim_outbox_batch",
      line: 23,
    });
  });

  test("the difference at a look at the rows, where that is the wrong line", () => {
    const { schedule, history } = recorded("claim-waits");
    const events = history.events.map((event) =>
      event.kind === "observe"
        ? {
            ...event,
            observation: { ...event.observation, sequences: [{ participantId: "p", next: 9 }] },
          }
        : event,
    );
    const verdict = judgeCase(schedule, { ...history, events });
    if (verdict.kind !== "violated") throw new Error("not violated");
    const { violations } = verdict;
    const explanation = explain({ signature: "", violations, schedule, history: { ...history, events } });
    expect(wrongLine(explanation)).toMatchObject({
      kind: "rows",
      differences: [{ table: "sequences", row: "p", model: { next: 2 }, database: { next: 9 } }],
    });
    expect(explanation.linearization.stoppedAt).toBe(1);
  });

  test("in which rows and columns the model and the database differ", () => {
    const { lines } = explain(recorded("claim-in-two-statements"));
    expect(lines.at(-1)?.differences).toMatchObject([
      { table: "pending", row: "row1", model: { leaseToken: "lease1" }, database: { leaseToken: "lease2" } },
    ]);
  });
});

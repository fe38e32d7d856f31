import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTerminal } from "../../model/attempt.ts";
import { fail, usual } from "../../model/fixtures.ts";
import { ceilings, type Moment, operation, play, script } from "./honest-histories.ts";
import { judge } from "../../model/judge.ts";
import type { Operation } from "../../model/operation.ts";
import type { Response } from "../../model/response.ts";
import { emptyState, type OutboxState } from "../../model/state.ts";
import { applyWrites } from "../../model/write.ts";

const seed = 20_260_101;

function property(description: string, visit: (moment: Moment) => void, afterwards?: () => void): void {
  test(`${description} (seed ${seed})`, () => {
    const histories = fc.property(script, ceilings, (steps, ceiling) => {
      play(steps, ceiling, visit);
    });
    fc.assert(histories, { seed, numRuns: 300 });
    afterwards?.();
  });
}

describe("along random honest histories", () => {
  property("an honest answer is always accepted", ({ state, op, response, circumstances }) => {
    expect(judge(state, op, response, circumstances)).toMatchObject({ allowed: true });
  });

  property("judging changes nothing and always says the same", ({ state, op, response, circumstances }) => {
    const before = structuredClone(state);
    const judgement = judge(state, op, response, circumstances);
    if (judgement.allowed) applyWrites(state, judgement.writes);
    expect(judge(state, op, response, circumstances)).toEqual(judgement);
    expect(state).toEqual(before);
  });

  property("participants' numbers have no gap", ({ state }) => {
    const numberOf = new Map<string, Map<string, number>>();
    for (const row of [...state.pending.values(), ...[...state.attempts.values()].flat()]) {
      const ofParticipant = numberOf.get(row.participantId) ?? new Map<string, number>();
      numberOf.set(row.participantId, ofParticipant.set(row.outboxId, row.sequenceId));
    }
    for (const [participant, byRow] of numberOf) {
      expect([...byRow.values()].sort((a, b) => a - b)).toEqual(upTo(byRow.size));
      expect(state.sequences.get(participant)).toBe(byRow.size + 1);
    }
  });

  property("attempts are numbered, leases whole, and each key is in one place", ({ state }) => {
    for (const rows of state.attempts.values()) {
      expect(rows.map((row) => row.attemptNo)).toEqual(upTo(rows.length));
    }
    for (const row of state.pending.values()) {
      expect(row.attemptCount).toBe(state.attempts.get(row.outboxId)?.length ?? 0);
      const absent = [row.claimedBy, row.leaseToken, row.leaseExpiresAt].filter((each) => each === null);
      expect([0, 3]).toContain(absent.length);
    }
    for (const { outboxId } of state.keys.values()) {
      const ends = (state.attempts.get(outboxId) ?? []).filter((row) => isTerminal(row.state));
      expect(ends.length + (state.pending.has(outboxId) ? 1 : 0)).toBe(1);
    }
  });

  property("an answer with one thing changed is refused", ({ state, op, response, circumstances }) => {
    for (const changed of changes(response)) {
      const { allowed } = judge(state, op, changed, circumstances);
      const equivalent = isEquivalent(state, op, response, changed);
      expect({ op, response, changed, allowed }).toEqual({ op, response, changed, allowed: equivalent });
    }
  });

  const reached = new Set<string>();
  property(
    "what matters happens",
    ({ op, response }) => {
      const rows = response.kind === "ok" ? response.rows : [];
      reached.add(`${op.kind} ${response.kind === "fail" ? response.sqlstate : rows.length}`);
      const asked = op.kind === "complete" ? `complete ${op.state} as` : op.kind;
      for (const row of rows) if ("state" in row) reached.add(`${asked} ${row.state}`);
    },
    () => {
      for (const name of [
        ...["claim 0", "claim 1", "claim 2", "claim 3", "claim 22023", "repair 0", "repair 1", "repair 2"],
        ...[
          "repair 22023",
          "ceiling 1",
          "ceiling 22023",
          "complete P7002",
          "complete P7003",
          "complete 22023",
        ],
        ...[
          "complete RETRYABLE as RETRYABLE",
          "complete RETRYABLE as FAILED",
          "complete DISPATCHED as DISPATCHED",
        ],
        ...["enqueue PENDING", "enqueue FAILED", "enqueue DISPATCHED", "enqueue 22023"],
      ]) {
        expect([...reached]).toContain(name);
      }
    },
  );
});

function upTo(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}

/** Each response that differs in one column, by one row, or in success. */
function* changes(response: Response): Generator<Response> {
  if (response.kind === "fail") {
    yield { kind: "ok", rows: [] };
    for (const other of ["23505", "25P02", "42501", "55P03", "XX000"]) yield fail(other);
    return;
  }
  for (const sqlstate of ["22023", "23505", "P7002", "P7003", "40001", "40P01"]) yield fail(sqlstate);
  for (const [index, row] of response.rows.entries()) {
    yield { kind: "ok", rows: response.rows.toSpliced(index, 1) };
    yield { kind: "ok", rows: [...response.rows, row] };
    for (const [column, value] of Object.entries(row) as [string, unknown][]) {
      for (const other of others(value)) {
        yield { kind: "ok", rows: response.rows.with(index, { ...row, [column]: other }) };
      }
    }
  }
}

function others(value: unknown): readonly unknown[] {
  if (typeof value === "number") return [value + 1, value - 1, String(value), null, undefined];
  return [`${String(value)}x`, "", null, 1, undefined].filter((other) => other !== value);
}

/** The contract leaves open which id a new row gets, and which token a lease: another text that nobody has is as good. */
function isEquivalent(state: OutboxState, op: Operation, response: Response, changed: Response): boolean {
  if (response.kind === "fail" || changed.kind === "fail") return false;
  if (response.rows.length !== changed.rows.length) return false;
  const free = op.kind === "enqueue" && isNew(state, response) ? "outboxId" : "leaseToken";
  return response.rows.every((row, index) => {
    const other = changed.rows[index] as unknown as Record<string, unknown>;
    return Object.entries(row).every(([column, value]) => {
      return value === other[column] || (column === free && typeof other[column] === "string");
    });
  });
}

function isNew(state: OutboxState, { rows }: Extract<Response, { kind: "ok" }>): boolean {
  const known = new Set([...state.keys.values()].map(({ outboxId }) => outboxId));
  return rows.every((row) => "outboxId" in row && !known.has(row.outboxId));
}

test(`no operation and no rows make it throw (seed ${seed})`, () => {
  const value = fc.oneof(fc.anything(), fc.constantFrom<unknown[]>("id1", "w1", "PENDING", 1, null));
  const columns = [
    "outboxId",
    "sequenceId",
    "createdAt",
    "state",
    "leaseToken",
    "attemptNo",
    "ceiling",
    "payload",
  ];
  const row = fc.record(Object.fromEntries(columns.map((name) => [name, value])), { requiredKeys: [] });
  const response = fc.oneof(
    fc.array(row, { maxLength: 3 }).map((rows): Response => ({ kind: "ok", rows: rows as never })),
    fc.string().map(fail),
  );
  const strange = fc.dictionary(
    fc.constantFrom("payload", "batchSize", "workerId", "state"),
    fc.oneof(fc.string(), fc.double(), fc.constant(null)),
  );
  const histories = fc.property(
    script,
    ceilings,
    operation,
    strange,
    response,
    (steps, ceiling, op, over, answer) => {
      const states: OutboxState[] = [emptyState];
      play(steps.slice(0, 10), ceiling, ({ state }) => states.push(state));
      for (const state of states) {
        const judged = () => judge(state, { ...op, ...over }, answer, { ...usual, ceiling });
        expect(judged()).toEqual(judged());
      }
    },
  );
  fc.assert(histories, { seed, numRuns: 1000 });
});

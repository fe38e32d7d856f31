import { describe, expect, test } from "vitest";
import { claim, complete, enqueue, repair } from "../model/fixtures.ts";
import { autocommitSql, beginSql, callSql, preparedCallSql } from "./call-sql.ts";
import { epoch } from "./clock/virtual-clock.ts";

const start = {
  isolation: "REPEATABLE READ",
  role: "symphony_ingest",
  now: epoch + 5,
  settings: {},
} as const;

describe("a transaction's start", () => {
  const settings = `SET LOCAL sim.now = '2026-01-01T00:00:00.000005Z'; SET LOCAL ROLE "symphony_ingest"`;
  test("sets level, time and role, and takes no snapshot", () => {
    expect(beginSql(start)).toBe(`BEGIN ISOLATION LEVEL REPEATABLE READ; ${settings}`);
  });
  test("sets what the case sets, quoted, before the role", () => {
    const settings = { enable_sort: "off", work_mem: "64'kB" };
    expect(beginSql({ ...start, settings })).toBe(
      `BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL sim.now = '2026-01-01T00:00:00.000005Z'; ` +
        `SET LOCAL "enable_sort" = 'off'; SET LOCAL "work_mem" = '64''kB'; SET LOCAL ROLE "symphony_ingest"`,
    );
  });
  test("of a single call goes in one message with it, without BEGIN or COMMIT", () => {
    expect(autocommitSql(start, callSql({ kind: "ceiling" }))).toBe(
      `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; ${settings}; SELECT public.outbox_retry_ceiling() AS ceiling`,
    );
  });
});

describe("a call", () => {
  test("names its arguments, types them, and names the schema", () => {
    expect(callSql(enqueue())).toBe(
      "SELECT * FROM public.enqueue_payment_outbox(p_instruction_id => 'a'::text, p_participant_id => 'p'::text, " +
        "p_idempotency_key => '1'::text, p_rail_type => 'sepa'::text, p_payload => '{}'::jsonb)",
    );
    expect(callSql(claim({ batchSize: 3, leaseSeconds: 60 }))).toBe(
      "SELECT * FROM public.claim_outbox_batch(p_batch_size => 3::int, p_worker_id => 'w1'::text, p_lease_seconds => 60::int)",
    );
    expect(callSql(repair({ batchSize: 2 }))).toBe(
      "SELECT * FROM public.repair_expired_leases(p_batch_size => 2::int, p_worker_id => 'fixer'::text)",
    );
  });
  test("passes NULL as NULL, JSON's null as JSON, and a negative number in brackets", () => {
    expect(callSql(enqueue({ instructionId: null, payload: null }))).toContain(
      "p_instruction_id => NULL::text",
    );
    expect(callSql(enqueue({ payload: null }))).toContain("p_payload => NULL::jsonb");
    expect(callSql(enqueue({ payload: "null" }))).toContain("p_payload => 'null'::jsonb");
    expect(callSql(claim({ batchSize: null, leaseSeconds: -1 }))).toContain("p_batch_size => NULL::int");
    // Without them the cast would come before the sign.
    expect(callSql(claim({ leaseSeconds: -1 }))).toContain("p_lease_seconds => (-1)::int");
    expect(callSql(complete({ state: null, outboxId: null }))).toContain(
      "p_state => NULL::public.outbox_attempt_state",
    );
  });
  test("quotes what would end the text, or change it", () => {
    expect(callSql(repair({ workerId: "o'clock" }))).toContain("p_worker_id => 'o''clock'::text");
    expect(callSql(repair({ workerId: "a\\' OR true; --" }))).toContain(
      "p_worker_id =>  E'a\\\\'' OR true; --'::text",
    );
    expect(callSql(enqueue({ payload: '{"a":"\\n"}' }))).toContain(`p_payload =>  E'{"a":"\\\\n"}'::jsonb`);
  });
});

describe("a completion leaves out what has its default, so that the default is tested too", () => {
  const four =
    "p_outbox_id => 'r1'::uuid, p_lease_token => 't'::uuid, p_worker_id => 'w1'::text, p_state => 'DISPATCHED'::public.outbox_attempt_state";
  test("all six", () => {
    expect(callSql(complete())).toBe(`SELECT * FROM public.complete_outbox_attempt(${four})`);
  });
  test("none", () => {
    const given = {
      railReference: "",
      railCode: "c",
      errorCode: "e",
      errorMessage: "m",
      latencyMs: 0,
      retryDelaySeconds: null,
    };
    expect(callSql(complete(given))).toBe(
      `SELECT * FROM public.complete_outbox_attempt(${four}, p_rail_reference => ''::text, p_rail_code => 'c'::text, ` +
        "p_error_code => 'e'::text, p_error_message => 'm'::text, p_latency_ms => 0::int, p_retry_delay_seconds => NULL::int)",
    );
  });
});

describe("a prepared call", () => {
  test("gives every argument, in the order of the parameters", () => {
    expect(preparedCallSql(complete({ latencyMs: -1 }))).toBe(
      "EXECUTE counterpoint_complete('r1'::uuid, 't'::uuid, 'w1'::text, 'DISPATCHED'::public.outbox_attempt_state, " +
        "NULL::text, NULL::text, NULL::text, NULL::text, (-1)::int, 1::int)",
    );
    expect(preparedCallSql({ kind: "ceiling" })).toBe("EXECUTE counterpoint_ceiling");
  });
  test("is for functions: what is done on tables directly is not prepared", () => {
    const tamper = { kind: "tamper", ledger: "attempts", verb: "delete" } as const;
    expect(preparedCallSql(tamper)).toBe(callSql(tamper));
  });
});

import pico from "picocolors";
import { describe, expect, it } from "vitest";
import { explain } from "../explanation/explain.ts";
import { epoch } from "../../sim/clock/virtual-clock.ts";
import type { Ended, Event } from "../../sim/history.ts";
import type { ReplaySource } from "../replay-file.ts";
import { fencingCounterexample, stateCounterexample } from "../testing/counterexamples.ts";
import { recorded, recordedBugs } from "../testing/recorded.ts";
import { detailsText } from "./details-text.ts";
import { explanationText } from "./explanation-text.ts";

const plain = pico.createColors(false);

describe("a counterexample's text", () => {
  it("has the invariant, the steps with what came of them, and the difference at the wrong one", () => {
    expect(explanationText(explain(fencingCounterexample), plain)).toMatchInlineSnapshot(`
      "INV-05 fencing: completed with another token
        The contract: no completion succeeds without the row's current, live lease.

        A  symphony_control, READ COMMITTED
        B  symphony_executor, SERIALIZABLE
        retry ceiling set to "2"

                       A                              B
        1 +0.000001s   │ begin REPEATABLE READ
                       │ -> BEGIN
        2              │ repair batch=1 worker=""
                       │ -> row1 attempt 1
        3 +0.000002s   │                              ░ complete row1 token=forged
                       │                              ░   worker="w\\u001b[2J"
                       │                              ░   state=RETRYABLE
                       │                              ░   errorCode=TIMEOUT
                       │                              ░   delay=NULL
                       │<── waits for A ──────────────░
        4 +60.000000s  ── the clock goes to +60.000000s ──────────────────────────────
        5              │                              ░ commit skipped: blocked
        -                commit                       ░
                         -> COMMIT                    ░
                       ──── B goes on ───────────────>░
      > 3                                               complete goes on
                                                        -> attempt 2 RETRYABLE
                                                        -> notification from B
                       expected: lease1
                       observed: a completion with token forged, worker w1,
                                 at +0.000002s

        │ in a transaction   ░ waits for a lock   - after the last step

        also seen: state: state: sequences.next differs
      "
    `);
  });

  it("says which function to look at, where the migrations are at hand", () => {
    const places = new Map([
      ["complete_outbox_attempt", { file: "0002_outbox_functions.sql", line: 159, bodyLine: 165 }],
    ]);
    const text = explanationText(explain(fencingCounterexample, { places }), plain);
    expect(text).toContain("\n  look at: complete_outbox_attempt, 0002_outbox_functions.sql:159\n");
    expect(explanationText(explain(fencingCounterexample), plain)).not.toContain("look at");
  });

  it("shows only the columns that differ of a wrong row", () => {
    expect(explanationText(explain(stateCounterexample), plain)).toMatchInlineSnapshot(`
      "state oracle: state: sequences.next differs

        A  symphony_control, READ COMMITTED
        B  symphony_executor, SERIALIZABLE
        retry ceiling set to "2"

                       A                              B
        1 +0.000001s   │ begin REPEATABLE READ
                       │ -> BEGIN
        2              │ repair batch=1 worker=""
                       │ -> row1 attempt 1
        3 +0.000002s   │                              ░ complete row1 token=forged
                       │                              ░   worker="w\\u001b[2J"
                       │                              ░   state=RETRYABLE
                       │                              ░   errorCode=TIMEOUT
                       │                              ░   delay=NULL
                       │<── waits for A ──────────────░
        4 +60.000000s  ── the clock goes to +60.000000s ──────────────────────────────
        5              │                              ░ commit skipped: blocked
        -                commit                       ░
                         -> COMMIT                    ░
                       ──── B goes on ───────────────>░
        3                                               complete goes on
                                                        -> attempt 2 RETRYABLE
                                                        -> notification from B
      > -                the committed rows
                       expected: p: next=2
                       observed: next=3

        │ in a transaction   ░ waits for a lock   - after the last step
      "
    `);
  });

  it("leaves the closing phase out, unless something is wrong in it", () => {
    const text = (counterexample: ReplaySource) => explanationText(explain(counterexample), plain);
    const { schedule, history: before, violations } = fencingCounterexample;
    const closing: readonly Event[] = [
      { kind: "closing", omitted: null },
      { kind: "advance", step: null, now: epoch + 70_000_000 },
      { kind: "invoke", call: before.calls.length },
      { kind: "respond", call: before.calls.length, response: { kind: "ok", rows: [] } },
    ];
    const repair = { kind: "repair", batchSize: 1, workerId: "closing-repairer" } as const;
    const calls = [
      ...before.calls,
      { step: null, session: 0, transaction: 1, autocommit: true, action: repair },
    ];
    const history = { ...before, calls, events: [...before.events, ...closing] };
    const longer = { ...fencingCounterexample, history };
    expect(text(longer)).toBe(text(fencingCounterexample));

    const wrong = { ...violations[0], event: history.events.length - 1 };
    const inClosing = text({ ...longer, schedule, violations: [wrong] });
    expect(inClosing.split("\n").slice(-11, -3)).toMatchInlineSnapshot(`
      [
        "                                                  -> notification from B",
        "  -                now a worker and a repairer end what is left",
        "  - +70.000000s  ── the clock goes to +70.000000s ──────────────────────────────",
        "> - +0.000002s     repair batch=1 worker=closing-repairer",
        "                   -> no rows",
        "                 expected: lease1",
        "                 observed: a completion with token forged, worker w1,",
        "                           at +0.000002s",
      ]
    `);
  });

  it("says where a call was parked, and where it goes on", () => {
    const { history, schedule } = fencingCounterexample;
    const at = { function: "complete_outbox_attempt", line: 51, statement: "INSERT INTO public.attempts" };
    const wait = history.events.findIndex(({ kind }) => kind === "wait");
    const parked: readonly Event[] = [
      { kind: "park", call: 2, at },
      { kind: "skip", step: 4, reason: "parked" },
      { kind: "resume", call: 2, step: 3 },
    ];
    const events = history.events.toSpliced(wait, 1, ...parked);
    const text = explanationText(
      explain({ ...fencingCounterexample, schedule, history: { ...history, events } }),
      plain,
    );
    expect(text.split("\n").slice(11, 27)).toMatchInlineSnapshot(`
      [
        "                 │ -> row1 attempt 1",
        "  3 +0.000002s   │                              ┊ complete row1 token=forged",
        "                 │                              ┊   worker="w\\u001b[2J"",
        "                 │                              ┊   state=RETRYABLE",
        "                 │                              ┊   errorCode=TIMEOUT",
        "                 │                              ┊   delay=NULL",
        "                 │                              ┊ -> parked in",
        "                 │                              ┊    complete_outbox_attempt,",
        "                 │                              ┊    line 51, before: INSERT",
        "                 │                              ┊    INTO public.attempts",
        "  5              │                              ┊ commit skipped: parked",
        "  4              │                                complete resumes",
        "  4 +60.000000s  ── the clock goes to +60.000000s ──────────────────────────────",
        "  5              │                                commit skipped: blocked",
        "> -                commit",
        "                   -> COMMIT",
      ]
    `);
  });

  it("says that an answer was lost, and when nobody listened", () => {
    const { history, violations } = fencingCounterexample;
    const events = history.events.flatMap((event): readonly Event[] => {
      if (event.kind !== "respond" || event.call !== 3) return [event];
      return [
        { ...event, response: { kind: "info", lost: event.response as Ended } },
        { kind: "listener", step: 2, listening: false },
        { kind: "listener", step: 4, listening: true },
      ];
    });
    const later = { ...violations[0], event: violations[0].event + 2 };
    const text = explanationText(
      explain({ ...fencingCounterexample, violations: [later], history: { ...history, events } }),
      plain,
    );
    expect(text.split("\n").slice(20, 29)).toMatchInlineSnapshot(`
      [
        "  -                commit                       ░",
        "                   -> is told nothing; lost     ░",
        "                      on the way:               ░",
        "                   -> COMMIT                    ░",
        "  3                the listener loses its connection",
        "  5                the listener is back         ░",
        "                 ──── B goes on ───────────────>░",
        "> 3                                               complete goes on",
        "                                                  -> attempt 2 RETRYABLE",
      ]
    `);
  });

  it("says under which settings, and whose calls are prepared", () => {
    const { schedule } = fencingCounterexample;
    const text = explanationText(
      explain({
        ...fencingCounterexample,
        schedule: {
          ...schedule,
          setup: { ...schedule.setup, settings: { enable_sort: "off", work_mem: "64kB" } },
          sessions: schedule.sessions.map((session) => ({ ...session, prepared: true })),
        },
      }),
      plain,
    );
    expect(text.split("\n").slice(3, 7)).toEqual([
      "  A  symphony_control, READ COMMITTED, calls prepared",
      "  B  symphony_executor, SERIALIZABLE, calls prepared",
      '  retry ceiling set to "2"',
      "  every session sets enable_sort=off work_mem=64kB",
    ]);
  });

  it.each(recordedBugs)("golden: %s", async (bug) => {
    await expect(explanationText(explain(recorded(bug)), plain)).toMatchFileSnapshot(`golden/${bug}.txt`);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("fits 80 columns with %d sessions", (count) => {
    for (const bug of recordedBugs) {
      const { schedule, ...rest } = recorded(bug);
      const [session] = schedule.sessions;
      if (session === undefined || schedule.sessions.length > count) continue;
      const sessions = Array.from({ length: count }, () => session);
      const text = explanationText(explain({ ...rest, schedule: { ...schedule, sessions } }), plain);
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(text).toMatch(/^> /m);
    }
  });

  it("obeys no value: nothing that a terminal would, in the longest page too", () => {
    const { history } = fencingCounterexample;
    const hostile = { kind: "fail", sqlstate: "P0001", message: "\u001b[2J\u202e", cycle: [] } as const;
    const events = history.events.map((event) =>
      event.kind === "respond" && event.call === 1 ? { ...event, response: hostile } : event,
    );
    const explanation = explain({ ...fencingCounterexample, history: { ...history, events } });
    const text = explanationText(explanation, plain) + detailsText(explanation, plain);
    expect(text).toContain("\\u001b[2J\\u202e");
    expect(text.replace(/\n/g, "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it("names two plays where they differ: neither is what the contract asks for", () => {
    const explanation = { ...explain(fencingCounterexample), oracle: "determinism oracle" };
    expect(explanationText(explanation, plain)).toMatch(/ 1st play: lease1\n +2nd play: a completion/);
  });

  it("has colours where they are wanted", () => {
    expect(explanationText(explain(fencingCounterexample), pico.createColors(true))).toContain("\u001b[31m");
  });
});

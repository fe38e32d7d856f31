import { describe, expect, test } from "vitest";
import { recorded } from "../testing/recorded.ts";
import { psqlText } from "./psql.ts";
import { type Script, scriptOf } from "./script.ts";
import { specText } from "./spec.ts";
import { vitestText } from "./vitest.ts";

test("a part for each terminal's set-up, and one for each step, in the order of the play", () => {
  const text = psqlText(scriptOf(recorded("claim-waits")));
  expect(text.match(/^-- (set-up|step \d+ of \d+), terminal \w+/gm)).toEqual([
    "-- set-up, terminal control",
    "-- set-up, terminal control",
    "-- set-up, terminal A",
    "-- set-up, terminal B",
    "-- step 1 of 6, terminal A",
    "-- step 2 of 6, terminal B",
    "-- step 3 of 6, terminal B",
    "-- step 4 of 6, terminal A",
    "-- step 5 of 6, terminal B",
    "-- step 6 of 6, terminal control",
  ]);
  expect(text).toMatch(
    /-> waits for B \(transactionid\)\n-- \^ this is wrong\nBEGIN;\n.*\nCOMMIT;\n\n-- step 5/,
  );
});

test("the clock is moved by its own terminal, and tokens go by name", () => {
  const text = psqlText(scriptOf(recorded("fence-at-expiry")));
  expect(text).toMatch(
    /^-- step 3 of 5, terminal control -+\n-- the clock goes to \+1\.000002s\nselect setval\('sim\.clock', 1767225601000002\);$/m,
  );
  expect(text).toContain("p_lease_token => sim.id('lease1')");
});

test("what comes in another terminal is told where the step is that lets it come, and marked where it is wrong", () => {
  expect(psqlText(scriptOf(recorded("claim-waits")))).toMatch(
    /-- -> COMMIT\n-- in terminal A: -> no rows\nCOMMIT;/,
  );
  expect(psqlText(scriptOf(recorded("claim-in-two-statements")))).toMatch(
    /^-- B goes on from where it stands\n-- in terminal B: -> row1 \(a\/1\) lease2 .*\n-- \^ this is wrong\nselect pg_advisory_unlock/m,
  );
});

test("of a deadlock it says that its victim may be another one", () => {
  const remark = "-- Whose call fails is the server's choice";
  expect(psqlText(scriptOf(recorded("siblings-locked")))).toMatch(
    new RegExp(`-> fail 40P01 [^]*\\n${remark}`),
  );
  expect(psqlText(scriptOf(recorded("claim-waits")))).not.toContain(remark);
});

describe("a fault that ends connections", () => {
  const scriptWith = (kind: "crash" | "terminate"): Script => {
    const found = recorded("fence-without-token");
    const step = kind === "crash" ? { kind } : { kind, session: 0 };
    const done = { step: 3, calls: [], ended: [] };
    const event =
      kind === "crash" ? { kind, ...done } : { kind: "fault" as const, fault: kind, session: 0, ...done };
    const schedule = { ...found.schedule, steps: [...found.schedule.steps, step] };
    const closing = found.history.events.findIndex((each) => each.kind === "closing");
    const events = found.history.events.toSpliced(closing, 0, event);
    return scriptOf({ ...found, schedule, history: { ...found.history, events } });
  };

  test("a crash: the server recovers, and every terminal connects again", () => {
    const text = psqlText(scriptWith("crash"));
    expect(text).toMatch(/^COPY \(SELECT 1\) TO PROGRAM '.*\(sleep 0\.2; kill -9 \$PPID\) .*&';$/m);
    expect(text).toContain("ALTER SYSTEM SET wal_writer_delay = '10s';");
    expect(text.match(/^\\connect$/gm)).toHaveLength(2);
  });

  test("a backend that is terminated: its terminal connects again, and the server is left alone", () => {
    const text = psqlText(scriptWith("terminate"));
    expect(text).toContain("SELECT pg_terminate_backend((select last_value::int from sim.pid_0));");
    expect(text).not.toContain("ALTER SYSTEM SET");
    expect(text.match(/^\\connect$/gm)).toHaveLength(1);
  });

  test.each(["crash", "terminate"] as const)("a %s is refused where connections must last", (kind) => {
    const script = scriptWith(kind);
    expect(() => specText(script)).toThrow("a script's sessions do not outlive that");
    expect(() => vitestText(script, recorded("fence-without-token"))).toThrow("do not outlive");
  });
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, expectTypeOf, it } from "vitest";
import { caseOf } from "../properties/generate/cases.ts";
import type { Replay, Schedule as ReplaySchedule } from "../schema/json/replay.ts";
import type { Schedule } from "../sim/schedule.ts";
import { parseReplay, replayFileName, replayOf, replayText, writeReplay } from "./replay-file.ts";
import { replayFaults } from "./schema.ts";
import { fencingCounterexample, stateCounterexample } from "./testing/counterexamples.ts";

const subject = {
  postgres: { version: "18.4", versionNumber: 180004, provider: "embedded" },
  migrations: [{ version: "0001_init.sql", checksum: "0".repeat(64) }],
} as const;
const origin = { seed: 1, case: 2, size: { sessions: 3, steps: 40 } };
const replay = replayOf(fencingCounterexample, subject, origin);

/** The text with one of its values replaced. */
function edited(change: Partial<Record<keyof Replay, unknown>>): string {
  return JSON.stringify({ ...replay, ...change });
}

describe("a replay file", () => {
  it("is valid by its schema, and reads back as it was written", () => {
    expect(replayFaults(replay)).toEqual([]);
    expect(parseReplay(replayText(replay))).toEqual(replay);
    expect(parseReplay(replayText(replayOf(stateCounterexample, subject, null))).origin).toBeNull();
  });

  it("has its keys in one order, and two blanks of indentation", () => {
    expect(Object.keys(replay)).toEqual([
      "formatVersion",
      "harnessVersion",
      "signature",
      "violations",
      "origin",
      "postgres",
      "migrations",
      "reproduced",
      "steps",
      "schedule",
      "original",
      "history",
      "checksum",
    ]);
    expect(replayText(replay)).toMatch(/^\{\n {2}"formatVersion": 1,\n/);
  });

  it("says what was expected at the wrong step alone", () => {
    expect(replay.steps.filter(({ expected }) => expected.length > 0)).toMatchObject([
      { step: 2, session: 1, expected: ["lease1"] },
    ]);
  });

  it("is written under a name that tells the bug, into a folder that is made", () => {
    const folder = mkdtempSync(join(tmpdir(), "replay-"));
    const path = writeReplay(join(folder, "new"), replay);
    expect(basename(path)).toBe(replayFileName(replay));
    expect(basename(path)).toMatch(/^inv-05-completed-with-another-token-[0-9a-f]{8}\.json$/);
    expect(parseReplay(readFileSync(path, "utf8"))).toEqual(replay);
    expect(readdirSync(join(folder, "new"))).toEqual([basename(path)]);
    rmSync(folder, { recursive: true });
  });

  it("keeps any schedule that is generated", () => {
    for (let index = 0; index < 200; index += 1) {
      const schedule = caseOf(1, index, { sessions: 3, steps: 12 });
      const text = replayText(replayOf({ ...fencingCounterexample, schedule }, subject, origin));
      expect(parseReplay(text).schedule).toEqual(schedule);
    }
  });

  it("keeps what a wrong subject answered, whatever it is", () => {
    const rows = [{ attemptNo: "three", state: true }, {}, { outboxId: 7 }];
    const events = [{ kind: "respond", call: 2, response: { kind: "ok", rows } }];
    const history = { ...fencingCounterexample.history, events };
    const violations = [{ ...fencingCounterexample.violations[0], event: 0 }];
    const source = {
      ...fencingCounterexample,
      history,
      violations,
    } as unknown as typeof fencingCounterexample;
    expect(replayFaults(replayOf(source, subject, null))).toEqual([]);
  });
});

describe("a file is refused, with the reason", () => {
  it.each<[what: string, text: string, reason: RegExp]>([
    ["no JSON", "{", /^is no JSON: /],
    ["another document", "[]", /no formatVersion/],
    ["null", "null", /no formatVersion/],
    [
      "a later format",
      edited({ formatVersion: 2 }),
      /^has format version 2; this Counterpoint \(.+\) reads version 1$/,
    ],
    [
      "a missing part",
      edited({ schedule: undefined }),
      /is damaged: \/ must have required property 'schedule'/,
    ],
    [
      "a part too many",
      edited({ ["password" as never]: "x" }),
      /must NOT have additional properties: password/,
    ],
    [
      "an unknown step",
      edited({ schedule: { ...replay.schedule, steps: [{ kind: "jump" }] } }),
      /\/schedule\/steps\/0/,
    ],
    ["another value", edited({ signature: "INV-06: another" }), /its checksum is not that of its content/],
  ])("%s", (_, text, reason) => {
    expect(() => parseReplay(text)).toThrow(reason);
    expect(() => parseReplay(text)).toThrow(expect.objectContaining({ name: "BadReplay" }));
  });
});

it("the schema's types are the simulation's", () => {
  expectTypeOf<ReplaySchedule>().toExtend<Schedule>();
  expectTypeOf<Schedule>().toExtend<ReplaySchedule>();
  expectTypeOf<typeof fencingCounterexample.violations>().toExtend<Replay["violations"]>();
  expectTypeOf<Replay["violations"]>().toExtend<typeof fencingCounterexample.violations>();
});

import { expect, test } from "vitest";
import { explain } from "../explanation/explain.ts";
import { recorded } from "../testing/recorded.ts";
import { laneStates } from "./lanes.ts";

test("a crash ends what every session is in", () => {
  const { lines, sessions } = explain(recorded("claim-waits"));
  const waiting = lines.slice(0, 4);
  const [line] = lines;
  if (line === undefined) throw new Error("no lines");
  const crash = { ...line, kind: "fault", session: null, call: null, operation: null, answer: null } as const;
  const states = laneStates({ sessions, lines: [...waiting, crash] });
  expect(states.slice(-2)).toEqual([
    ["waits", "in a transaction"],
    ["idle", "idle"],
  ]);
});

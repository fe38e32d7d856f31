import { expect } from "vitest";
import type { History } from "../../sim/history.ts";
import type { Lane } from "../../sim/lane.ts";
import { play } from "../../sim/play.ts";
import type { Schedule } from "../../sim/schedule.ts";
import { judgeCase } from "../judge-case.ts";

/** Plays a schedule that the oracles must find in order, as often as said, each time with the same history. */
export async function playInOrder(lane: Lane, played: Schedule, times = 1): Promise<History> {
  const history = await play(lane, played);
  expect(judgeCase(played, history)).toEqual({ kind: "ok" });
  for (let time = 1; time < times; time += 1) expect(await play(lane, played)).toEqual(history);
  return history;
}

import type { Standing } from "../../schema/json/explanation.ts";
import { formatMicros } from "../../sim/clock/virtual-clock.ts";
import type { History } from "../../sim/history.ts";
import type { Schedule } from "../../sim/schedule.ts";
import { virtualTimeSetting } from "../../sim/database/virtual-time.ts";
import { linesOf } from "../explanation/lines.ts";
import { standingOf } from "../explanation/standing.ts";
import { sessionName } from "../../sim/session-name.ts";
import { sinceEpoch } from "../text.ts";
import { printable } from "./printable.ts";

/** A case that was stopped before a step, and is still there to be looked at. */
export interface Standstill {
  readonly schedule: Schedule;
  /** Until there. */
  readonly history: History;
  /** What the virtual clock shows, microseconds since 1970. */
  readonly now: number;
  /** The command that joins its database. */
  readonly psql: string;
}

const wholeHistory = -1;

/** Where each session stands, the clock, and how to join the very database. */
export function standstillText({ schedule, history, now, psql }: Standstill): string {
  const standing = standingOf(linesOf(schedule, history, wholeHistory), history, schedule.sessions.length);
  return [
    ...standing.map((each) => `  ${sessionName(each.session)}  ${printable(standingText(each))}`),
    `  the virtual clock shows ${sinceEpoch(now)}`,
    "",
    psql,
    `SET ${virtualTimeSetting} = '${formatMicros(now)}';   -- there, to see by that clock`,
  ].join("\n");
}

function standingText({ doing, action, at, blockedBy }: Standing): string {
  const call = action ?? "";
  switch (doing) {
    case "waits":
      return `waits for ${blockedBy.map(sessionName).join(", ") || "a lock"}: ${call}`;
    case "parked":
      return `stopped in ${at?.function ?? ""}, line ${at?.line ?? 0}, before: ${at?.statement ?? ""}`;
    default:
      return doing;
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { withLaneSlot } from "../../sim/lane-slot.ts";
import type { Schedule } from "../../sim/schedule.ts";
import type { Stage } from "../../sim/stage.ts";
import { playOn, type Played } from "../audit.ts";
import { differenceBetween } from "../determinism.ts";

/** What cases came to that were played once as it is, and once with every core busy with something else. */
export interface UnderLoad {
  /** Of both plays together. */
  readonly steps: number;
  /** Cases that played differently, and those that could not be played to their end. */
  readonly different: readonly string[];
  readonly unknown: readonly string[];
}

/** Plays each case on a lane of its own sort, twice, and compares event by event: a session is blocked where the server says
 *  so, and however late that comes, it comes before the next step. */
export async function playUnderLoad(stage: Stage, cases: readonly Schedule[]): Promise<UnderLoad> {
  const alone = await playAll(stage, cases);
  const children = startBusyChildren();
  try {
    return compare(cases, alone, await playAll(stage, cases));
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

const sessionCount = 8;

function playAll(stage: Stage, cases: readonly Schedule[]): Promise<readonly Played[]> {
  return withLaneSlot(
    (kind) => stage.openLane(sessionCount, kind),
    async (slot) => {
      const played: Played[] = [];
      for (const schedule of cases) played.push(await playOn(slot, schedule));
      return played;
    },
  );
}

/** Two a core, which never rest. */
function startBusyChildren(): readonly ChildProcess[] {
  return Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
  );
}

function compare(
  cases: readonly Schedule[],
  alone: readonly Played[],
  underLoad: readonly Played[],
): UnderLoad {
  const [different, unknown]: [string[], string[]] = [[], []];
  for (const [index, first] of alone.entries()) {
    const second = underLoad[index];
    if (first.history === null || second?.history == null) {
      const reasons = [first, second].map((play) =>
        play?.verdict.kind === "unknown" ? play.verdict.reason : "",
      );
      unknown.push(`case ${index}: ${reasons.filter((reason) => reason !== "").join("; ")}`);
      continue;
    }
    const violation = differenceBetween(
      { history: first.history, verdict: first.verdict },
      { history: second.history, verdict: second.verdict },
      true,
    );
    if (violation !== null)
      different.push(
        `case ${index}: ${violation.rule}: ${violation.expected[0] ?? ""} / ${violation.observed}`,
      );
  }
  const steps = 2 * cases.reduce((sum, schedule) => sum + schedule.steps.length, 0);
  return { steps, different, unknown };
}

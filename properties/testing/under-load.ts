import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { withLaneSlot } from "../../sim/lane-slot.ts";
import type { Schedule } from "../../sim/schedule.ts";
import type { Stage } from "../../sim/stage.ts";
import { comparePlays, playOn, type Played } from "../audit.ts";

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
  const shown = cases.map((schedule, index) => {
    const [first, second] = [alone[index], underLoad[index]];
    if (first === undefined || second === undefined)
      throw new RangeError(`case ${index} was not played twice`);
    return comparePlays(schedule, first, second);
  });
  const different = shown.flatMap(({ counterexample }, index) => {
    if (counterexample === null) return [];
    const [{ rule, expected, observed }] = counterexample.violations;
    return [`case ${index}: ${rule}: ${expected[0] ?? ""} / ${observed}`];
  });
  const unknown = shown.flatMap(({ unknown: reason }, index) =>
    reason === null ? [] : [`case ${index}: ${reason}`],
  );
  const steps = 2 * cases.reduce((sum, schedule) => sum + schedule.steps.length, 0);
  return { steps, different, unknown };
}

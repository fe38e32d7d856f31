import seedrandom from "seedrandom";
import { laneKindOf, type LaneSlot, type OpenLane, withLaneSlot } from "../sim/lane-slot.ts";
import type { Schedule } from "../sim/schedule.ts";
import type { Counterexample } from "./counterexample.ts";
import { differenceBetween } from "./determinism.ts";
import type { Oracles } from "./judge-case.ts";
import { type CaseResult, runCase } from "./run-case.ts";
import { signatureOf } from "./verdict.ts";

/** What plays of a schedule have shown: a violation, or why they could not be judged. */
export interface Shown {
  readonly counterexample: Counterexample | null;
  readonly unknown: string | null;
}

/** Is case `index` of a seed one of the share (0 to 1) that is played twice? The same on every machine. */
export function isAudited(seed: number, index: number, share: number): boolean {
  return seedrandom(`audit ${seed}/${index}`)() < share;
}

/** Plays a case once more, on a fresh clone (architecture section 3), and compares: a used database, another backend and a
 *  later hour may change nothing. Rejects where no lane can be opened. */
export async function auditCase(
  first: CaseResult,
  schedule: Schedule,
  openLane: OpenLane,
  oracles?: Oracles,
): Promise<Shown> {
  return comparePlays(
    schedule,
    first,
    await withLaneSlot(openLane, (slot) => playOn(slot, schedule, oracles)),
  );
}

/** Plays a schedule until two histories differ, but not more often than `plays` times: what is drawn by lot may fall alike. */
export async function playUntilDifferent(
  schedule: Schedule,
  plays: number,
  play: (time: number) => Promise<Played>,
): Promise<Shown> {
  const first = await play(0);
  let shown: Shown = { counterexample: null, unknown: null };
  for (let time = 1; time < plays; time += 1) {
    shown = comparePlays(schedule, first, await play(time));
    if (shown.counterexample !== null || shown.unknown !== null) break;
  }
  return shown;
}

export interface Played extends CaseResult {
  /** Another play must have the same history. */
  readonly exact: boolean;
}

export async function playOn(slot: LaneSlot, schedule: Schedule, oracles?: Oracles): Promise<Played> {
  const { wakesInOrder } = await slot.get(laneKindOf(schedule));
  return { ...(await runCase(slot, schedule, oracles)), exact: wakesInOrder };
}

/** What differs between two plays of a schedule; unknown where either could not be played to its end. */
export function comparePlays(schedule: Schedule, first: CaseResult, second: Played): Shown {
  const [history, other] = [first.history, second.history];
  if (history === null || other === null)
    return { counterexample: null, unknown: reasonOf(first) ?? reasonOf(second) };
  const violation = differenceBetween(
    { history, verdict: first.verdict },
    { history: other, verdict: second.verdict },
    second.exact,
  );
  if (violation === null) return { counterexample: null, unknown: null };
  const signature = signatureOf(violation);
  const counterexample = { signature, violations: [violation] as const, schedule, history, second: other };
  return { counterexample, unknown: null };
}

function reasonOf({ verdict }: CaseResult): string | null {
  return verdict.kind === "unknown" ? verdict.reason : null;
}

import type { History } from "../sim/history.ts";
import { type LaneSlot, type OpenLane, withLaneSlot } from "../sim/lane-slot.ts";
import type { Schedule } from "../sim/schedule.ts";
import { playOn, playUntilDifferent, type Shown } from "./audit.ts";
import { allOracles, type Oracles } from "./judge-case.ts";
import { type CaseResult, runCase } from "./run-case.ts";
import { isCheaper } from "./shrink/cost.ts";
import { shrink } from "./shrink/shrink.ts";
import { signatureOf, type Violation } from "./verdict.ts";

/** A schedule with a history that is violated. */
export interface Counterexample {
  readonly signature: string;
  /** What names it, then everything else that the oracles saw in the same history. */
  readonly violations: readonly [Violation, ...Violation[]];
  readonly schedule: Schedule;
  readonly history: History;
  /** Where the oracle is determinism: the history of another play of the schedule. */
  readonly second?: History;
}

export interface ShrunkCounterexample extends Counterexample {
  readonly original: Schedule;
  /** Candidates played while shrinking. */
  readonly candidates: number;
  /** False when no fresh database has shown the violation again: then it is not shrunk. If one was there to be asked, the
   *  harness or the server is not deterministic. */
  readonly reproduced: boolean;
}

/** The counterexample in a case's result, or null. */
export function counterexampleOf(
  schedule: Schedule,
  { history, verdict }: CaseResult,
): Counterexample | null {
  if (verdict.kind !== "violated" || history === null) return null;
  const signature = signatureOf(verdict.violations[0]);
  return { signature, violations: verdict.violations, schedule, history };
}

/** How often a schedule that plays differently is played at most, to show it once more. Of two outcomes that are equally
 *  likely, so many plays are all alike once in 524,288. */
const mostPlays = 20;

/** Plays a schedule on fresh lanes, as often as it takes to show a violation like this one: once, but for determinism. */
export function playFresh(
  { oracle }: Pick<Violation, "oracle">,
  openLane: OpenLane,
  schedule: Schedule,
  oracles?: Oracles,
): Promise<Shown> {
  if (oracle !== "determinism") return withLaneSlot(openLane, (slot) => playOnce(slot, schedule, oracles));
  return playUntilDifferent(schedule, mostPlays, () =>
    withLaneSlot(openLane, (slot) => playOn(slot, schedule, oracles)),
  );
}

/** The same while shrinking, where to miss one costs a shorter schedule and nothing else. */
const mostPlaysOfCandidate = 5;

type Play = (schedule: Schedule) => Promise<Shown>;

/** Gives the action what plays like that again and again on the same lanes: one, or two by turns. */
function withPlayer<T>(
  { oracle }: Violation,
  openLane: OpenLane,
  oracles: Oracles,
  action: (play: Play) => Promise<T>,
): Promise<T> {
  return withLaneSlot(openLane, (slot) => {
    if (oracle !== "determinism") return action((schedule) => playOnce(slot, schedule, oracles));
    return withLaneSlot(openLane, (other) =>
      action((schedule) =>
        playUntilDifferent(schedule, mostPlaysOfCandidate, (time) =>
          playOn(time % 2 === 0 ? slot : other, schedule, oracles),
        ),
      ),
    );
  });
}

async function playOnce(slot: LaneSlot, schedule: Schedule, oracles?: Oracles): Promise<Shown> {
  const result = await runCase(slot, schedule, oracles);
  const unknown = result.verdict.kind === "unknown" ? result.verdict.reason : null;
  return { counterexample: counterexampleOf(schedule, result), unknown };
}

export interface Shrinking {
  readonly shrunk: ShrunkCounterexample;
  /** Of what was met on the way with an unknown signature, and is shorter than the shrunk one, the plainest: the first may
   *  be a consequence of it. */
  readonly met: Counterexample | null;
}

/** Confirms a counterexample on a fresh lane, shrinks it there, and plays the result once more on another fresh lane.
 *  `known` are signatures that are not worth meeting. */
export async function shrinkCounterexample(
  found: Counterexample,
  known: ReadonlySet<string>,
  openLane: OpenLane,
  signal: AbortSignal,
  oracles: Oracles = allOracles,
): Promise<Shrinking> {
  const { schedule: original, signature } = found;
  let met: Counterexample | null = null;
  const [violation] = found.violations;
  const judged = ({ counterexample: again }: Shown): Counterexample | null => {
    if (again === null || again.signature === signature) return again;
    if (!known.has(again.signature)) met = plainer(met, again);
    return null;
  };
  const again = async (schedule: Schedule) => judged(await playFresh(violation, openLane, schedule, oracles));

  const replayed = await again(original);
  if (replayed === null) return { shrunk: asFound(found), met: null };
  const { schedule, candidates } = await withPlayer(violation, openLane, oracles, (play) =>
    shrink(original, async (candidate) => judged(await play(candidate)) !== null, signal),
  );
  // A minimum that only a used database shows is none.
  const minimal = (await again(schedule)) ?? replayed;
  return { shrunk: { ...minimal, original, candidates, reproduced: true }, met: shorter(met, minimal) };
}

function plainer(a: Counterexample | null, b: Counterexample): Counterexample {
  return a === null || isCheaper(b.schedule, a.schedule) ? b : a;
}

function shorter(met: Counterexample | null, { schedule }: Counterexample): Counterexample | null {
  return met !== null && met.schedule.steps.length < schedule.steps.length ? met : null;
}

/** A counterexample that was neither confirmed nor shrunk. */
export function asFound(found: Counterexample): ShrunkCounterexample {
  return { ...found, original: found.schedule, candidates: 0, reproduced: false };
}

import type { Schedule } from "../../sim/schedule.ts";
import type { Timeline } from "../timeline.ts";

/** Where a campaign's cases come from. */
export interface Strategy {
  /** Case `index`, which nothing but the origin decides; where the strategy learns, the rounds before that of the case do too. */
  readonly caseAt: (index: number) => Schedule;
  /** Left out where no case depends on what came of another. */
  readonly learner?: Learner;
}

/** Learns in rounds, and not from case to case: which of two lanes is first decides nothing. */
export interface Learner {
  /** Cases of a round. */
  readonly roundSize: number;
  /** Called when every case of a round has been played, with all of them, in their order. */
  readonly learn: (round: readonly PlayedCase[]) => void;
}

export interface PlayedCase {
  readonly index: number;
  /** Null where it was not played, or not to its end. */
  readonly timeline: Timeline | null;
}

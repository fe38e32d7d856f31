import fc from "fast-check";
import seedrandom from "seedrandom";
import type { LaneKind } from "../../sim/lane-slot.ts";
import type { Schedule } from "../../sim/schedule.ts";
import { firstProfile } from "./first-cases.ts";
import { phrasedScheduleArbitrary, type ScheduleSize } from "./schedules.ts";
import { type Swarm, swarm } from "./swarm.ts";
import type { Mode } from "./mode.ts";

/** Of a mix, the share that has yields. They take longer, and most bugs need none. */
const yieldsShare = 1 / 3;

/** Of a mix, the share that crashes the server. Such a case takes over ten times as long as another. */
const crashesShare = 1 / 100;

/** What decides all cases of a campaign. */
export interface Origin {
  readonly seed: number;
  readonly size: ScheduleSize;
  readonly yields: Mode;
  readonly crashes: Mode;
}

/** Case `index` of a seed: the same on every machine, whoever plays the cases before it. */
export function caseOf(
  seed: number,
  index: number,
  size: ScheduleSize,
  yields: Mode = "never",
  crashes: Mode = "never",
): Schedule {
  return phrasedCase({ seed, size, yields, crashes }, index, (caseSeed, kind) => {
    const first = kind.yields || kind.crashes ? null : firstProfile(index, size.sessions);
    return first ?? swarm(caseSeed, size.sessions, kind.yields);
  });
}

/** One whose profile is drawn so. */
export function phrasedCase(
  origin: Origin,
  index: number,
  profileOf: (caseSeed: number, kind: LaneKind) => Swarm,
): Schedule {
  const caseSeed = caseSeedOf(origin, index);
  const kind = kindOf(origin, caseSeed);
  const profile = { ...profileOf(caseSeed, kind), ...kind };
  const arbitrary = phrasedScheduleArbitrary(origin.size.steps, profile);
  return draw(arbitrary, caseSeed);
}

export function caseSeedOf({ seed }: Origin, index: number): number {
  return seedrandom(`${seed}/${index}`).int32();
}

export function hasYields({ yields }: Origin, caseSeed: number): boolean {
  return isOne("yields", yields, yieldsShare, caseSeed);
}

/** On which kind of lane the case is to be played. */
export function kindOf(origin: Origin, caseSeed: number): LaneKind {
  return {
    yields: hasYields(origin, caseSeed),
    crashes: isOne("crashes", origin.crashes, crashesShare, caseSeed),
  };
}

function isOne(name: string, mode: Mode, share: number, caseSeed: number): boolean {
  return mode === "mix" ? seedrandom(`${name} ${caseSeed}`)() < share : mode === "always";
}

/** The value of a seed. */
export function draw<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(fc.noBias(arbitrary), { seed, numRuns: 1 });
  if (value === undefined) throw new Error(`seed ${seed} has no value`);
  return value;
}

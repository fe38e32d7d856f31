import fc from "fast-check";
import seedrandom from "seedrandom";
import type { Schedule } from "../../sim/schedule.ts";
import { phrasedScheduleArbitrary, type ScheduleSize } from "./schedules.ts";
import { swarm } from "./swarm.ts";
import type { Mode } from "./mode.ts";

/** Of a mix, the share that has yields. They take longer, and most bugs need none. */
const yieldsShare = 1 / 3;

/** Of a mix, the share that crashes the server. Such a case takes over ten times as long as another. */
const crashesShare = 1 / 100;

/** Case `index` of a seed: the same on every machine, whoever plays the cases before it. */
export function caseOf(
  seed: number,
  index: number,
  size: ScheduleSize,
  yieldsMode: Mode = "never",
  crashesMode: Mode = "never",
): Schedule {
  const caseSeed = seedrandom(`${seed}/${index}`).int32();
  const has = (name: string, mode: Mode, share: number): boolean =>
    mode === "mix" ? seedrandom(`${name} ${caseSeed}`)() < share : mode === "always";
  const yields = has("yields", yieldsMode, yieldsShare);
  const crashes = has("crashes", crashesMode, crashesShare);
  const arbitrary = phrasedScheduleArbitrary(size.steps, {
    ...swarm(caseSeed, size.sessions),
    yields,
    crashes,
  });
  const [schedule] = fc.sample(fc.noBias(arbitrary), { seed: caseSeed, numRuns: 1 });
  if (schedule === undefined) throw new Error(`case ${index} of seed ${seed} has no value`);
  return schedule;
}

import fc from "fast-check";
import seedrandom from "seedrandom";
import type { Schedule } from "../../sim/schedule.ts";
import { phrasedScheduleArbitrary, type ScheduleSize } from "./schedules.ts";
import { swarm } from "./swarm.ts";

/** Case `index` of a seed: the same on every machine, whoever plays the cases before it. */
export function caseOf(seed: number, index: number, size: ScheduleSize): Schedule {
  const caseSeed = seedrandom(`${seed}/${index}`).int32();
  const arbitrary = phrasedScheduleArbitrary(size, swarm(caseSeed));
  const [schedule] = fc.sample(fc.noBias(arbitrary), { seed: caseSeed, numRuns: 1 });
  if (schedule === undefined) throw new Error(`case ${index} of seed ${seed} has no value`);
  return schedule;
}

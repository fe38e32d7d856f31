import fc from "fast-check";
import seedrandom from "seedrandom";
import type { Schedule } from "../../sim/schedule.ts";
import { phrasedScheduleArbitrary, type ScheduleSize } from "./schedules.ts";
import { swarm } from "./swarm.ts";
import type { YieldsMode } from "./yields-mode.ts";

/** Of a mix, the share that has yields. They take longer, and most bugs need none. */
const yieldsShare = 1 / 3;

/** Case `index` of a seed: the same on every machine, whoever plays the cases before it. */
export function caseOf(
  seed: number,
  index: number,
  size: ScheduleSize,
  mode: YieldsMode = "never",
): Schedule {
  const caseSeed = seedrandom(`${seed}/${index}`).int32();
  const yields = mode === "mix" ? seedrandom(`yields ${caseSeed}`)() < yieldsShare : mode === "always";
  const arbitrary = phrasedScheduleArbitrary(size.steps, { ...swarm(caseSeed, size.sessions), yields });
  const [schedule] = fc.sample(fc.noBias(arbitrary), { seed: caseSeed, numRuns: 1 });
  if (schedule === undefined) throw new Error(`case ${index} of seed ${seed} has no value`);
  return schedule;
}

import seedrandom from "seedrandom";
import type { Schedule } from "../../sim/schedule.ts";
import { caseOf, caseSeedOf, draw, hasYields, type Origin, phrasedCase } from "./cases.ts";
import { exhaustiveCases } from "./exhaustive.ts";
import { guidedCases } from "./guided.ts";
import { pctOrder } from "./pct.ts";
import { programsArbitrary, scheduleOf } from "./programs.ts";
import type { Strategy } from "./strategy.ts";
import type { StrategyName } from "./strategy-name.ts";
import { usualProfile } from "./swarm.ts";

/** By name, for the cases of an origin. */
export const strategies: Readonly<Record<StrategyName, (origin: Origin) => Strategy>> = {
  /** Phrases and single steps; each case goes without some features and has more of others. */
  swarm: ({ seed, size, yields, crashes }) => ({
    caseAt: (index) => caseOf(seed, index, size, yields, crashes),
  }),
  /** A random walk: single steps by their usual weights, no phrases. */
  random: (origin) => ({
    caseAt: (index) =>
      phrasedCase(origin, index, () => ({
        ...usualProfile,
        sessions: Math.min(3, origin.size.sessions),
        keys: 2,
        phrases: false,
        aimed: false,
      })),
  }),
  pct: (origin) => ({ caseAt: (index) => pctCase(origin, index) }),
  exhaustive: (origin) => ({ caseAt: exhaustiveCases(origin) }),
  guided: guidedCases,
};

/** Depths 1, 2 and 3 in turn. */
function pctCase(origin: Origin, index: number): Schedule {
  const caseSeed = caseSeedOf(origin, index);
  const yields = hasYields(origin, caseSeed);
  const { sessions: most, steps } = origin.size;
  const random = seedrandom(`pct ${caseSeed}`);
  const sessions = Math.min(most, 2 + Math.floor(random() * 2));
  const size = { sessions, steps: Math.max(1, Math.floor(steps / (sessions + 1))), yields };
  const programs = draw(programsArbitrary(size), caseSeed);
  const schedule = scheduleOf(programs, pctOrder(programs.programs, 1 + (index % 3), random), yields);
  return { ...schedule, steps: schedule.steps.slice(0, steps) };
}

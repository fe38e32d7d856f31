import seedrandom from "seedrandom";
import { type LaneKind, laneKindOf } from "../../sim/lane-slot.ts";
import { hasCrashes, type Schedule } from "../../sim/schedule.ts";
import { featuresOf } from "../features.ts";
import { caseOf, caseSeedOf, draw, kindOf, type Origin } from "./cases.ts";
import { Corpus } from "./corpus.ts";
import { mutate } from "./mutate.ts";
import { partArbitrary } from "./schedules.ts";
import type { Strategy } from "./strategy.ts";
import { swarm } from "./swarm.ts";

/** Short against a campaign, and long against the number of lanes, which wait for the last case of each. */
const roundSize = 32;

/** The share of cases that are fresh, as swarm draws them; all of them where nothing is kept yet. */
const freshShare = 1 / 4;

/** Coverage-guided search (as AFL and libFuzzer do it, Zalewski 2013): schedules that reached what none before had reached are
 *  kept, and further cases are mutants of those. */
export function guidedCases(origin: Origin): Strategy {
  const corpora = new Corpora();
  /** The round's, by index. */
  const made = new Map<number, Schedule>();
  return {
    caseAt: (index) => {
      const schedule = caseFrom(corpora, origin, index);
      made.set(index, schedule);
      return schedule;
    },
    learner: {
      roundSize,
      learn: (round) => {
        for (const { index, timeline } of round) {
          const schedule = made.get(index);
          if (schedule === undefined || timeline === null) continue;
          corpora.of(laneKindOf(schedule)).add(schedule, featuresOf(timeline));
        }
        made.clear();
      },
    },
  };
}

/** One for each kind of lane: so cases with yields, and those that crash, are as many as there should be. */
class Corpora {
  private readonly byKind = new Map<string, Corpus>();

  of({ yields, crashes }: LaneKind): Corpus {
    const name = `${yields} ${crashes}`;
    const known = this.byKind.get(name) ?? new Corpus();
    this.byKind.set(name, known);
    return known;
  }
}

function caseFrom(corpora: Corpora, origin: Origin, index: number): Schedule {
  const caseSeed = caseSeedOf(origin, index);
  const kind = kindOf(origin, caseSeed);
  const random = seedrandom(`guided ${caseSeed}`);
  const corpus = corpora.of(kind);
  const parent = random() < freshShare ? null : corpus.pick(random);
  if (parent === null) return caseOf(origin.seed, index, origin.size, origin.yields, origin.crashes);
  const sessions = parent.sessions.length;
  const parts = partArbitrary({ ...swarm(caseSeed, sessions), ...kind, sessions });
  const mutant = mutate(parent, origin.size.steps, {
    random,
    donor: () => corpus.pick(random) ?? parent,
    phrase: () => draw(parts, random.int32()),
  });
  return kind.crashes ? withCrashes(mutant, random) : mutant;
}

/** One or two, as in a fresh case: each takes as long as ten other cases. */
function withCrashes(schedule: Schedule, random: () => number): Schedule {
  const { steps } = schedule;
  if (!hasCrashes(schedule))
    return { ...schedule, steps: steps.with(Math.floor(random() * steps.length), { kind: "crash" }) };
  const crashes = [...steps.keys()].filter((at) => steps[at]?.kind === "crash");
  return { ...schedule, steps: steps.filter((_, at) => !crashes.slice(2).includes(at)) };
}

import { asFound, type Counterexample, type ShrunkCounterexample, type Shrinking } from "./counterexample.ts";
import { compareCosts } from "./shrink/cost.ts";

/** How a failure was found. */
interface Finding {
  /** The case that was shrunk: the first that showed it, or the one while shrinking which it was met. */
  readonly case: number;
  /** How many cases showed it: 0 where it was only met. */
  readonly count: number;
  /** Signature of the failure while shrinking which it was met; null where a case showed it. */
  readonly metWhileShrinking: string | null;
}

export interface Found extends Finding {
  readonly counterexample: Counterexample;
}

/** A failure of a campaign. */
export interface CampaignFailure extends ShrunkCounterexample, Finding {}

export function unshrunk({ counterexample, ...finding }: Found): CampaignFailure {
  return { ...asFound(counterexample), ...finding };
}

/** Shrinks each failure. What is found first is sometimes a consequence: a plainer violation with another signature, met
 *  meanwhile, is a failure too, shrunk like the others (as Hypothesis does). Each has fewer steps than the one before it,
 *  so it ends. Returns the plainest first. */
export async function shrinkFailures(
  found: readonly Found[],
  options: {
    readonly shrink: (found: Found, known: ReadonlySet<string>) => Promise<Shrinking>;
    /** Called with each before any is shrunk, or when it is met; and again when it is shrunk. */
    readonly onFailure: (failure: CampaignFailure) => void;
  },
): Promise<readonly CampaignFailure[]> {
  const { shrink, onFailure } = options;
  const known = new Set(found.map(({ counterexample }) => counterexample.signature));
  for (const each of found) onFailure(unshrunk(each));

  const failures: CampaignFailure[] = [];
  const queue = [...found];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { counterexample, ...finding } = next;
    const { shrunk, met } = await shrink(next, known);
    const failure = { ...shrunk, ...finding };
    onFailure(failure);
    failures.push(failure);
    if (met === null) continue;
    const further = {
      ...finding,
      count: 0,
      counterexample: met,
      metWhileShrinking: counterexample.signature,
    };
    known.add(met.signature);
    onFailure(unshrunk(further));
    queue.unshift(further);
  }
  return failures.toSorted((a, b) => compareCosts(a.schedule, b.schedule));
}

import {
  type BugRecall,
  type Hit,
  isFoundAlways,
  isHit,
  median,
} from "../../properties/planted/recall-summary.ts";

/** A row of the recall table, as texts. */
export interface RecallRow {
  readonly id: string;
  /** "yes", "no", or how many of the seeds found it. */
  readonly found: string;
  /** What saw it: the invariants, else the model's oracle. */
  readonly by: string;
  /** "median/worst" */
  readonly schedules: string;
  readonly seconds: string;
  /** "shrunk to, at worst/best known" */
  readonly steps: string;
  /** "reproduced/replayed" */
  readonly replays: string;
}

const none = "-";

interface Recalled {
  readonly bug: Pick<BugRecall["bug"], "id" | "steps">;
  readonly trials: BugRecall["trials"];
}

export function recallRow({ bug, trials }: Recalled): RecallRow {
  const hits = trials.filter(isHit);
  return {
    id: bug.id,
    found: isFoundAlways(trials) ? "yes" : `${hits.length} of ${trials.length}`,
    by: hits.length === 0 ? none : seenBy(hits),
    schedules: medianAndWorst(hits.map(({ schedules }) => schedules)),
    seconds: medianAndWorst(hits.map(({ seconds }) => Math.round(seconds * 10) / 10)),
    steps:
      hits.length === 0
        ? `${none}/${bug.steps}`
        : `${Math.max(...hits.map(({ steps }) => steps))}/${bug.steps}`,
    replays: `${total(hits, ({ reproduced }) => reproduced)}/${total(hits, ({ replays }) => replays)}`,
  };
}

function seenBy(hits: readonly Hit[]): string {
  const names = hits.flatMap(({ invariants, oracle }) => (invariants.length > 0 ? invariants : [oracle]));
  return [...new Set(names)].sort().join(" ");
}

function medianAndWorst(values: readonly number[]): string {
  const middle = median(values);
  return middle === null ? none : `${middle}/${Math.max(...values)}`;
}

function total(hits: readonly Hit[], count: (hit: Hit) => number): number {
  return hits.reduce((sum, hit) => sum + count(hit), 0);
}

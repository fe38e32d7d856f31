import type { Schedule } from "../../sim/schedule.ts";

/** A schedule that reached what none before it had. */
interface Kept {
  readonly schedule: Schedule;
  /** That. */
  readonly features: readonly string[];
}

/** The schedules worth mutating, of one sort. */
export class Corpus {
  private readonly kept: Kept[] = [];
  /** How many schedules reached a feature. */
  private readonly reached = new Map<string, number>();

  /** Keeps the schedule if it has reached something new. */
  add(schedule: Schedule, features: ReadonlySet<string>): void {
    const fresh = [...features].filter((feature) => !this.reached.has(feature));
    for (const feature of features) this.reached.set(feature, (this.reached.get(feature) ?? 0) + 1);
    if (fresh.length > 0) this.kept.push({ schedule, features: fresh });
  }

  /** One of them; the rarer still is what it was kept for, the more often. Null where there is none. `random`: 0 to below 1. */
  pick(random: () => number): Schedule | null {
    const weights = this.kept.map(({ features }) => this.rarityOf(features));
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    return this.kept[at]?.schedule ?? null;
  }

  private rarityOf(features: readonly string[]): number {
    return features.reduce((sum, feature) => sum + 1 / (this.reached.get(feature) ?? 1), 0);
  }
}

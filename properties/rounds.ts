import type { PlayedCase, Strategy } from "./generate/strategy.ts";

/** Lets a strategy learn. No case of a round is begun before it has learned from all of the round before, in the order of the
 *  cases: which lane was first, and how many there are, decides nothing. Where it does not learn, there is no end of a round. */
export class Rounds {
  private begun = 0;
  private played: PlayedCase[] = [];
  private waiting: (() => void)[] = [];

  constructor(private readonly strategy: Strategy) {}

  /** False where the round has no further case: then another one may be begun when the next round is opened. */
  begin(): boolean {
    const { learner } = this.strategy;
    if (learner === undefined) return true;
    if (this.begun === learner.roundSize) return false;
    this.begun += 1;
    return true;
  }

  /** Call it for every case that was begun, whatever came of it: others wait for the last of them. */
  end(played: PlayedCase): void {
    const { learner } = this.strategy;
    if (learner === undefined) return;
    this.played.push(played);
    if (this.played.length < learner.roundSize) return;
    learner.learn(this.played.toSorted((a, b) => a.index - b.index));
    const { waiting } = this;
    [this.begun, this.played, this.waiting] = [0, [], []];
    for (const wake of waiting) wake();
  }

  /** When the next round is opened. */
  opened(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

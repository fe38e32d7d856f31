import type { Progress } from "../properties/campaign.ts";
import { pageWidth } from "../reports/terminal/layout.ts";
import { stopwatch } from "../sim/clock/stopwatch.ts";

/** How far a campaign is to go: a number of cases of this shard, or a time. */
export interface Goal {
  readonly runs: number | null;
  readonly seconds: number | null;
}

/** "12 s: 431 cases (35.9/s), 8600 steps, 0 failing, 48 s left" */
export function progressText(progress: Progress, elapsed: number, goal: Goal): string {
  const { runs, steps, failing, unknown, shrinking } = progress;
  if (shrinking !== null) return `${Math.round(elapsed)} s: shrinking ${shrinking}`;
  const rate = elapsed > 0 ? runs / elapsed : 0;
  const left = secondsLeft(runs, rate, elapsed, goal);
  return [
    `${Math.round(elapsed)} s: ${runs} cases (${rate.toFixed(1)}/s)`,
    `${steps} steps`,
    `${failing} failing`,
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
    ...(left === null ? [] : [`${Math.round(left)} s left`]),
  ].join(", ");
}

function secondsLeft(runs: number, rate: number, elapsed: number, goal: Goal): number | null {
  if (goal.seconds !== null) return Math.max(0, goal.seconds - elapsed);
  return goal.runs === null || rate === 0 ? null : (goal.runs - runs) / rate;
}

const liveSeconds = 0.2;
const plainSeconds = 10;

/** Shows progress on stderr: one line that changes on a terminal, a line now and then elsewhere. */
export class ProgressLine {
  private readonly elapsed = stopwatch();
  private readonly live: boolean;
  private shownAt = 0;
  private shrinking: string | null = null;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly goal: Goal,
    inCi: boolean,
  ) {
    this.live = stream.isTTY && !inCi;
  }

  show(progress: Progress): void {
    const now = this.elapsed();
    const turned = progress.shrinking !== this.shrinking;
    if (!turned && now - this.shownAt < (this.live ? liveSeconds : plainSeconds)) return;
    this.shownAt = now;
    this.shrinking = progress.shrinking;
    const text = progressText(progress, now, this.goal);
    if (this.live) this.stream.write(`\r\u001b[K${text.slice(0, (this.stream.columns || pageWidth) - 1)}`);
    else this.stream.write(`${text}\n`);
  }

  /** Leaves a clean line to what follows. */
  clear(): void {
    if (this.live) this.stream.write("\r\u001b[K");
  }
}

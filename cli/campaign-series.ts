import type { Progress } from "../properties/campaign.ts";
import type { Series } from "../schema/json/fuzz-result.ts";

const mostPoints = 200;

/** How far a campaign had come at numbers of cases that are evenly spaced: at each one first, and when that makes too many
 *  points, at every second of them, and so on. */
export class CampaignSeries {
  private noted: Series = [];
  private spacing = 1;

  /** Called after each case; `seconds` since the campaign began. */
  note({ runs: cases, reached }: Pick<Progress, "runs" | "reached">, seconds: number): void {
    if (cases === 0 || cases % this.spacing !== 0 || cases === this.noted.at(-1)?.cases) return;
    this.noted = [...this.noted, { cases, seconds: Math.round(seconds * 1000) / 1000, reached }];
    if (this.noted.length <= mostPoints) return;
    this.spacing *= 2;
    this.noted = this.noted.filter((point) => point.cases % this.spacing === 0);
  }

  points(): Series {
    return this.noted;
  }
}

import { describe, expect, test } from "vitest";
import { CampaignSeries } from "./campaign-series.ts";

function noted(cases: number): ReturnType<CampaignSeries["points"]> {
  const series = new CampaignSeries();
  for (let runs = 1; runs <= cases; runs += 1) series.note({ runs, reached: Math.min(runs, 90) }, runs / 8);
  return series.points();
}

describe("the series of a campaign", () => {
  test("has each case of a short one", () => {
    expect(noted(2)).toEqual([
      { cases: 1, seconds: 0.125, reached: 1 },
      { cases: 2, seconds: 0.25, reached: 2 },
    ]);
  });

  test.each([200, 201, 50_000])("of %i cases: evenly spaced, to the end, and not too many", (cases) => {
    const points = noted(cases);
    const spacing = points[0]?.cases ?? 0;
    expect(points.map((point) => point.cases)).toEqual(points.map((_, index) => (index + 1) * spacing));
    expect(points.length).toBeLessThanOrEqual(200);
    expect(points.length).toBeGreaterThanOrEqual(100);
    expect(cases - (points.at(-1)?.cases ?? 0)).toBeLessThan(spacing);
  });

  test("does not note a case twice, nor one before any was played", () => {
    const series = new CampaignSeries();
    for (const runs of [0, 1, 1]) series.note({ runs, reached: 3 }, 1);
    expect(series.points()).toHaveLength(1);
  });
});

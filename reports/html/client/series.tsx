import type { Series } from "../../../schema/json/fuzz-result.ts";
import type { CampaignData } from "../campaign-data.ts";
import { grouped } from "./numbers.ts";

/** Over seconds. */
interface Point {
  readonly seconds: number;
  readonly value: number;
}

/** How fast the campaign went, and how soon it had reached what. Merged shards have no common time. */
export function SeriesSection({ data: { result } }: { readonly data: CampaignData }) {
  const { series = [] } = result;
  if (series.length < 2) return null;
  const reached = series.map((point) => ({ seconds: point.seconds, value: point.reached }));
  return (
    <section aria-labelledby="series">
      <h2 id="series">Over time</h2>
      <div class="charts">
        <Chart name="Cases a second" points={ratesOf(series)} />
        <Chart name="Names of the coverage that were reached" points={reached} />
      </div>
    </section>
  );
}

/** Over about a twentieth of the points each: single cases differ too much. */
function ratesOf(series: Series): readonly Point[] {
  const window = Math.max(1, Math.floor(series.length / 20));
  return series.flatMap((point, index) => {
    const before = series[index - window];
    if (before === undefined || point.seconds <= before.seconds) return [];
    const value = (point.cases - before.cases) / (point.seconds - before.seconds);
    return [{ seconds: point.seconds, value }];
  });
}

const size = { width: 420, height: 150, left: 44, bottom: 20, top: 8 };

function Chart({ name, points }: { readonly name: string; readonly points: readonly Point[] }) {
  const { width, height, left, bottom, top } = size;
  const values = points.map(({ value }) => value);
  const [greatest, end] = [Math.max(1, ...values), points.at(-1)?.seconds ?? 1];
  const x = (seconds: number) => left + ((width - left) * seconds) / end;
  const y = (value: number) => height - bottom - ((height - bottom - top) * value) / greatest;
  const path = points
    .map(({ seconds, value }) => `${x(seconds).toFixed(1)} ${y(value).toFixed(1)}`)
    .join(" L ");
  const last = `${grouped(Math.round(values.at(-1) ?? 0))} at the end, at most ${grouped(Math.round(greatest))}`;
  return (
    <figure>
      <figcaption>
        {name}: {last}
      </figcaption>
      <svg class="chart" width={width} height={height} role="img" aria-label={`${name} over time: ${last}`}>
        <line x1={left} y1={y(0)} x2={width} y2={y(0)} />
        <line x1={left} y1={y(greatest)} x2={width} y2={y(greatest)} />
        <text x={left - 6} y={y(greatest) + 4} text-anchor="end">
          {grouped(Math.round(greatest))}
        </text>
        <text x={left - 6} y={y(0) + 4} text-anchor="end">
          0
        </text>
        <text x={left} y={height - 4}>
          0 s
        </text>
        <text x={width} y={height - 4} text-anchor="end">
          {grouped(Math.round(end))} s
        </text>
        {points.length === 0 ? null : <path d={`M ${path}`} />}
      </svg>
    </figure>
  );
}

import type { CampaignData } from "../campaign-data.ts";
import { ColumnHeads } from "./column-heads.tsx";
import { grouped, heatOf } from "./numbers.ts";
import { Scrolls } from "./scrolls.tsx";

type Coverage = CampaignData["result"]["coverage"];

/** What the campaign has reached: operations against their outcomes, and everything else by group. */
export function CoverageSection({ data: { result, operations } }: { readonly data: CampaignData }) {
  const { coverage } = result;
  const counts = Object.values(coverage).flatMap((group) => Object.values(group));
  const missing = counts.filter((count) => count === 0).length;
  const others = Object.keys(coverage).filter((group) => !operations.includes(group));
  return (
    <section aria-labelledby="coverage">
      <h2 id="coverage">Coverage</h2>
      <p class="lead">
        {grouped(counts.length - missing)} of {grouped(counts.length)} were reached
        {missing === 0 ? "." : "; what was not is marked “never”."}
      </p>
      <HeatMap coverage={coverage} operations={operations} />
      <div class="tiles">
        {others.map((group) => (
          <Group key={group} name={group} counts={coverage[group] ?? {}} />
        ))}
      </div>
    </section>
  );
}

/** Outcomes down, operations across: the darker, the more often. */
function HeatMap({
  coverage,
  operations,
}: {
  readonly coverage: Coverage;
  readonly operations: readonly string[];
}) {
  const outcomes = [...new Set(operations.flatMap((each) => Object.keys(coverage[each] ?? {})))];
  const greatest = Math.max(...operations.flatMap((each) => Object.values(coverage[each] ?? {})));
  return (
    <Scrolls name="Heat map">
      <table class="data heat">
        <caption>Operations and what they were answered</caption>
        <ColumnHeads names={["outcome", ...operations]} />
        <tbody>
          {outcomes.map((outcome) => (
            <tr key={outcome}>
              <th scope="row">{outcome}</th>
              {operations.map((operation) => (
                <HeatCell key={operation} count={coverage[operation]?.[outcome]} greatest={greatest} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolls>
  );
}

/** Empty where the contract gives the operation no such outcome. */
function HeatCell({ count, greatest }: { readonly count: number | undefined; readonly greatest: number }) {
  if (count === undefined) return <td class="none" />;
  if (count === 0) return <td class="never">never</td>;
  return <td class={`heat-${heatOf(count, greatest)}`}>{grouped(count)}</td>;
}

function Group({ name, counts }: { readonly name: string; readonly counts: Coverage[string] }) {
  const greatest = Math.max(...Object.values(counts));
  return (
    <table class="data heat">
      <caption>{name}</caption>
      <tbody>
        {Object.entries(counts).map(([what, count]) => (
          <tr key={what}>
            <th scope="row">{what}</th>
            <HeatCell count={count} greatest={greatest} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

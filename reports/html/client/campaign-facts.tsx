import type { CampaignData } from "../campaign-data.ts";
import { Command } from "./command.tsx";
import { grouped } from "./numbers.ts";

/** The verdict, and what was played. */
export function CampaignSummary({
  data: { result, againCommand, unknown },
}: {
  readonly data: CampaignData;
}) {
  const { verdict, runs, steps, seconds, failures, audited, leftOut, interrupted, seed } = result;
  const figures: readonly (readonly [string, string])[] = [
    ["cases", grouped(runs)],
    ["steps", grouped(steps)],
    ["seconds", seconds.toFixed(1)],
    ["cases a second", seconds > 0 ? (runs / seconds).toFixed(1) : "–"],
    ["signatures that fail", grouped(failures.length)],
    ["not judged", grouped(unknown)],
    ["played twice", `${grouped(audited.cases)}, ${grouped(audited.different)} differ`],
    ["left out", grouped(leftOut)],
  ];
  return (
    <section aria-label="Verdict">
      <h1>
        <span class={`badge ${verdict}`}>{verdict}</span> seed {seed}
      </h1>
      {interrupted === null ? null : <p class="warning">Ended early by {interrupted}.</p>}
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Command text={againCommand} />
    </section>
  );
}

/** Cases that could not be judged, by their reasons. */
export function Unknown({ data: { result, unknown } }: { readonly data: CampaignData }) {
  if (unknown === 0) return null;
  const byReason = new Map<string, number[]>();
  for (const { case: index, reason } of result.unknown)
    byReason.set(reason, [...(byReason.get(reason) ?? []), index]);
  const more = unknown - result.unknown.length;
  return (
    <section aria-labelledby="unknown">
      <h2 id="unknown">Not judged</h2>
      <ul>
        {[...byReason].map(([reason, cases]) => (
          <li key={reason}>
            {reason}: {cases.length === 1 ? "case" : `${grouped(cases.length)} cases,`}{" "}
            {cases.slice(0, 20).join(", ")}
            {cases.length > 20 ? " ..." : ""}
          </li>
        ))}
        {more > 0 ? <li>and {grouped(more)} more</li> : null}
      </ul>
    </section>
  );
}

/** How hard it was to judge, with what it was played, and on what. */
export function Circumstances({ data: { result } }: { readonly data: CampaignData }) {
  const { search, settings, shard, postgres, migrations, harnessVersion } = result;
  const { visited, cases, inStepOrder } = search;
  const facts: readonly (readonly [string, string])[] = [
    ["PostgreSQL", `${postgres.version}, ${postgres.provider}`],
    ["Counterpoint", harnessVersion],
    ["shard", `${shard.index} of ${shard.count}`],
    ...Object.entries(settings).map(([name, value]): [string, string] => [name, String(value ?? "–")]),
    ["linearized in the steps' own order", `${grouped(inStepOrder)} of ${grouped(cases)}`],
    [
      "states visited",
      visited === null ? "–" : `median ${visited.median}, 99 % ${visited.p99}, most ${visited.most}`,
    ],
  ];
  return (
    <div class="beside">
      <section aria-labelledby="settings">
        <h2 id="settings">Settings and search</h2>
        <table class="data">
          <tbody>
            {facts.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section aria-labelledby="migrations">
        <h2 id="migrations">Migrations</h2>
        <table class="data">
          <tbody>
            {migrations.map(({ version, checksum }) => (
              <tr key={version}>
                <th scope="row">{version}</th>
                <td title={checksum}>{checksum.slice(0, 12)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

import { useState } from "preact/hooks";
import type { CampaignData } from "../campaign-data.ts";
import { Command } from "./command.tsx";
import { Filter, matches } from "./filter.tsx";
import { grouped } from "./numbers.ts";

type Failure = CampaignData["result"]["failures"][number];

/** The failures, one for each signature, and a field that leaves those that have all words typed. */
export function Failures({ data }: { readonly data: CampaignData }) {
  const [typed, setTyped] = useState("");
  const { failures } = data.result;
  const shown = failures.flatMap((failure, index) => {
    const text = `${failure.signature} ${failure.oracle} ${failure.replay ?? ""}`;
    return matches(text, typed) ? [{ failure, index }] : [];
  });
  return (
    <section aria-labelledby="failures">
      <h2 id="failures">Failures</h2>
      {failures.length === 0 ? (
        <p class="nothing">None.</p>
      ) : (
        <Filter
          typed={typed}
          onType={setTyped}
          shown={shown.length}
          all={failures.length}
          what="signatures"
        />
      )}
      {shown.map(({ failure, index }) => (
        <FailureCard key={index} failure={failure} command={data.replayCommands[index] ?? null} />
      ))}
    </section>
  );
}

function FailureCard({ failure, command }: { readonly failure: Failure; readonly command: string | null }) {
  const { rule, invariant, oracle, reproduced } = failure;
  return (
    <article class="failure">
      <h3>
        <span class="oracle">{invariant ?? `${oracle} oracle`}</span> {rule}
      </h3>
      <p class="lead">
        {casesText(failure)}; {failure.steps} steps, {grouped(failure.candidates)} candidates played
        {reproduced ? "" : "; not shown again by a fresh database"}
      </p>
      {command === null ? (
        <p class="nothing">Its replay file could not be written.</p>
      ) : (
        <Command text={command} />
      )}
    </article>
  );
}

function casesText({ case: index, count, metWhileShrinking }: Failure): string {
  if (metWhileShrinking !== null) return `met while shrinking case ${index} (${metWhileShrinking})`;
  return count === 1 ? `case ${index}` : `case ${index} and ${grouped(count - 1)} more`;
}

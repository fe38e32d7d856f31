import type { Explanation, Lease, Standing, Varied } from "../../../schema/json/explanation.ts";
import { sessionName } from "../../../sim/session-name.ts";
import { shortValue, sinceEpoch } from "../../text.ts";
import type { CaseData } from "../case-data.ts";
import { ColumnHeads } from "./column-heads.tsx";
import { stepTitle } from "./summary.tsx";
import { Scrolls } from "./scrolls.tsx";

interface Props {
  readonly data: CaseData;
  readonly go: (line: number) => void;
}

/** What stood around the steps: leases, where the sessions stood, the model's order, and what of the case matters. */
export function CaseContext({ data: { explanation, order }, go }: Props) {
  const { leases, standing, varied, linearization } = explanation;
  return (
    <div class="beside">
      {leases.length === 0 ? null : <Leases leases={leases} lines={explanation.lines} go={go} />}
      {standing.every(({ doing }) => doing === "idle") ? null : <Standings standing={standing} />}
      <section aria-labelledby="order">
        <h2 id="order">The model's order</h2>
        <p class="lead">
          {linearization.stoppedAt === null
            ? "An order in which the model explains the answers."
            : "The longest order in which the model explains the answers, and where it ends."}
        </p>
        <ol>
          {order.map((text, index) => (
            <li key={index}>{text}</li>
          ))}
        </ol>
      </section>
      {varied === null ? null : <WhatMatters varied={varied} lines={explanation.lines} />}
    </div>
  );
}

function Standings({ standing }: { readonly standing: readonly Standing[] }) {
  return (
    <section aria-labelledby="standing">
      <h2 id="standing">Where each session stood when it went wrong</h2>
      <ul>
        {standing.map((each) => (
          <li key={each.session}>{standingText(each)}</li>
        ))}
      </ul>
    </section>
  );
}

interface LeasesProps {
  readonly leases: readonly Lease[];
  readonly lines: Explanation["lines"];
  readonly go: (line: number) => void;
}

const leaseColumns = ["token", "row", "worker", "session", "granted", "deadline", "passed", "ended"];

function Leases({ leases, lines, go }: LeasesProps) {
  const step = (index: number | null) =>
    index === null ? null : (
      <button type="button" class="link" onClick={() => go(index)}>
        {stepTitle(lines[index]?.step ?? null)}
      </button>
    );
  return (
    <section aria-labelledby="leases">
      <h2 id="leases">Leases</h2>
      <Scrolls name="Table of the leases">
        <table class="data">
          <ColumnHeads names={leaseColumns} />
          <tbody>
            {leases.map(({ token, row, worker, session, granted, expiresAt, expired, ended, how }, index) => (
              <tr key={index}>
                <th scope="row">{token}</th>
                <td>{row}</td>
                <td>{shortValue(worker)}</td>
                <td>{sessionName(session)}</td>
                <td>{step(granted)}</td>
                <td>{sinceEpoch(expiresAt)}</td>
                <td>{step(expired)}</td>
                <td>
                  {how} {step(ended)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

function standingText({ session, doing, action, at, blockedBy }: Standing): string {
  const name = sessionName(session);
  if (doing === "parked" && at !== null)
    return `${name} in ${at.function}, line ${at.line}, before: ${at.statement} (${action ?? ""})`;
  if (doing === "waits")
    return `${name} waits for ${blockedBy.map(sessionName).join(", ") || "a lock"}: ${action ?? ""}`;
  return `${name} ${doing === "idle" ? "idle" : "between two calls of a transaction"}`;
}

const outcomeTexts: Readonly<Record<Varied["outcome"], string>> = {
  ok: "gone: it matters",
  same: "still fails",
  other: "fails in another way",
  unknown: "not known",
};

function WhatMatters({
  varied,
  lines,
}: {
  readonly varied: readonly Varied[];
  readonly lines: Explanation["lines"];
}) {
  return (
    <section aria-labelledby="matters">
      <h2 id="matters">What matters</h2>
      <p class="lead">The case played again with one thing changed, each by itself.</p>
      <Scrolls name="Table of what matters">
        <table class="data varied">
          <ColumnHeads names={["of", "changed", "then"]} />
          <tbody>
            {varied.map(({ step, change, outcome, detail }, index) => (
              <tr key={index} class={outcome}>
                <th scope="row">
                  {step === null ? "the setting" : `${stepTitle(step)}, ${actionOf(lines, step)}`}
                </th>
                <td>{change}</td>
                <td>
                  {outcomeTexts[outcome]}
                  {detail === null ? "" : `: ${detail}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolls>
    </section>
  );
}

function actionOf(lines: Explanation["lines"], step: number): string {
  return lines.find((line) => line.step === step)?.action ?? "not shown";
}
